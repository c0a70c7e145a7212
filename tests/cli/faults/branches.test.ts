import assert from "node:assert/strict";
import { PricingClient } from "@aws-sdk/client-pricing";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { describe, it } from "mocha";
import { accountScenarios } from "./account-scenarios";
import { dataScenarios } from "./data-scenarios";
import { jobScenarios } from "./job-scenarios";
import { modelScenarios, pruneScenarios } from "./model-scenarios";

const failure = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

/** What the SDK throws before anything is sent, or of a connection that no stand-in can have; and what a person is told. */
const branches: readonly (readonly [what: string, error: Error, cause: RegExp, next: RegExp])[] = [
  [
    "no credentials",
    failure("CredentialsProviderError", "Could not load credentials from any providers"),
    /no AWS credentials/i,
    /Sign in/,
  ],
  [
    "a session of IAM Identity Center that has ended",
    failure("CredentialsProviderError", "The SSO session associated with this profile has expired."),
    /credentials have expired/,
    /Sign in again/,
  ],
  [
    "a token that has ended",
    failure("TokenProviderError", "Token is expired. To refresh this SSO session run 'aws sso login'."),
    /credentials have expired/,
    /Sign in again/,
  ],
  [
    "a region that does not exist",
    failure("Error", "getaddrinfo ENOTFOUND sts.eu-nowhere-1.amazonaws.com", { code: "ENOTFOUND" }),
    /ENOTFOUND/,
    /Check the network.*(?:region|--endpoint)/,
  ],
  [
    "a proxy whose certificate nobody trusts",
    failure("Error", "self-signed certificate in certificate chain", { code: "SELF_SIGNED_CERT_IN_CHAIN" }),
    /SELF_SIGNED_CERT_IN_CHAIN/,
    /NODE_EXTRA_CA_CERTS/,
  ],
  [
    "a service that does not answer in time",
    failure("TimeoutError", "Connection timed out after 10000 ms"),
    /TimeoutError/,
    /Check the network/,
  ],
];

/** The client that each command asks first. */
const asks = [
  [modelScenarios, STSClient],
  [pruneScenarios, STSClient],
  [accountScenarios, STSClient],
  [jobScenarios, STSClient],
  [dataScenarios.filter(({ title }) => title.startsWith("recover")), STSClient],
  [dataScenarios.filter(({ title }) => title === "data upload"), S3Client],
  [dataScenarios.filter(({ title }) => title === "prices refresh"), PricingClient],
  [dataScenarios.filter(({ title }) => title === "invoke --endpoint"), SageMakerRuntimeClient],
] as const;

/** The SDK's clients are replaced: what they throw of themselves cannot be had from a server. */
describe("what keeps a command from AWS altogether", function () {
  this.timeout(300_000);
  for (const [what, error, cause, next] of branches)
    it(`${what}: every command ends with 3, and says why and what to do`, async () => {
      for (const [scenarios, client] of asks)
        for (const { title, begin, sendsOnce } of scenarios) {
          // That an endpoint takes too long is an answer about the endpoint.
          if (error.name === "TimeoutError" && sendsOnce === true) continue;
          const world = await begin();
          const begun = world.state();
          const mocked = mockClient(client as typeof STSClient);
          mocked.onAnyCommand().rejects(error);
          try {
            const { status, stdout, stderr } = await world.run(world.target);

            const text = `${stdout} ${stderr}`.replace(/\s+/g, " ");
            assert.equal(status, 3, `${title}: ${text}`);
            assert.match(text, cause, title);
            assert.match(text, next, title);
            assert.deepEqual(world.state(), begun, title);
          } finally {
            mocked.restore();
            await world.close();
          }
        }
    });
});

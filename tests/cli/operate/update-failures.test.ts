import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { updateFailures, updateFailuresText } from "../../../cli/core/aws/update-failures";
import { layoutOf } from "../../../plan/report/layout";

const urn = (type: string, name: string) => `urn:pulumi:dev::sagemaker-ops::mlops:x:Y$${type}::${name}`;
const endpoint = urn("aws:sagemaker/endpoint:Endpoint", "single-endpoint");

/** A line of the engine's log, with the marks that it has for colours. */
const error = (of: string, message: string, severity = "error") =>
  JSON.stringify({
    sequence: 7,
    timestamp: 0,
    diagnosticEvent: {
      urn: of,
      prefix: `<{%fg 1%}>${severity}: <{%reset%}>`,
      message: `<{%reset%}>${message}<{%reset%}>\n`,
      color: "raw",
      severity,
    },
  });

/** As the AWS provider words what the SDK for Go tells it. */
const refused = (service: string, operation: string, said: string) =>
  `creating it: operation error ${service}: ${operation}, https response error StatusCode: 400, RequestID: 0a1b-2c, ${said}`;

/** The forms are those of issues people have opened; that AWS and its provider word all of it so is not proved. */
describe("why an update failed", () => {
  for (const [title, of, message, cause, next] of [
    [
      "a quota of endpoints",
      endpoint,
      refused(
        "SageMaker",
        "CreateEndpoint",
        "ResourceLimitExceeded: The account-level service limit 'ml.m5.large for endpoint usage' is 0 Instances",
      ),
      /^the account's quota for this instance type and use is used up$/,
      /^Ask for more in Service Quotas .* Its log: npx sagemaker-ops logs single --stack dev$/,
    ],
    [
      "a quota of training jobs",
      urn("aws:sagemaker/trainingJob:TrainingJob", "sagemaker-ops-dev-single-1a2b3c4d"),
      refused("SageMaker", "CreateTrainingJob", "ResourceLimitExceeded: The account-level service limit"),
      /^the account's quota for this instance type and use is used up$/,
      /"for training job usage"/,
    ],
    [
      "an artifact that cannot be read",
      urn("aws:sagemaker/model:Model", "single-model"),
      refused(
        "SageMaker",
        "CreateModel",
        "api error ValidationException: Could not access model data at s3://b/models/x/model.tar.gz. Please ensure that the role exists",
      ),
      /^SageMaker could not read the artifact$/,
      /^One of five: [\s\S]*what the role may do\.$/,
    ],
    [
      "a container that does not answer",
      endpoint,
      "waiting for SageMaker AI Endpoint (sagemaker-ops-dev-single) create: unexpected state 'Failed', wanted target 'InService'. last error: The primary container for production variant AllTraffic did not pass the ping health check.",
      /^the container did not answer \/ping in time$/,
      /Its log: npx sagemaker-ops logs single --stack dev$/,
    ],
    [
      "credentials that have expired, of whatever resource",
      urn("pulumi:providers:aws", "default"),
      "Invalid credentials configured: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 1, api error ExpiredToken: The security token included in the request is expired",
      /^the AWS credentials have expired$/,
      /^Sign in again/,
    ],
    [
      "a quota of another service",
      urn("aws:sns/topic:Topic", "alarms"),
      refused("SNS", "CreateTopic", "api error LimitExceededException: too many"),
      /^a quota of the account is used up$/,
      /Service Quotas/,
    ],
  ] as const)
    it(`is told of ${title}`, () => {
      const [only, ...others] = updateFailures(`${error(of, message)}\n`, "dev");

      assert.deepEqual([only?.names, others], [[of.split("::")[3]], []]);
      assert.match(only?.cause ?? "", cause);
      assert.match(only?.next ?? "", next);
    });

  it("is not guessed: from a name, a refusal that AWS words itself, a warning, or a resource of another kind", () => {
    const names =
      "creating SageMaker AI Endpoint (kms-image-alarm): operation error SageMaker: CreateEndpoint";
    const log = [
      error(
        endpoint,
        `${names}, https response error StatusCode: 400, RequestID: 1, api error ValidationException: bad`,
      ),
      error(
        endpoint,
        refused("SageMaker", "CreateEndpoint", "api error AccessDeniedException: not authorized"),
      ),
      error(endpoint, refused("SageMaker", "CreateEndpoint", "ResourceLimitExceeded: x"), "warning"),
      error(urn("aws:ec2/instance:Instance", "box"), "the image could not be pulled from the repository"),
      error("urn:pulumi:dev::sagemaker-ops::pulumi:pulumi:Stack::sagemaker-ops-dev", "update failed"),
      error("", "update failed"),
      JSON.stringify({ sequence: 8, summaryEvent: {} }),
    ].join("\n");

    assert.deepEqual(updateFailures(log, "dev"), []);
    assert.equal(updateFailuresText([], layoutOf(80, false)), "");
  });

  it("is told once for all resources that failed alike, also from a log that is cut off", () => {
    const said = refused("SageMaker", "CreateTrainingJob", "ResourceLimitExceeded: The limit");
    const of = (name: string) => urn("aws:sagemaker/trainingJob:TrainingJob", name);
    const line = error(of("one"), said);
    const log = `${line}\n${line}\n${error(of("two"), said)}\n${line.slice(0, 90)}`;

    const failures = updateFailures(log, "dev");

    assert.deepEqual(
      failures.map(({ names }) => names),
      [["one", "two"]],
    );
    assert.equal(
      updateFailuresText(failures, layoutOf(100, false)),
      `
Why it failed, as far as the errors tell
one, two: the account's quota for this instance type and use is used up
  Ask for more in Service Quotas (SageMaker, "for training job usage", or "for spot training job
  usage"). A tuning job needs its parallel trials times its instances.
`,
    );
  });
});

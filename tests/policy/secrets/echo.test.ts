import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { rules } from "../../../policy/rules";
import { environment } from "../../../policy/secrets/environment";
import { hyperparameters } from "../../../policy/secrets/hyperparameters";
import { lifecycleScripts } from "../../../policy/secrets/lifecycle-scripts";
import { userData } from "../../../policy/secrets/user-data";
import { analyze, type PolicyRequest, secret, UNKNOWN_STRING } from "../../support/policy-request";
import { plainPassword, SECRET_SAMPLES, shapedSecret } from "../../support/secret-samples";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Every place that a rule of the area looks at, with a secret in it. */
const PLACES: readonly ((value: string) => PolicyRequest)[] = [
  (value) => ({
    type: "aws:lambda/function:Function",
    props: { environment: { variables: { API_KEY: value, [`${value}`]: value, OTHER: UNKNOWN_STRING } } },
  }),
  (value) => ({
    type: "aws:sagemaker/model:Model",
    props: {
      primaryContainer: { environment: { API_KEY: value } },
      containers: [{ environment: { DB_PASSWORD: value } }],
    },
  }),
  (value) => ({
    type: "aws:sagemaker/trainingJob:TrainingJob",
    props: { environment: { API_KEY: value }, hyperParameters: { password: JSON.stringify(value) } },
  }),
  (value) => ({
    type: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
    props: {
      trainingJobDefinition: { environment: { API_KEY: value }, staticHyperParameters: { token: value } },
    },
  }),
  (value) => ({
    type: "aws:ec2/instance:Instance",
    props: { userData: `PASSWORD=${value}`, userDataBase64: base64(`PASSWORD="${value}"`) },
  }),
  (value) => ({
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    props: { userData: base64(`PASSWORD=${value}\n`) },
  }),
  (value) => ({
    type: "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration",
    props: { onCreate: base64(`PASSWORD='${value}'`), onStart: `PASSWORD='${value}'` },
  }),
  (value) => ({
    type: "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig",
    props: { studioLifecycleConfigContent: base64(`PASSWORD='${value}'`) },
  }),
];

/** No part of it that is long enough to help anybody, in any of the forms in which it was sent. */
function assertHidden(message: string, whole: string): void {
  const value = confidentialPart(whole);
  for (let start = 0; start + 6 <= value.length; start += 1) {
    const part = value.slice(start, start + 6);
    assert.ok(!message.includes(part), `the message tells ${JSON.stringify(part)}`);
  }
  assert.ok(!message.includes(base64(value).slice(0, 10)));
}

// Without what everybody knows of it: the scheme, the header's name, the host.
function confidentialPart(value: string): string {
  const [, inUrl] = /\/services\/(.+)|:([^/:@]+)@/.exec(value)?.filter((part) => part !== undefined) ?? [];
  return inUrl ?? value.split(" ").at(-1) ?? value;
}

async function messagesOf(request: PolicyRequest): Promise<readonly string[]> {
  const resourceRules = rules.filter(({ kind }) => kind === "resource");
  const { diagnostics } = await analyze(
    resourceRules.map((rule) => rule.policy()),
    request,
  );
  return diagnostics.map(({ message }) => message);
}

const AREA = [environment, hyperparameters, userData, lifecycleScripts].map((rule) => rule.policy());

describe("the messages about secrets", () => {
  for (const [kind, value] of SECRET_SAMPLES.filter(([, value]) => !value.includes("PRIVATE KEY"))) {
    it(`tell no part of ${kind} (${value.slice(0, 4)}…), whichever rule of the pack speaks`, async () => {
      for (const place of PLACES) {
        for (const message of await messagesOf(place(value))) assertHidden(message, value);
      }
    });
  }

  it("tell no part of a generated secret, marked as a secret or not, and there is one for each", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(shapedSecret, plainPassword),
        fc.nat(PLACES.length - 1),
        fc.boolean(),
        async (value, at, marked) => {
          const request = PLACES[at]?.(value) ?? assert.fail();
          const props = marked
            ? Object.fromEntries(Object.entries(request.props).map(([name, inner]) => [name, secret(inner)]))
            : request.props;
          const { diagnostics } = await analyze(AREA, { ...request, props });

          assert.ok(diagnostics.some(({ level }) => level === "mandatory"));
          for (const { message } of diagnostics) assertHidden(message, value);
        },
      ),
    );
  });
});

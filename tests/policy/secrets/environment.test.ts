import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { environment } from "../../../policy/secrets/environment";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";
import { SECRET_SAMPLES } from "../../support/secret-samples";

const FUNCTION = "aws:lambda/function:Function";
const MODEL = "aws:sagemaker/model:Model";
const JOB = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const password = { DB_PASSWORD: "hunter2!" };
const innocent = {
  CLASS_COUNT: "133",
  ENDPOINT_NAME: "sagemaker-ops-prod-breeds",
  MODEL_SHA256: "1233c53f526600169d81cdee0c21a9181dc112a23b233253c67b097c4f672d64",
  DB_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:breeds-a1b2c3",
};

describeRule(environment, {
  pass: [
    { title: "a function's settings", type: FUNCTION, props: { environment: { variables: innocent } } },
    { title: "a function without any", type: FUNCTION, props: { runtime: "nodejs24.x" } },
    {
      title: "a model's containers",
      type: MODEL,
      props: { primaryContainer: { environment: innocent }, containers: [{ environment: innocent }, {}] },
    },
    { title: "a job", type: JOB, props: { environment: innocent } },
    {
      title: "a name that is told to hold none",
      type: FUNCTION,
      props: { environment: { variables: password } },
      settings: { ignoredNames: ["DB_PASSWORD"] },
    },
  ],
  violate: [
    {
      title: "a function's password",
      type: FUNCTION,
      props: { environment: { variables: { ...innocent, ...password } } },
      says: /environment\.variables\.DB_PASSWORD looks like a password, .* Keep it in Secrets Manager/,
    },
    {
      title: "a model's second container",
      type: MODEL,
      props: { containers: [{ environment: innocent }, { environment: password }] },
      says: /containers\[1\]\.environment\.DB_PASSWORD/,
    },
    {
      title: "a model's only container",
      type: MODEL,
      props: { primaryContainer: { environment: password } },
      says: /primaryContainer\.environment\.DB_PASSWORD/,
    },
    {
      title: "a training job",
      type: JOB,
      props: { environment: password },
      says: /environment\.DB_PASSWORD/,
    },
    {
      title: "a tuning job",
      type: TUNING,
      props: { trainingJobDefinition: { environment: password } },
      says: /trainingJobDefinition\.environment\.DB_PASSWORD/,
    },
    {
      title: "one definition of a tuning job",
      type: TUNING,
      props: { trainingJobDefinitions: [{ environment: innocent }, { environment: password }] },
      says: /trainingJobDefinitions\[1\]\.environment\.DB_PASSWORD/,
    },
    {
      title: "a token by its shape, though its name is told to hold none",
      type: FUNCTION,
      props: { environment: { variables: { DB_PASSWORD: SECRET_SAMPLES[0]?.[1] } } },
      settings: { ignoredNames: ["DB_PASSWORD"] },
      says: /looks like an AWS access key/,
    },
  ],
});

describe("secrets-environment and unknown values", () => {
  it("names those that are unknown, and still refuses those that are not", async () => {
    const variables = { ...password, QUEUE: UNKNOWN_STRING, TABLE: UNKNOWN_STRING };
    const [refused, later, ...others] = await diagnose(environment, {
      type: FUNCTION,
      props: { environment: { variables } },
    });

    assert.deepEqual(others, []);
    assert.equal(refused?.level, "mandatory");
    assert.match(later?.message ?? "", /Not decided: environment\.variables: QUEUE, TABLE is unknown/);
  });

  it("does not tell a name that is a secret itself", async () => {
    const [, secret = ""] = SECRET_SAMPLES[0] ?? [];
    const [found] = await diagnose(environment, {
      type: FUNCTION,
      props: {
        environment: {
          variables: { CLASS_COUNT: "133", [secret]: "hunter2", [`${secret}_PASSWORD`]: "hunter2" },
        },
      },
    });

    assert.ok(!(found?.message ?? secret).includes(secret));
  });
});

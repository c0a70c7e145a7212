import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { DeclaredStack } from "../../../cli/core/aws/stack-config";
import {
  metadataText,
  packageInput,
  type Registered,
  servingImage,
} from "../../../cli/core/promote/package-input";
import { parseStackConfig } from "../../../infra/config/parse";
import { type Raw, rawMinimal } from "../../support/raw-config";
import { digestOf } from "../prune/prune-tools";

const open = { kind: "open", reason: "Only a test reads this" };
const without = { kind: "none", reason: "Only a test reads this" };
const images = {
  serving: { registry: "123456789012", repository: "own", cpu: "v1-cpu", gpu: `sha256:${"a".repeat(64)}` },
};

function declared(endpoints: Raw, more: Raw = {}): DeclaredStack {
  const config = parseStackConfig({
    ...rawMinimal(),
    images,
    models: { breeds: { classes: 133 }, cats: { classes: 2 } },
    endpoints,
    ...more,
  });
  const naming = { project: "sagemaker-ops", environment: "test" };
  return { stack: "test", naming, config, file: "", text: "", otherEnvironments: [] };
}

const on = (model: string, instanceType: string, more: Raw = {}) => ({
  model,
  serving: { kind: "instances", instanceType, initialCount: 1, ...more },
  function: without,
});
const serverless = (model: string) => ({
  model,
  serving: { kind: "serverless", memoryMiB: 3072, maxConcurrency: 5 },
  isolation: open,
  function: without,
});

const what: Registered = {
  groupName: "sagemaker-ops-test-breeds",
  modelsBucketName: "models-of-test",
  model: "breeds",
  digest: digestOf("a1"),
  sizeBytes: 123,
  classes: 133,
  validationAccuracy: 0.9,
  source: "job one",
  registeredBy: "arn:aws:sts::123456789012:assumed-role/Ops/ann@example.com",
  approval: "PendingManualApproval",
};

describe("the image that is registered", () => {
  it("is that of the first endpoint that serves the model, or shadows with it", () => {
    const cpu = "123456789012.dkr.ecr.us-east-1.amazonaws.com/own:v1-cpu";
    const gpu = `123456789012.dkr.ecr.us-east-1.amazonaws.com/own@sha256:${"a".repeat(64)}`;
    for (const [endpoints, expected] of [
      [{}, cpu],
      [{ a: on("cats", "ml.g4dn.xlarge") }, cpu],
      [{ a: on("breeds", "ml.m5.large"), b: on("breeds", "ml.g4dn.xlarge") }, cpu],
      [{ a: on("breeds", "ml.g4dn.xlarge"), b: on("breeds", "ml.m5.large") }, gpu],
      [{ a: serverless("breeds") }, cpu],
      [
        {
          a: on("cats", "ml.m5.large", { shadow: { model: "breeds", instanceType: "ml.g4dn.xlarge" } }),
        },
        gpu,
      ],
    ] as const)
      assert.equal(servingImage(declared(endpoints).config, "breeds"), expected, JSON.stringify(endpoints));
  });

  it("comes from the region's own hosts", () => {
    const { config } = declared(
      {},
      { region: "cn-north-1", images: { ...images, training: { registry: "123456789012" } } },
    );

    assert.match(
      servingImage(config, "breeds"),
      /^123456789012\.dkr\.ecr\.cn-north-1\.amazonaws\.com\.cn\/own:/,
    );
  });
});

/** Does not prove that AWS takes the card; its keys are those of the published schema. */
describe("what is registered about an artifact", () => {
  it("is a card with the keys that the schema for model packages has", () => {
    const { ModelCard } = packageInput(what, declared({}));

    assert.deepEqual(JSON.parse(ModelCard?.ModelCardContent ?? ""), {
      model_overview: {
        model_creator: "ml-platform",
        model_artifact: [`s3://models-of-test/models/${what.digest}/model.tar.gz`],
      },
      intended_uses: { intended_uses: "Tells 133 classes of images apart, as breeds." },
      training_details: { training_observations: "job one" },
      evaluation_details: [
        {
          name: "Validation images",
          metric_groups: [
            {
              name: "classification",
              metric_data: [
                {
                  name: "accuracy",
                  type: "number",
                  value: 0.9,
                  notes: "Share of validation images classified right.",
                },
              ],
            },
          ],
        },
      ],
      additional_information: {
        custom_details: {
          sha256: what.digest,
          bytes: "123",
          classes: "133",
          stack: "sagemaker-ops/test",
          registered_by: what.registeredBy,
        },
      },
    });
  });

  it("says nothing of an accuracy that nobody knows", () => {
    const input = packageInput({ ...what, validationAccuracy: undefined }, declared({}));

    assert.ok(!Object.hasOwn(JSON.parse(input.ModelCard?.ModelCardContent ?? ""), "evaluation_details"));
    assert.equal(input.CustomerMetadataProperties?.["validation-accuracy"], undefined);
  });

  it("is the same call for the same artifact, with a token that another artifact or group does not share", () => {
    const token = (some: Partial<Registered>) => packageInput({ ...what, ...some }, declared({})).ClientToken;

    assert.deepEqual(packageInput(what, declared({})), packageInput(what, declared({})));
    assert.match(token({}) ?? "", /^[0-9a-f]{36}$/);
    assert.equal(token({ registeredBy: "arn:aws:iam::123456789012:user/bob", source: "x" }), token({}));
    assert.notEqual(token({ digest: digestOf("a2") }), token({}));
    assert.notEqual(token({ groupName: "sagemaker-ops-test-cats" }), token({}));
  });

  it("keeps to the characters and lengths that AWS takes in metadata, whatever a source is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 400 }), (text) => {
        assert.match(metadataText(text), /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
      }),
    );
    assert.equal(metadataText(`${"a".repeat(255)}\u{20000}`), "a".repeat(255));
    assert.equal(metadataText("arn:aws:iam::123456789012:user/ann"), "arn:aws:iam::123456789012:user/ann");
  });
});

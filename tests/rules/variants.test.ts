import assert from "node:assert/strict";
import { asyncPrefixes } from "../../infra/iam/async-inference";
import {
  asyncInference,
  containerEnvironment,
  dataCapture,
  productionVariant,
  shadowVariant,
} from "../../infra/rules/variants";
import { endpointConfig, servingConfig, servingSamples } from "../support/serving";

describe("productionVariant", () => {
  it("has instances, start-up limits and routing", () => {
    assert.deepEqual(
      productionVariant(
        servingConfig({ ...servingSamples.instances, initialCount: 3, volumeSizeGiB: 20 }),
        "m",
      ),
      {
        variantName: "AllTraffic",
        modelName: "m",
        initialVariantWeight: 1,
        instanceType: "ml.m5.large",
        initialInstanceCount: 3,
        volumeSizeInGb: 20,
        modelDataDownloadTimeoutInSeconds: 600,
        containerStartupHealthCheckTimeoutInSeconds: 300,
        routingConfigs: [{ routingStrategy: "LEAST_OUTSTANDING_REQUESTS" }],
      },
    );
  });

  it("names the host image that GPU containers need", () => {
    const { inferenceAmiVersion } = productionVariant(
      servingConfig({ ...servingSamples.instances, instanceType: "ml.g4dn.xlarge" }),
      "m",
    );

    assert.equal(inferenceAmiVersion, "al2-ami-sagemaker-inference-gpu-3-1");
  });

  it("has memory and concurrency, and no instance, when serverless", () => {
    const serving = servingConfig({ ...servingSamples.serverless, provisionedConcurrency: 2 });

    assert.deepEqual(productionVariant(serving, "m"), {
      variantName: "AllTraffic",
      modelName: "m",
      initialVariantWeight: 1,
      serverlessConfig: { memorySizeInMb: 3072, maxConcurrency: 10, provisionedConcurrency: 2 },
    });
  });

  it("has no routing when asynchronous: SageMaker hands requests out from its queue", () => {
    const variant = productionVariant(servingConfig(servingSamples.async), "m");

    assert.equal(variant.routingConfigs, undefined);
    assert.equal(variant.initialInstanceCount, 1);
  });
});

describe("shadowVariant", () => {
  for (const [samplingPercent, weight] of [
    [100, 1],
    [50, 0.5],
    [1, 0.01],
  ] as const) {
    it(`copies ${samplingPercent} % with a weight of ${weight}`, () => {
      const serving = servingConfig({
        ...servingSamples.instances,
        volumeSizeGiB: 20,
        shadow: { model: "next", instanceType: "ml.m5.xlarge", count: 2, samplingPercent },
      });
      if (serving.kind !== "instances" || serving.shadow === undefined) throw new Error("no shadow");

      assert.deepEqual(shadowVariant(serving, serving.shadow, "m"), {
        variantName: "Shadow",
        modelName: "m",
        initialVariantWeight: weight,
        instanceType: "ml.m5.xlarge",
        initialInstanceCount: 2,
        modelDataDownloadTimeoutInSeconds: 600,
        containerStartupHealthCheckTimeoutInSeconds: 300,
      });
    });
  }
});

describe("dataCapture", () => {
  it("captures images only where that is spelt out", () => {
    const modes = (capture: Record<string, unknown>) => {
      const config = endpointConfig(servingSamples.instances, { capture }).capture;
      if (config.kind === "none") throw new Error("nothing is captured");
      return dataCapture(config, "e", "o", undefined).captureOptions.map(({ captureMode }) => captureMode);
    };

    assert.deepEqual(modes({ kind: "outputs", samplingPercent: 10 }), ["Output"]);
    assert.deepEqual(
      modes({ kind: "inputs-and-outputs", samplingPercent: 10, reason: "labelling of hard images" }),
      ["Input", "Output"],
    );
  });
});

describe("asyncInference", () => {
  it("writes where the serving role may", () => {
    const serving = servingConfig(servingSamples.async);
    if (serving.kind !== "async") throw new Error("not asynchronous");
    const { outputConfig } = asyncInference(serving, "e", "o", undefined);
    const { output, failure } = asyncPrefixes("e");

    assert.deepEqual(outputConfig, {
      s3OutputPath: `s3://o/${output.slice(0, -1)}`,
      s3FailurePath: `s3://o/${failure.slice(0, -1)}`,
    });
  });
});

describe("containerEnvironment", () => {
  it("carries the digest that the container returns", () => {
    assert.deepEqual(containerEnvironment("breeds", "ab"), { MODEL_NAME: "breeds", MODEL_SHA256: "ab" });
  });
});

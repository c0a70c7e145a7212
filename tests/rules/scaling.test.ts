import assert from "node:assert/strict";
import fc from "fast-check";
import {
  invocationsTarget,
  isScaled,
  type ScaledServing,
  scheduledBounds,
  targetTracking,
  variantResourceId,
  wakeUpPolicy,
} from "../../infra/rules/scaling";
import { servingConfig, servingSamples } from "../support/serving";

function scaled(sample: Record<string, unknown>): ScaledServing {
  const serving = servingConfig(sample);
  if (!isScaled(serving)) throw new Error("the sample is not scaled");
  return serving;
}

describe("isScaled", () => {
  const table: readonly [keyof typeof servingSamples, boolean][] = [
    ["instances", false],
    ["scaled", true],
    ["serverless", false],
    ["async", true],
  ];
  for (const [sample, expected] of table) {
    it(`is ${expected} for ${sample}`, () => {
      assert.equal(isScaled(servingConfig(servingSamples[sample])), expected);
    });
  }
});

describe("invocationsTarget", () => {
  const table: readonly [number, number, number][] = [
    [10, 0.5, 300],
    [9, 1, 540],
    [0.1, 0.5, 3],
    [1.1, 0.7, 46.2],
    [0.0001, 0.1, 0.01],
  ];
  for (const [rate, factor, expected] of table) {
    it(`aims for ${expected} a minute at ${rate} a second and a factor of ${factor}`, () => {
      assert.equal(invocationsTarget(rate, factor), expected);
    });
  }

  it("is above zero and grows with the rate", () => {
    const rate = fc.double({ min: Number.MIN_VALUE, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0.1, max: 1, noNaN: true }), (a, b, factor) => {
        const [low, high] = [
          invocationsTarget(Math.min(a, b), factor),
          invocationsTarget(Math.max(a, b), factor),
        ];
        return low > 0 && low <= high && Number.isFinite(high);
      }),
    );
  });
});

describe("targetTracking", () => {
  it("follows invocations", () => {
    assert.deepEqual(targetTracking(scaled(servingSamples.scaled), "e"), {
      targetValue: 300,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
      predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
    });
  });

  it("follows requests in flight at high resolution", () => {
    const serving = scaled({
      ...servingSamples.scaled,
      scaling: {
        kind: "concurrency",
        min: 2,
        max: 4,
        targetConcurrentRequests: 4,
        scaleOutCooldownSeconds: 0,
      },
    });

    assert.deepEqual(targetTracking(serving, "e"), {
      targetValue: 4,
      scaleOutCooldown: 0,
      scaleInCooldown: 300,
      predefinedMetricSpecification: {
        predefinedMetricType: "SageMakerVariantConcurrentRequestsPerModelHighResolution",
      },
    });
  });

  it("follows the queue of an asynchronous endpoint", () => {
    assert.deepEqual(targetTracking(scaled(servingSamples.async), "e"), {
      targetValue: 5,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
      customizedMetricSpecification: {
        namespace: "AWS/SageMaker",
        metricName: "ApproximateBacklogSizePerInstance",
        dimensions: [{ name: "EndpointName", value: "e" }],
        statistic: "Average",
      },
    });
  });
});

describe("scheduledBounds", () => {
  it("come in the order of their names, whatever the order in the file", () => {
    const bounds = (min: number) => ({ cron: "cron(0 7 ? * MON-FRI *)", min, max: 6 });
    const serving = scaled({
      ...servingSamples.scaled,
      scaling: { ...servingSamples.scaled.scaling, schedules: { night: bounds(2), day: bounds(4) } },
    });

    assert.deepEqual(scheduledBounds(serving), [
      { name: "day", schedule: "cron(0 7 ? * MON-FRI *)", timezone: "UTC", minCapacity: 4, maxCapacity: 6 },
      { name: "night", schedule: "cron(0 7 ? * MON-FRI *)", timezone: "UTC", minCapacity: 2, maxCapacity: 6 },
    ]);
  });

  it("do not exist for asynchronous endpoints", () => {
    assert.deepEqual(scheduledBounds(scaled(servingSamples.async)), []);
  });
});

describe("wakeUpPolicy", () => {
  it("starts one instance at once where the fleet may be empty", () => {
    assert.deepEqual(wakeUpPolicy(scaled(servingSamples.async))?.stepAdjustments, [
      { metricIntervalLowerBound: "0", scalingAdjustment: 1 },
    ]);
  });

  it("stays where the minimum is raised from 0", () => {
    const raised = { ...servingSamples.async, scaling: { min: 1, max: 2 } };

    assert.deepEqual(wakeUpPolicy(scaled(raised)), wakeUpPolicy(scaled(servingSamples.async)));
  });

  it("is not needed for endpoints that answer at once", () => {
    assert.equal(wakeUpPolicy(scaled(servingSamples.scaled)), undefined);
  });
});

describe("variantResourceId", () => {
  it("names endpoint and variant", () => {
    assert.equal(variantResourceId("e"), "endpoint/e/variant/AllTraffic");
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { type AlarmSpec, endpointAlarms } from "../../infra/rules/alarms";
import { servingConfig, servingSamples } from "../support/serving";

const thresholds = { p99LatencyMilliseconds: 1500, errorPercent: 2 };

function alarms(sample: Record<string, unknown>, idleHours?: number) {
  return endpointAlarms({ endpointName: "e", serving: servingConfig(sample), thresholds, idleHours });
}

function named(specs: readonly AlarmSpec[], suffix: string): AlarmSpec {
  const found = specs.filter((spec) => spec.suffix === suffix);
  assert.equal(found.length, 1, `${suffix} in ${specs.map((spec) => spec.suffix)}`);
  return found[0] as AlarmSpec;
}

describe("endpointAlarms", () => {
  it("compares latency in microseconds and the error rate as a share", () => {
    const specs = alarms(servingSamples.instances);

    assert.deepEqual(specs, [
      {
        name: "e-latency",
        suffix: "latency",
        description: "The 99th percentile of the model latency of e is above 1500 ms.",
        namespace: "AWS/SageMaker",
        metricName: "ModelLatency",
        dimensions: { EndpointName: "e", VariantName: "AllTraffic" },
        extendedStatistic: "p99",
        periodSeconds: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        threshold: 1_500_000,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        rollsBack: true,
      },
      {
        name: "e-errors",
        suffix: "errors",
        description: "More than 2 % of the answers of e are 5xx errors.",
        namespace: "AWS/SageMaker",
        metricName: "Invocation5XXErrors",
        dimensions: { EndpointName: "e", VariantName: "AllTraffic" },
        statistic: "Average",
        periodSeconds: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        threshold: 0.02,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        rollsBack: true,
      },
    ]);
  });

  it("reports an idle endpoint, not before it is so old, and never rolls back for it", () => {
    const idle = named(alarms(servingSamples.instances, 6), "idle");

    assert.deepEqual(
      [idle.metricName, idle.statistic, idle.periodSeconds, idle.evaluationPeriods, idle.datapointsToAlarm],
      ["Invocations", "Sum", 3600, 6, 6],
    );
    assert.deepEqual(
      [idle.threshold, idle.comparisonOperator, idle.treatMissingData, idle.warmUpMinutes, idle.rollsBack],
      [1, "LessThanThreshold", "breaching", 360, false],
    );
  });

  const table: readonly [string, Record<string, unknown>, readonly string[], readonly string[]][] = [
    ["instances", servingSamples.instances, ["latency", "errors", "idle"], ["latency", "errors"]],
    ["serverless, which costs nothing idle", servingSamples.serverless, ["latency", "errors"], []],
    [
      "serverless with provisioned concurrency",
      { ...servingSamples.serverless, provisionedConcurrency: 2 },
      ["latency", "errors", "idle"],
      [],
    ],
    ["async, from zero", servingSamples.async, ["latency", "errors", "stalled"], ["latency", "errors"]],
    [
      "async, never at zero",
      { ...servingSamples.async, scaling: { min: 1, max: 2 } },
      ["latency", "errors", "stalled"],
      ["latency", "errors"],
    ],
  ];
  for (const [title, sample, all, rollsBack] of table) {
    it(`watches ${all.join(", ")} of ${title}; rolls back on ${rollsBack.join(", ") || "none"}`, () => {
      const specs = alarms(sample, 6);

      assert.deepEqual(
        specs.map(({ suffix }) => suffix),
        all,
      );
      assert.deepEqual(
        specs.filter((spec) => spec.rollsBack).map(({ suffix }) => suffix),
        rollsBack,
      );
    });
  }

  it("stays within what CloudWatch evaluates, for every threshold that the configuration allows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 24 }),
        fc.constantFrom(...Object.values(servingSamples)),
        (p99LatencyMilliseconds, errorPercent, idleHours, sample) => {
          const specs = endpointAlarms({
            endpointName: "e",
            serving: servingConfig(sample),
            thresholds: { p99LatencyMilliseconds, errorPercent },
            idleHours,
          });
          assert.equal(new Set(specs.map(({ name }) => name)).size, specs.length);
          for (const spec of specs) {
            assert.ok(spec.datapointsToAlarm <= spec.evaluationPeriods);
            assert.ok(spec.evaluationPeriods * spec.periodSeconds <= 86_400);
            assert.equal((spec.statistic === undefined) !== (spec.extendedStatistic === undefined), true);
            assert.ok(
              spec.warmUpMinutes === undefined || (spec.warmUpMinutes >= 1 && spec.warmUpMinutes <= 2880),
            );
          }
          assert.equal(named(specs, "latency").threshold, p99LatencyMilliseconds * 1000);
          assert.ok(named(specs, "errors").threshold > 0 && named(specs, "errors").threshold <= 1);
        },
      ),
    );
  });
});

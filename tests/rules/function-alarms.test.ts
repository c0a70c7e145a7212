import assert from "node:assert/strict";
import { endpointAlarms } from "../../infra/rules/alarms";
import { canaryAlarms, functionAlarms } from "../../infra/rules/function-alarms";
import { metricNamespace } from "../../lambda/invoke/metrics";
import { servingConfig, servingSamples } from "../support/serving";

describe("functionAlarms", () => {
  it("watches the alias for errors and throttles, and the function's own count of refused calls", () => {
    assert.deepEqual(
      functionAlarms("f", false).map(
        ({ name, namespace, metricName, dimensions, evaluationPeriods, datapointsToAlarm }) => [
          name,
          namespace,
          metricName,
          dimensions,
          `${datapointsToAlarm} of ${evaluationPeriods}`,
        ],
      ),
      [
        ["f-function-errors", "AWS/Lambda", "Errors", { FunctionName: "f", Resource: "f:live" }, "1 of 1"],
        [
          "f-function-throttles",
          "AWS/Lambda",
          "Throttles",
          { FunctionName: "f", Resource: "f:live" },
          "2 of 3",
        ],
        ["f-function-misconfigured", metricNamespace, "Misconfigured", { FunctionName: "f" }, "1 of 1"],
      ],
    );
  });

  it("has names of its own beside an endpoint of the same name", () => {
    const endpoint = endpointAlarms({
      endpointName: "e",
      serving: servingConfig(servingSamples.instances),
      thresholds: { p99LatencyMilliseconds: 1500, errorPercent: 2 },
      idleHours: 6,
    });
    const names = [...endpoint, ...functionAlarms("e", false), ...canaryAlarms("e", false)].map(
      ({ name }) => name,
    );

    assert.equal(new Set(names).size, names.length);
  });
});

describe("canaryAlarms", () => {
  it("fire on the first crash or failed answer of the version that is tried", () => {
    assert.deepEqual(
      canaryAlarms("f", false).map(
        ({ metricName, statistic, periodSeconds, evaluationPeriods, datapointsToAlarm, ...spec }) => [
          `${metricName} by ${spec.versionDimension}`,
          `${statistic} ${spec.comparisonOperator} ${spec.threshold} in ${periodSeconds} s`,
          `${datapointsToAlarm} of ${evaluationPeriods}`,
          spec.treatMissingData,
        ],
      ),
      [
        ["Errors by ExecutedVersion", "Sum GreaterThanThreshold 0 in 300 s", "1 of 1", "notBreaching"],
        ["Failures by Version", "Sum GreaterThanThreshold 0 in 300 s", "1 of 1", "notBreaching"],
      ],
    );
  });
});

describe("alarms on errors of a function", () => {
  const texts = (failsOnError: boolean) =>
    [...functionAlarms("f", failsOnError), ...canaryAlarms("f", failsOnError)]
      .filter(({ metricName }) => metricName === "Errors")
      .map(({ description }) => description);

  it("name crashes and timeouts, which is all that they are by default", () => {
    assert.deepEqual(texts(false), [
      "The function f crashed or ran out of time.",
      "The version of f that gets a share of the calls crashed or ran out of time. Set release.kind to immediate with the former code, or go on.",
    ]);
  });

  it("name what is no crash where a call ends in an error in place of an answer", () => {
    const what =
      "crashed, ran out of time, or ended a call without an HTTP envelope in an error in place of an answer of 429, 500 or above: the log has its status.";
    assert.deepEqual(texts(true), [
      `The function f ${what}`,
      `The version of f that gets a share of the calls ${what} Set release.kind to immediate with the former code, or go on.`,
    ]);
  });
});

import assert from "node:assert/strict";
import { EndpointAlarms } from "../../infra/components/endpoint-alarms";
import { countByType, only, recordResources } from "../support/mocks";
import { servingConfig, servingSamples } from "../support/serving";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const thresholds = { p99LatencyMilliseconds: 2000, errorPercent: 5 };
const topicArn = "arn:aws:sns:us-east-1:123456789012:alerts";

describe("EndpointAlarms", () => {
  it("makes the alarms that the rules ask for and tells the topic", async () => {
    let names: unknown;
    const resources = await recordResources(() => {
      const alarms = new EndpointAlarms("breeds-alarms", {
        endpointName: "e",
        serving: servingConfig(servingSamples.instances),
        thresholds,
        idleHours: 6,
        topicArn,
      });
      names = Promise.all(
        alarms.rollbackAlarmNames.map((name) => new Promise((resolve) => name.apply(resolve))),
      );
    });

    assert.deepEqual(countByType(resources), { [alarmType]: 3, "mlops:operations:EndpointAlarms": 1 });
    assert.deepEqual(await names, ["e-latency", "e-errors"]);
    assert.deepEqual(only(resources, alarmType, "breeds-alarms-latency").inputs, {
      name: "e-latency",
      alarmDescription: "The 99th percentile of the model latency of e is above 2000 ms.",
      namespace: "AWS/SageMaker",
      metricName: "ModelLatency",
      dimensions: { EndpointName: "e", VariantName: "AllTraffic" },
      extendedStatistic: "p99",
      period: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      threshold: 2_000_000,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
    assert.deepEqual(only(resources, alarmType, "breeds-alarms-idle").inputs.warmUpConfiguration, {
      warmUpPeriodDurationInMinutes: 360,
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });

  it("tells nobody without a topic, and waits for nothing: a rollout needs the alarms first", async () => {
    const resources = await recordResources(
      () =>
        new EndpointAlarms("breeds-alarms", {
          endpointName: "e",
          serving: servingConfig(servingSamples.async),
          thresholds,
        }),
    );

    const alarms = resources.filter(({ type }) => type === alarmType);
    assert.deepEqual(
      alarms.map(({ name }) => name),
      ["breeds-alarms-errors", "breeds-alarms-latency", "breeds-alarms-stalled"],
    );
    for (const { inputs, dependencies } of alarms) {
      assert.equal("alarmActions" in inputs || "okActions" in inputs, false);
      assert.deepEqual(dependencies, []);
    }
  });
});

import assert from "node:assert/strict";
import { Endpoint } from "@pulumi/aws/sagemaker";
import { EndpointScaling } from "../../infra/components/endpoint-scaling";
import { isScaled } from "../../infra/rules/scaling";
import { countByType, only, recordResources } from "../support/mocks";
import { servingConfig, servingSamples } from "../support/serving";

const targetType = "aws:appautoscaling/target:Target";
const policyType = "aws:appautoscaling/policy:Policy";
const actionType = "aws:appautoscaling/scheduledAction:ScheduledAction";
const resourceId = "endpoint/e/variant/AllTraffic";

function scale(sample: Record<string, unknown>) {
  const serving = servingConfig(sample);
  if (!isScaled(serving)) throw new Error("the sample is not scaled");
  return recordResources(() => {
    const endpoint = new Endpoint("endpoint", { name: "e", endpointConfigName: "c" });
    new EndpointScaling("breeds-scaling", { endpointName: endpoint.name, serving });
  });
}

describe("EndpointScaling", () => {
  it("registers the variant and follows invocations per instance and minute", async () => {
    const resources = await scale(servingSamples.scaled);

    assert.deepEqual(countByType(resources), {
      "aws:sagemaker/endpoint:Endpoint": 1,
      [targetType]: 1,
      [policyType]: 1,
      "mlops:serving:EndpointScaling": 1,
    });
    assert.deepEqual(only(resources, targetType).inputs, {
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId,
      minCapacity: 2,
      maxCapacity: 6,
    });
    assert.deepEqual(only(resources, policyType).inputs, {
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 300,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
      },
    });
  });

  it("is removed before the endpoint: policy, then target, then endpoint", async () => {
    const resources = await scale(servingSamples.scaled);

    assert.ok(only(resources, policyType).dependencies.includes("breeds-scaling-target"));
    assert.ok(only(resources, targetType).dependencies.includes("endpoint"));
  });

  it("has other bounds at given times", async () => {
    const resources = await scale({
      ...servingSamples.scaled,
      scaling: {
        ...servingSamples.scaled.scaling,
        schedules: {
          morning: { cron: "cron(0 7 ? * MON-FRI *)", timeZone: "America/New_York", min: 3, max: 6 },
          evening: { cron: "cron(0 19 ? * MON-FRI *)", min: 2, max: 4 },
        },
      },
    });

    assert.equal(countByType(resources)[actionType], 2);
    assert.deepEqual(only(resources, actionType, "breeds-scaling-morning").inputs, {
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId,
      schedule: "cron(0 7 ? * MON-FRI *)",
      timezone: "America/New_York",
      scalableTargetAction: { minCapacity: 3, maxCapacity: 6 },
    });
    assert.ok(
      only(resources, actionType, "breeds-scaling-evening").dependencies.includes("breeds-scaling-target"),
    );
  });

  it("wakes an asynchronous endpoint that has scaled to zero", async () => {
    const resources = await scale(servingSamples.async);

    assert.equal(only(resources, targetType).inputs.minCapacity, 0);
    assert.deepEqual(
      only(resources, policyType, "breeds-scaling-wake-up").inputs.stepScalingPolicyConfiguration,
      {
        adjustmentType: "ChangeInCapacity",
        metricAggregationType: "Average",
        cooldown: 60,
        stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
      },
    );
    const alarm = only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").inputs;
    assert.deepEqual(
      [alarm.name, alarm.metricName, alarm.dimensions, alarm.threshold, alarm.treatMissingData],
      ["e-wake-up", "HasBacklogWithoutCapacity", { EndpointName: "e" }, 1, "missing"],
    );
    assert.deepEqual(alarm.alarmActions, [
      "arn:aws:appautoscaling:us-east-1:123456789012:policy/breeds-scaling-wake-up",
    ]);
  });

  it("keeps every resource when the minimum of an asynchronous endpoint is raised from 0", async () => {
    const fromZero = await scale(servingSamples.async);
    const fromOne = await scale({ ...servingSamples.async, scaling: { min: 1, max: 2 } });

    assert.deepEqual(countByType(fromOne), countByType(fromZero));
  });
});

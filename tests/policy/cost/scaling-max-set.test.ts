import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { scalingMaxSet } from "../../../policy/cost/scaling-max-set";
import { variant } from "../../support/cost-samples";
import { UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const target = "aws:appautoscaling/target:Target";
const scheduled = "aws:appautoscaling/scheduledAction:ScheduledAction";
const configuration = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

const scales = (more: Record<string, unknown> = {}) => ({
  serviceNamespace: "sagemaker",
  scalableDimension: "sagemaker:variant:DesiredInstanceCount",
  minCapacity: 1,
  maxCapacity: 5,
  ...more,
});
const environments = {
  serviceNamespace: "lambda",
  scalableDimension: "lambda:function:ProvisionedConcurrency",
};
const managed = (more: Record<string, unknown>) => ({
  productionVariants: [variant(), variant({ managedInstanceScaling: { status: "ENABLED", ...more } })],
});

describeRule(scalingMaxSet, {
  pass: [
    { title: "a maximum exactly at the limit", type: target, props: scales(), settings: { instances: 5 } },
    {
      title: "a maximum as text",
      type: target,
      props: scales({ maxCapacity: "5" }),
      settings: { instances: 5 },
    },
    {
      title: "environments under their own limit",
      type: target,
      props: scales({ ...environments, maxCapacity: 50 }),
      settings: { instances: 5, environments: 50 },
    },
    {
      title: "what scales in other services",
      type: target,
      props: scales({
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        maxCapacity: 900,
      }),
    },
    {
      title: "a scheduled action that leaves the maximum alone",
      type: scheduled,
      props: { ...scales(), scalableTargetAction: { minCapacity: 2 } },
    },
    {
      title: "managed scaling with a maximum",
      type: configuration,
      props: managed({ minInstanceCount: 1, maxInstanceCount: 5 }),
      settings: { instances: 5 },
    },
    {
      title: "managed scaling that is off",
      type: configuration,
      props: managed({ status: "DISABLED" }),
    },
    {
      title: "a configuration that does not scale by itself",
      type: configuration,
      props: { productionVariants: [variant()] },
    },
  ],
  violate: [
    {
      title: "a maximum one above the limit",
      type: target,
      props: scales(),
      settings: { instances: 4 },
      says: /maxCapacity is 5: 5 − 4 = 1 too many\. At most 4 instances are allowed \(instances of cost-scaling-max-set\)/,
    },
    {
      title: "a target without a maximum",
      type: target,
      props: scales({ maxCapacity: undefined }),
      says: /maxCapacity is missing, so nothing bounds what scales out/,
    },
    {
      title: "a minimum above the limit",
      type: target,
      props: scales({ minCapacity: 30 }),
      says: /minCapacity is 30: 30 − 20 = 10 too many/,
    },
    {
      title: "too many environments of a function",
      type: target,
      props: scales({ ...environments, maxCapacity: 101 }),
      says: /maxCapacity is 101: .* At most 100 environments/,
    },
    {
      title: "too much provisioned concurrency of a serverless variant",
      type: target,
      props: scales({
        scalableDimension: "sagemaker:variant:DesiredProvisionedConcurrency",
        maxCapacity: 101,
      }),
      says: /At most 100 environments/,
    },
    {
      title: "a target that does not say what it scales",
      type: target,
      props: scales({ scalableDimension: undefined }),
      says: /scalableDimension is not given/,
    },
    {
      title: "a scheduled action that lifts the maximum above the limit",
      type: scheduled,
      props: { ...scales(), scalableTargetAction: { maxCapacity: 21 } },
      says: /scalableTargetAction\.maxCapacity is 21/,
    },
    {
      title: "managed scaling without a maximum",
      type: configuration,
      props: managed({}),
      says: /productionVariants\[1\]\.managedInstanceScaling\.maxInstanceCount is missing/,
    },
    {
      title: "managed scaling of a shadow variant above the limit",
      type: configuration,
      props: {
        productionVariants: [variant()],
        shadowProductionVariants: managed({ maxInstanceCount: 21 }).productionVariants,
      },
      says: /shadowProductionVariants\[1\]\.managedInstanceScaling\.maxInstanceCount is 21/,
    },
    {
      title: "a managed minimum above the limit",
      type: configuration,
      props: managed({ minInstanceCount: 21, maxInstanceCount: 5 }),
      says: /productionVariants\[1\]\.managedInstanceScaling\.minInstanceCount is 21/,
    },
    {
      title: "a maximum that is no number",
      type: target,
      props: scales({ maxCapacity: "many" }),
      says: /maxCapacity is not a number of zero or more/,
    },
  ],
});

describe("cost-scaling-max-set", () => {
  it("leaves an unknown maximum open, and judges the minimum all the same", async () => {
    const props = scales({ maxCapacity: UNKNOWN_NUMBER, minCapacity: 21 });

    const found = await diagnose(scalingMaxSet, { type: target, props });

    assert.deepEqual(found.map(({ level }) => level).sort(), ["advisory", "mandatory"]);
  });

  it("leaves open what is scaled while the dimension is unknown", async () => {
    const found = await diagnose(scalingMaxSet, {
      type: target,
      props: scales({ scalableDimension: UNKNOWN_STRING }),
    });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
  });
});

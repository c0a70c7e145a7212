import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { rolloutValid } from "../../../policy/endpoint/rollout-valid";
import { diagnose } from "../../support/rule-cases";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const NATIVE = "aws-native:sagemaker:Endpoint";

const percent = (value: unknown) => ({ type: "CAPACITY_PERCENT", value });
const blueGreen = (routing: object, beside: object = {}) => ({
  deploymentConfig: {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: { waitIntervalInSeconds: 300, ...routing },
      ...beside,
    },
  },
});
const rolling = (changes: object) => ({
  deploymentConfig: {
    rollingUpdatePolicy: { maximumBatchSize: percent(25), waitIntervalInSeconds: 300, ...changes },
  },
});

describeRuleWithUnknowns(rolloutValid, {
  pass: [
    { title: "all at once", type: ENDPOINT, props: blueGreen({ type: "ALL_AT_ONCE" }) },
    {
      title: "a canary of half",
      type: ENDPOINT,
      props: blueGreen({ type: "CANARY", canarySize: percent(50) }),
    },
    {
      title: "a canary of one instance",
      type: ENDPOINT,
      props: blueGreen({ type: "CANARY", canarySize: { type: "INSTANCE_COUNT", value: 1 } }),
    },
    {
      title: "ten steps of aws-native",
      type: NATIVE,
      props: blueGreen({ type: "LINEAR", linearStepSize: percent(10) }),
    },
    { title: "batches of a twentieth", type: ENDPOINT, props: rolling({ maximumBatchSize: percent(5) }) },
    {
      title:
        "a time limit above the waits of three batches, all that one of three instances at a time can be",
      type: ENDPOINT,
      props: rolling({ maximumBatchSize: percent(5), maximumExecutionTimeoutInSeconds: 3600 }),
    },
    {
      title: "a way back all at once",
      type: ENDPOINT,
      props: rolling({ rollbackMaximumBatchSize: percent(100) }),
    },
    {
      title: "a time limit just above the waits",
      type: ENDPOINT,
      props: blueGreen(
        { type: "CANARY", canarySize: percent(10) },
        { terminationWaitInSeconds: 120, maximumExecutionTimeoutInSeconds: 721 },
      ),
    },
    { title: "an endpoint without a configuration", type: ENDPOINT, props: {} },
    {
      title: "alarms alone, with AWS's own policy",
      type: ENDPOINT,
      props: { deploymentConfig: { autoRollbackConfiguration: {} } },
    },
  ],
  violate: [
    {
      title: "a canary above half",
      type: ENDPOINT,
      props: blueGreen({ type: "CANARY", canarySize: percent(51) }),
      says: /trafficRoutingConfiguration\.canarySize is 51 of the type "CAPACITY_PERCENT"; allowed are 1 to 50 of CAPACITY_PERCENT/,
    },
    {
      title: "a canary without a size",
      type: ENDPOINT,
      props: blueGreen({ type: "CANARY" }),
      says: /canarySize is not set/,
    },
    {
      title: "a step below a tenth",
      type: ENDPOINT,
      props: blueGreen({ type: "LINEAR", linearStepSize: percent(9) }),
      says: /linearStepSize is 9 .*10 to 50/,
    },
    {
      title: "the size of another type",
      type: ENDPOINT,
      props: blueGreen({ type: "LINEAR", linearStepSize: percent(20), canarySize: percent(10) }),
      says: /canarySize is set with the type LINEAR, which has no use for it/,
    },
    {
      title: "half an instance",
      type: ENDPOINT,
      props: blueGreen({ type: "CANARY", canarySize: { type: "INSTANCE_COUNT", value: 0.5 } }),
      says: /is 0\.5 of the type "INSTANCE_COUNT"/,
    },
    {
      title: "a type that AWS does not know",
      type: ENDPOINT,
      props: blueGreen({ type: "canary" }),
      says: /type is "canary"; allowed are ALL_AT_ONCE, CANARY, LINEAR/,
    },
    {
      title: "a wait above an hour",
      type: ENDPOINT,
      props: blueGreen({ type: "ALL_AT_ONCE", waitIntervalInSeconds: 3601 }),
      says: /waitIntervalInSeconds is 3601; allowed are 0 to 3600 s/,
    },
    {
      title: "no wait",
      type: ENDPOINT,
      props: blueGreen({ type: "ALL_AT_ONCE", waitIntervalInSeconds: undefined }),
      says: /waitIntervalInSeconds is not set/,
    },
    {
      title: "a termination wait above an hour",
      type: ENDPOINT,
      props: blueGreen({ type: "ALL_AT_ONCE" }, { terminationWaitInSeconds: 4000 }),
      says: /terminationWaitInSeconds is 4000/,
    },
    {
      title: "a time limit above the provider's",
      type: NATIVE,
      props: rolling({ maximumExecutionTimeoutInSeconds: 14_401 }),
      says: /is 14401; allowed are 600 to 14400 s/,
    },
    {
      title: "a time limit that the waits of a canary use up",
      type: ENDPOINT,
      props: blueGreen(
        { type: "CANARY", canarySize: percent(10) },
        { terminationWaitInSeconds: 120, maximumExecutionTimeoutInSeconds: 720 },
      ),
      says: /maximumExecutionTimeoutInSeconds is 720, and the waits alone take 720 s/,
    },
    {
      title: "a time limit that the waits of ten steps use up",
      type: ENDPOINT,
      props: blueGreen(
        { type: "LINEAR", linearStepSize: percent(10) },
        { maximumExecutionTimeoutInSeconds: 3000 },
      ),
      says: /the waits alone take 3000 s/,
    },
    {
      title: "a time limit that the waits of two batches use up, and there are never fewer",
      type: ENDPOINT,
      props: rolling({ maximumExecutionTimeoutInSeconds: 600 }),
      says: /the waits alone take 600 s/,
    },
    {
      title: "a batch below a twentieth",
      type: ENDPOINT,
      props: rolling({ maximumBatchSize: percent(4) }),
      says: /maximumBatchSize is 4 .*5 to 50/,
    },
    {
      title: "a way back above everything",
      type: ENDPOINT,
      props: rolling({ rollbackMaximumBatchSize: percent(101) }),
      says: /rollbackMaximumBatchSize is 101 .*5 to 100/,
    },
    {
      title: "an eighth, as AWS takes whole numbers",
      type: ENDPOINT,
      props: blueGreen({ type: "CANARY", canarySize: percent(12.5) }),
      says: /canarySize is 12\.5 of the type "CAPACITY_PERCENT"/,
    },
    {
      title: "a configuration that is no object",
      type: ENDPOINT,
      props: { deploymentConfig: "canary" },
      says: /deploymentConfig is no object/,
    },
    {
      title: "both policies",
      type: ENDPOINT,
      props: {
        deploymentConfig: {
          ...blueGreen({ type: "ALL_AT_ONCE" }).deploymentConfig,
          ...rolling({}).deploymentConfig,
        },
      },
      says: /has both blueGreenUpdatePolicy and rollingUpdatePolicy; AWS takes one/,
    },
  ],
});

describe("endpoint-rollout-valid and the arithmetic of its time limit", () => {
  it("counts no steps of nothing", async () => {
    const props = blueGreen(
      { type: "LINEAR", linearStepSize: percent(0) },
      { maximumExecutionTimeoutInSeconds: 600 },
    );

    const found = await diagnose(rolloutValid, { type: ENDPOINT, props });

    assert.equal(found.length, 1);
    assert.match(found[0]?.message ?? "", /linearStepSize is 0 /);
  });

  it("passes a time limit exactly when it is above the waits of all steps", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 50 }),
        fc.integer({ min: 0, max: 3600 }),
        fc.integer({ min: 0, max: 3600 }),
        fc.integer({ min: 600, max: 14_400 }),
        async (step, wait, terminationWaitInSeconds, maximumExecutionTimeoutInSeconds) => {
          const props = blueGreen(
            { type: "LINEAR", linearStepSize: percent(step), waitIntervalInSeconds: wait },
            { terminationWaitInSeconds, maximumExecutionTimeoutInSeconds },
          );

          const found = await diagnose(rolloutValid, { type: ENDPOINT, props });

          let shifted = 0;
          let waits = terminationWaitInSeconds;
          while (shifted < 100) {
            shifted += step;
            waits += wait;
          }
          assert.equal(found.length, waits < maximumExecutionTimeoutInSeconds ? 0 : 1);
        },
      ),
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { endpoint } from "../../infra/config/schema/serving";
import { deploymentConfig } from "../../infra/rules/deployment-config";
import { servingConfig, servingSamples } from "../support/serving";

const alarms = ["a", "b"];
const autoRollbackConfiguration = { alarms: [{ alarmName: "a" }, { alarmName: "b" }] };

function fleet(rollout: Record<string, unknown>) {
  return servingConfig({ ...servingSamples.scaled, rollout });
}

describe("deploymentConfig", () => {
  it("moves a canary of the capacity first", () => {
    const config = deploymentConfig(
      fleet({ kind: "canary", percent: 50, waitSeconds: 600, terminationWaitSeconds: 600 }),
      alarms,
    );

    assert.deepEqual(config, {
      autoRollbackConfiguration,
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: "CANARY",
          canarySize: { type: "CAPACITY_PERCENT", value: 50 },
          waitIntervalInSeconds: 600,
        },
        terminationWaitInSeconds: 600,
        maximumExecutionTimeoutInSeconds: 2700,
      },
    });
  });

  it("moves linear steps", () => {
    assert.deepEqual(deploymentConfig(fleet({ kind: "linear", stepPercent: 25 }), alarms), {
      autoRollbackConfiguration,
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: "LINEAR",
          linearStepSize: { type: "CAPACITY_PERCENT", value: 25 },
          waitIntervalInSeconds: 300,
        },
        terminationWaitInSeconds: 120,
        maximumExecutionTimeoutInSeconds: 2220,
      },
    });
  });

  it("replaces batches of the fleet, and goes back in batches of the same size", () => {
    assert.deepEqual(
      deploymentConfig(fleet({ kind: "rolling", batchPercent: 50, waitSeconds: 60 }), alarms),
      {
        autoRollbackConfiguration,
        rollingUpdatePolicy: {
          maximumBatchSize: { type: "CAPACITY_PERCENT", value: 50 },
          rollbackMaximumBatchSize: { type: "CAPACITY_PERCENT", value: 50 },
          waitIntervalInSeconds: 60,
          maximumExecutionTimeoutInSeconds: 1920,
        },
      },
    );
  });

  it("watches an all-at-once rollout too, also of an asynchronous endpoint", () => {
    assert.deepEqual(
      deploymentConfig(servingConfig(servingSamples.async), alarms)?.autoRollbackConfiguration,
      autoRollbackConfiguration,
    );
  });

  it("has nothing for serverless endpoints, which have no guardrails", () => {
    assert.equal(deploymentConfig(servingConfig(servingSamples.serverless), alarms), undefined);
  });

  for (const count of [0, 11]) {
    it(`refuses ${count} alarms`, () => {
      assert.throws(
        () =>
          deploymentConfig(servingConfig(servingSamples.instances), Array.from({ length: count }, String)),
        new RegExp(`watches 1 to 10 alarms, and ${count} are given`),
      );
    });
  }

  it("stays within AWS's ranges and always rolls back, for every rollout that the configuration accepts", () => {
    const wait = fc.integer({ min: 0, max: 3600 });
    const rollouts = fc.oneof(
      fc.record({ kind: fc.constant("all-at-once"), waitSeconds: wait, terminationWaitSeconds: wait }),
      fc.record({
        kind: fc.constant("canary"),
        percent: fc.integer({ min: 1, max: 50 }),
        waitSeconds: wait,
        terminationWaitSeconds: wait,
      }),
      fc.record({
        kind: fc.constant("linear"),
        stepPercent: fc.integer({ min: 10, max: 50 }),
        waitSeconds: wait,
        terminationWaitSeconds: wait,
      }),
      fc.record({
        kind: fc.constant("rolling"),
        batchPercent: fc.integer({ min: 5, max: 50 }),
        waitSeconds: wait,
      }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(rollouts, fc.integer({ min: 2, max: 100 }), (rollout, initialCount) => {
        const parsed = endpoint.safeParse({
          model: "breeds",
          serving: { kind: "instances", instanceType: "ml.m5.large", initialCount, rollout },
          function: { kind: "none", reason: "no function in this test" },
        });
        if (!parsed.success) return;
        accepted++;
        const config = deploymentConfig(parsed.data.serving, ["a"]);
        assert.deepEqual(config?.autoRollbackConfiguration, { alarms: [{ alarmName: "a" }] });
        const policies = [config?.blueGreenUpdatePolicy, config?.rollingUpdatePolicy].filter(
          (policy) => policy !== undefined,
        );
        assert.equal(policies.length, 1);
        const [policy] = policies;
        const timeout = policy?.maximumExecutionTimeoutInSeconds ?? 0;
        assert.ok(timeout >= 600 && timeout <= 14_400);
      }),
    );
    assert.ok(accepted > 20, `only ${accepted} rollouts were accepted`);
  });
});

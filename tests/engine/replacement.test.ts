import assert from "node:assert/strict";
import type { EngineStack, Run } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { endpointOf, servedArtifact, servingStack } from "./support/serving-stack";
import { servingAlone } from "./support/settings";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that an endpoint of a protected stack is never deleted and made again, and that who asks for it is told why not. The
 * provider would do that when rollback alarms are added or removed, and also for an unchanged program if SageMaker described no
 * deployment config before the first update. The provider's own acceptance tests say that it describes one from the creation on
 * (https://github.com/hashicorp/terraform-provider-aws/pull/48993); both are simulated.
 *
 * Does not prove which of the two SageMaker does, nor anything about a stack whose removal is `destroy`: there the engine replaces.
 */
describeWithEngine("the endpoint of a protected stack", (engine) => {
  const endpointName = "sagemaker-ops-dev-single";
  let unprotected: EngineStack;
  let stack: EngineStack;

  before(async () => {
    unprotected = await servingStack(engine());
    stack = engine().keep(unprotected.fork());
    stack.configure(protectedStack);
    assert.deepEqual(failuresOf(await stack.up()), []);
  });

  it("stays as it is under an unchanged program", async () => {
    const preview = await stack.preview({ args: ["--refresh", "--expect-no-changes"] });

    assert.deepEqual(changesOf(preview), []);
    assert.equal(preview.status, 0, preview.stderr);
  });

  it("is not replaced where its deployment config is not described before the first update", async () => {
    const undescribed = engine().keep(stack.fork());
    undescribed.setFaults({ deploymentConfig: "empty until updated" });

    const refreshing = await undescribed.up({ args: ["--refresh"] });
    // The state says so too by now, as after a creation.
    const unrefreshed = await undescribed.up();

    for (const run of [refreshing, unrefreshed]) {
      assert.notEqual(run.status, 0);
      assert.match(run.errors.join("\n"), /unable to replace resource .*single-endpoint/);
    }
    assertServing(undescribed);
  });

  it("keeps its rollback alarms, and says why, when its kind becomes serverless", async () => {
    const changed = engine().keep(stack.fork());
    changed.configure(serverless);

    const preview = await changed.preview();
    const up = await changed.up({ args: ["--refresh"] });

    for (const run of [preview, up])
      assertRefused(run, `Rollback alarms cannot be removed from endpoint ${endpointName}.`);
    assertServing(changed);
  });

  it("keeps its rollback alarms, and says why, when its program no longer names any", async () => {
    const changed = engine().keep(stack.fork());
    changed.edit(
      "infra/components/inference-endpoint.ts",
      "const deployment = deploymentConfig(serving, args.rollbackAlarmNames);",
      "const { autoRollbackConfiguration: _, ...deployment } = deploymentConfig(serving, args.rollbackAlarmNames) ?? {};",
    );

    const up = await changed.up();

    assertRefused(up, `Rollback alarms cannot be removed from endpoint ${endpointName}.`);
    assertServing(changed);
  });

  it("takes no rollback alarms, and says why, when its kind is serverless no more", async () => {
    const changed = engine().keep(unprotected.fork());
    changed.configure((settings) => {
      serverless(settings);
      protectedStack(settings);
    });
    // What was not protected before is replaced, and protected from then on.
    assert.deepEqual(failuresOf(await changed.up()), []);
    const { live } = endpointOf(changed);
    assert.deepEqual(live.states, ["Creating", "InService"]);
    changed.restore((settings) => {
      servingAlone(settings);
      protectedStack(settings);
    });

    const up = await changed.up({ args: ["--refresh"] });

    assertRefused(up, `Rollback alarms cannot be added to endpoint ${endpointName}.`);
    assert.deepEqual(endpointOf(changed).live, live);
  });

  it("is updated in place when its list of rollback alarms is edited", async () => {
    const renamed = engine().keep(stack.fork());
    renamed.edit(
      "infra/components/inference-endpoint.ts",
      "deploymentConfig(serving, args.rollbackAlarmNames)",
      "deploymentConfig(serving, args.rollbackAlarmNames.slice(0, 1))",
    );

    const preview = await renamed.preview();

    assert.deepEqual(failuresOf(preview), []);
    assert.deepEqual(
      changesOf(preview).filter((change) => change.endsWith(" single-endpoint")),
      ["update single-endpoint"],
    );
  });
});

function protectedStack(settings: StackSettings): void {
  settings.removal = { kind: "retain" };
}

function serverless(settings: StackSettings): void {
  const { single } = settings.endpoints as Record<string, StackSettings>;
  const serving = { kind: "serverless", memoryMiB: 4096, maxConcurrency: 10 };
  const isolation = { kind: "open", reason: "Serverless endpoints cannot be isolated" };
  settings.endpoints = { single: { ...single, serving, isolation } };
}

/** Our own words, before the engine has any: it would only say that the endpoint is protected. */
function assertRefused({ status, errors, operations }: Run, reason: string): void {
  const told = errors.join("\n");
  assert.notEqual(status, 0);
  assert.ok(told.includes(reason), told);
  assert.match(told, /only by deleting the endpoint and making it again/);
  assert.match(told, /Declare the new kind as a second endpoint under another name/);
  assert.doesNotMatch(told, /unable to replace/);
  assert.deepEqual(
    operations.filter(({ name, op }) => name === "single-endpoint" && !["refresh", "same"].includes(op)),
    [],
  );
}

/** Made once, and serving ever since. */
function assertServing(stack: EngineStack): void {
  assert.deepEqual(endpointOf(stack).live.states, ["Creating", "InService"]);
  assert.notEqual(servedArtifact(stack), undefined);
}

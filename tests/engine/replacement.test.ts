import assert from "node:assert/strict";
import type { EngineStack } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { servingStack } from "./support/serving-stack";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that an endpoint of a protected stack is never deleted and made again. The provider would do that when rollback alarms are
 * added or removed, and also for an unchanged program if SageMaker described no deployment config before the first update. The
 * provider's own acceptance tests say that it describes one from the creation on
 * (https://github.com/hashicorp/terraform-provider-aws/pull/48993); both are simulated.
 */
describeWithEngine("the endpoint of a protected stack", (engine) => {
  let stack: EngineStack;

  before(async () => {
    stack = await servingStack(engine());
    stack.configure((settings) => {
      settings.removal = { kind: "retain" };
    });
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

    const preview = await undescribed.preview({ args: ["--refresh"] });

    assert.notEqual(preview.status, 0);
    assert.match(preview.errors.join("\n"), refusal);
  });

  it("is not replaced when its rollback alarms are taken away", async () => {
    const unwatched = engine().keep(stack.fork());
    unwatched.edit(
      "infra/components/inference-endpoint.ts",
      "{ deploymentConfig: deployment }",
      "{ deploymentConfig: (({ autoRollbackConfiguration: _, ...rest }) => rest)(deployment) }",
    );

    const preview = await unwatched.preview();

    assert.notEqual(preview.status, 0);
    assert.match(preview.errors.join("\n"), refusal);
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

const refusal = /single-endpoint" cannot be replaced|unable to replace resource .*single-endpoint/;

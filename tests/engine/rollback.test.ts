import assert from "node:assert/strict";
import type { EngineStack, Run } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { endpointOf, servedArtifact, servingStack } from "./support/serving-stack";
import { digestOf, promote } from "./support/settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that an update which SageMaker rolls back in silence fails, loses nothing, and is tried again after a refresh. The
 * provider takes it for a success (https://github.com/hashicorp/terraform-provider-aws/issues/48997).
 */
describeWithEngine("an update that SageMaker rolls back", (engine) => {
  const endpointName = "sagemaker-ops-dev-single";
  let stack: EngineStack;
  let liveConfig: string;
  let rolledBack: Run;

  before(async () => {
    stack = await servingStack(engine());
    liveConfig = String(endpointOf(stack).live.configName);
    stack.configure((settings) => promote(settings, "e"));
    stack.setFaults({ silentRollback: [endpointName] });
    rolledBack = await stack.up();
    stack.setFaults({});
  });

  it("fails, and names what answers and what was wanted", () => {
    const wanted = stack
      .state()
      .find(({ type, delete: old }) => /endpointConfiguration:/.test(type) && old !== true);
    const message = rolledBack.errors.join("\n");

    assert.notEqual(rolledBack.status, 0);
    assert.match(message, /SageMaker rolled the update of endpoint sagemaker-ops-dev-single back\./);
    assert.ok(message.includes(`Answering: endpoint configuration ${liveConfig}.`), message);
    assert.ok(message.includes(`Wanted: ${wanted?.id}, model sha256 ${digestOf("e")}.`), message);
    assert.notEqual(wanted?.id, liveConfig);
  });

  it("deletes nothing of what answers", () => {
    const { live } = endpointOf(stack);

    assert.equal(live.status, "InService");
    assert.equal(live.configName, liveConfig);
    assert.match(servedArtifact(stack) ?? "", new RegExp(`/models/${digestOf("b")}/model\\.tar\\.gz$`));
    assert.deepEqual(
      changesOf(rolledBack).filter((change) => change.startsWith("delete")),
      [],
    );
  });

  it("is tried again by the next update, and then the wanted model answers", async () => {
    const next = engine().keep(stack.fork());

    const run = await next.up();

    assert.deepEqual(failuresOf(run), []);
    assert.equal(run.status, 0, run.stderr);
    assert.match(servedArtifact(next) ?? "", new RegExp(`/models/${digestOf("e")}/model\\.tar\\.gz$`));
  });

  it("fails again under a provider that does not look at what answers, until a refresh does", async () => {
    const next = engine().keep(stack.fork());
    const objects = Object.keys(next.account().objects);
    next.setFaults({ compares: "inputs" });

    const again = await next.up();

    assert.notEqual(again.status, 0);
    assert.match(
      again.errors.join("\n"),
      /SageMaker rolled the update of endpoint sagemaker-ops-dev-single back\./,
    );
    assert.deepEqual(Object.keys(next.account().objects), objects);

    const refreshed = await next.up({ args: ["--refresh"] });

    assert.deepEqual(failuresOf(refreshed), []);
    assert.match(servedArtifact(next) ?? "", new RegExp(`/models/${digestOf("e")}/model\\.tar\\.gz$`));

    const settled = await next.preview({ args: ["--refresh", "--expect-no-changes"] });

    assert.deepEqual(changesOf(settled), []);
    assert.equal(settled.status, 0, settled.stderr);
  });
});

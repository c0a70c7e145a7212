import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "mocha";
import { promote } from "../../cli/commands/promote";
import { prune } from "../../cli/commands/prune";
import { rollback } from "../../cli/commands/rollback";
import { verify } from "../../cli/commands/verify";
import { artifact, sha256 } from "../cli/promote/promote-tools";
import type { FakeVersion } from "../cli/prune/fake-account";
import { daysAgo } from "../cli/prune/prune-tools";
import type { EngineStack } from "./support/engine-stack";
import { operate } from "./support/operate";
import { changesOf, failuresOf } from "./support/operations";
import { endpointOf, servedArtifact, servingStack } from "./support/serving-stack";
import { digestOf } from "./support/settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that a model is promoted, verified, rolled back and cleaned up after by the commands, against the state that the engine
 * really writes. What updates leave behind is deleted and nothing else, whether state and account agree or not, and no update
 * misses it.
 *
 * The commands ask a fake of the services that shows the simulated account; what they delete is then taken out of that account. The
 * models bucket is the fake's own, as the simulated account has no objects.
 */
describeWithEngine("a stack that is operated", (engine) => {
  const endpointName = "sagemaker-ops-dev-single";
  const [second, third] = ["second", "third"].map((weights) => artifact({ weights })) as [Buffer, Buffer];
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-operate-"));
  const file = join(folder, "model.tar.gz");
  /** Of the models bucket. The first model was promoted long ago. */
  const objects: FakeVersion[] = [
    {
      key: `models/${digestOf("b")}/model.tar.gz`,
      versionId: "1",
      lastModified: daysAgo(100),
      body: Buffer.from("first"),
    },
  ];
  let stack: EngineStack;

  const promoted = async (bytes: Buffer) => {
    writeFileSync(file, bytes);
    const { status, text } = await operate(stack, { objects }, (own) =>
      promote("breeds", { stack: stack.stack, from: file }, own),
    );
    assert.equal(status, 0, text);
  };
  const verified = async () => {
    const { status, text } = await operate(stack, { objects }, (own) =>
      verify({ stack: stack.stack, timeoutMinutes: "1", json: true }, own),
    );
    const { findings } = JSON.parse(text) as { findings: { check: string; verdict: string }[] };
    return {
      status,
      failed: findings.filter(({ verdict }) => verdict === "failed").map(({ check }) => check),
    };
  };
  const pruned = async (more: { readonly account?: string } = {}) => {
    const { status, text, after } = await operate(stack, { objects }, (own) =>
      prune({ stack: stack.stack, keep: "0", yes: true, ...more }, own),
    );
    assert.equal(status, 0, text);
    return after;
  };
  const served = () => /models\/([0-9a-f]{64})\//.exec(servedArtifact(stack) ?? "")?.[1];
  const nameOf = (type: RegExp) =>
    stack.state().find((one) => type.test(one.type) && one.delete !== true)?.id;

  before(async () => {
    stack = await servingStack(engine());
    await promoted(second);
    assert.deepEqual(failuresOf(await stack.up()), []);
    await promoted(third);
    stack.setFaults({ silentRollback: [endpointName] });
    assert.notEqual((await stack.up()).status, 0);
    stack.setFaults({});
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is found by verify where SageMaker rolled back: another configuration and another digest answer", async () => {
    assert.deepEqual(await verified(), {
      status: 1,
      failed: ["deployed", "configuration", "model", "function"],
    });
  });

  it("keeps what answers and what the state wants, and loses what was there before them", async () => {
    const live = String(endpointOf(stack).live.configName);
    const wanted = nameOf(/endpointConfiguration:/);
    assert.notEqual(live, wanted);

    const { configurations, models, objects: left } = await pruned();

    assert.deepEqual(configurations, [live, wanted].sort());
    assert.equal(models?.length, 2);
    assert.ok(models.includes(nameOf(/sagemaker\/model:/) ?? ""));
    assert.deepEqual(
      [digestOf("b"), sha256(second), sha256(third)].map((digest) =>
        left?.some((key) => key.startsWith(`models/${digest}/`)),
      ),
      [false, true, true],
    );
    assert.equal(served(), sha256(second));
  });

  it("misses nothing of it in the next update, which verify finds right", async () => {
    assert.deepEqual(failuresOf(await stack.up()), []);
    assert.equal(served(), sha256(third));

    const { configurations } = await pruned();
    assert.equal(configurations?.length, 1);
    assert.deepEqual(await verified(), { status: 0, failed: [] });
    const preview = await stack.preview({ args: ["--refresh", "--expect-no-changes"] });

    assert.deepEqual(changesOf(preview), []);
    assert.equal(preview.status, 0, preview.stderr);
  });

  it("goes back to the model before by rollback and an update", async () => {
    const { status, text } = await operate(stack, { objects }, (own) =>
      rollback("breeds", undefined, { stack: stack.stack }, own),
    );
    assert.equal(status, 0, text);

    assert.deepEqual(failuresOf(await stack.up()), []);

    assert.equal(served(), sha256(second));
    assert.deepEqual(await verified(), { status: 0, failed: [] });
  });

  it("leaves no configuration and no model behind, once it is destroyed and pruned", async () => {
    assert.deepEqual(failuresOf(await stack.destroy()), []);

    const { configurations, models } = await pruned({ account: "123456789012" });

    assert.deepEqual([configurations, models], [[], []]);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "mocha";
import { approve } from "../../cli/commands/approve";
import { promote } from "../../cli/commands/promote";
import { artifact, sha256 } from "../cli/promote/promote-tools";
import type { FakeVersion } from "../cli/prune/fake-account";
import type { FakePackage } from "../cli/prune/fake-registry";
import type { EngineStack, Run } from "./support/engine-stack";
import { operate } from "./support/operate";
import { changesOf, failuresOf } from "./support/operations";
import { ofType, servedArtifact, servingStack } from "./support/serving-stack";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that a model of a stack that runs can be given a group of the model registry, which changes nothing else; that an artifact
 * is deployed only once somebody else has approved it; and that a release leaves the group as it is.
 *
 * The commands ask a fake of the services; groups are the simulated account's, their versions the fake's own.
 */
describeWithEngine("a model with a registry", (engine) => {
  const type = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-registry-"));
  const file = join(folder, "model.tar.gz");
  const next = artifact({ weights: "next" });
  const objects: FakeVersion[] = [];
  const packages: FakePackage[] = [];
  let stack: EngineStack;
  let added: Run;

  const promoted = () =>
    operate(stack, { objects, packages, caller: "bob" }, (own) =>
      promote("breeds", { stack: stack.stack, from: file }, own),
    );
  const served = () => /models\/([0-9a-f]{64})\//.exec(servedArtifact(stack) ?? "")?.[1];

  before(async () => {
    writeFileSync(file, next);
    stack = await servingStack(engine());
    stack.configure((settings) => {
      const models = settings.models as Record<string, StackSettings>;
      settings.models = { ...models, breeds: { ...models.breeds, registry: { kind: "group" } } };
    });
    added = await stack.up();
  });
  after(() => rmSync(folder, { recursive: true }));

  it("has its group made, and nothing else changed but the contract", () => {
    assert.deepEqual(failuresOf(added), []);
    assert.deepEqual(changesOf(added), [
      "create breeds",
      "create breeds-packages",
      "update contract-contract",
    ]);
    assert.deepEqual(
      ofType(stack, type).map(({ id }) => id),
      ["sagemaker-ops-dev-breeds"],
    );
    const { models } = stack.outputs() as { models?: unknown };
    assert.deepEqual(models, { breeds: { modelPackageGroupName: "sagemaker-ops-dev-breeds" } });
  });

  it("deploys an artifact only once somebody else has approved it", async () => {
    const before = served();
    const waiting = await promoted();
    assert.equal(waiting.status, 1, waiting.text);
    assert.deepEqual(changesOf(await stack.up()), []);
    assert.equal(served(), before);

    const { status, text } = await operate(stack, { objects, packages, caller: "ann" }, (own) =>
      approve("breeds", undefined, { stack: stack.stack }, own),
    );
    assert.equal(status, 0, text);
    assert.equal((await promoted()).status, 0);
    const release = await stack.up();

    assert.deepEqual(failuresOf(release), []);
    assert.equal(served(), sha256(next));
    assert.ok(!changesOf(release).some((change) => change.endsWith("breeds-packages")));
    assert.equal(packages.length, 1);
  });
});

import assert from "node:assert/strict";
import { scaleTo } from "./aws/endpoints";
import type { EngineStack, Run } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { endpointOf, ofType, servedArtifact, servingStack } from "./support/serving-stack";
import { digestOf, promote } from "./support/settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that a new model reaches an endpoint that goes on serving. Model and configuration are made anew under new names, the
 * endpoint is updated in place, and what it served before is kept.
 *
 * Does not prove how SageMaker shifts traffic; the fleet of each state is simulated as its documentation has it.
 */
describeWithEngine("the promotion of a model", (engine) => {
  let stack: EngineStack;
  let preview: Run;
  let up: Run;

  before(async () => {
    stack = await servingStack(engine());
    stack.changeAccount((cloud) => scaleTo({ cloud, faults: {} }, "sagemaker-ops-dev-single", 2));
    stack.configure((settings) => promote(settings, "d"));
    preview = await stack.preview();
    up = await stack.up();
  });

  const replaced = ["single-config", "single-model"];
  const updated = ["contract-contract", "contract-single", "single-endpoint"];

  it("replaces the model and the configuration, and updates the endpoint in place", () => {
    assert.deepEqual(failuresOf(up), []);
    assert.deepEqual(
      changesOf(up),
      [
        ...replaced.flatMap((name) =>
          ["create-replacement", "delete-replaced", "replace"].map((op) => `${op} ${name}`),
        ),
        ...updated.map((name) => `update ${name}`),
      ].sort(),
    );
  });

  it("is shown by a preview as it will be", () => {
    assert.equal(preview.status, 0, preview.stderr);
    const shown = (run: Run) => changesOf(run).filter((change) => !change.startsWith("delete-replaced"));
    assert.deepEqual(shown(preview), shown(up));
  });

  it("makes the new model answer", () => {
    assert.match(servedArtifact(stack) ?? "", new RegExp(`/models/${digestOf("d")}/model\\.tar\\.gz$`));
    assert.equal(
      (stack.outputs().endpoints as { single: { modelDigest: string } }).single.modelDigest,
      digestOf("d"),
    );
  });

  it("keeps the model and the configuration that answered before", () => {
    const artifacts = ofType(stack, "aws:sagemaker/model:Model").map(({ properties }) =>
      (properties.primaryContainer as { modelDataUrl: string }).modelDataUrl.split("/").at(-2),
    );

    assert.deepEqual(artifacts.sort(), [digestOf("b"), digestOf("d")]);
    assert.equal(ofType(stack, "aws:sagemaker/endpointConfiguration:EndpointConfiguration").length, 2);
  });

  it("never has fewer instances than the minimum, and goes back to the configuration's count from a higher one", () => {
    const { live } = endpointOf(stack);
    const minimum = 1;

    // Created with one, scaled to two, both fleets during the rollout, then the new one as configured.
    assert.deepEqual(live.states, ["Creating", "InService", "InService", "Updating", "InService"]);
    assert.deepEqual(live.counts, [0, 1, 2, 3, 1]);
    assert.ok((live.counts as number[]).slice(1).every((count) => count >= minimum));
  });
});

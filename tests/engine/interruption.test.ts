import assert from "node:assert/strict";
import { startedJobs } from "./aws/jobs";
import { EngineStack } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { ofType, servedArtifact } from "./support/serving-stack";
import { digestOf, jobAlone, promote, servingAndJob } from "./support/settings";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that a deployment whose engine is killed, between two calls or between a call and its record in the state, can be brought
 * to the end: nothing is left that no state knows, and no job is paid for twice.
 *
 * The steps are those at which something could be lost; each run goes on where the one before was killed.
 */
describeWithEngine("a deployment that is killed", (engine) => {
  // In each phase a step stands on the one before, so that the order is certain.
  const phases: readonly (readonly [string, (settings: StackSettings) => void, readonly string[]])[] = [
    [
      "training",
      jobAlone,
      ["aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:sagemaker/trainingJob:TrainingJob"],
    ],
    [
      "serving",
      servingAndJob,
      [
        "aws:sagemaker/model:Model",
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "aws:sagemaker/endpoint:Endpoint",
        "aws:appautoscaling/target:Target",
      ],
    ],
  ];
  // So that the engine writes no other step's state at the moment of the kill.
  const oneByOne = { args: ["--parallel", "1"] };
  let stack: EngineStack;

  for (const [phase, settings, types] of phases) {
    describe(`while it sets up ${phase}`, () => {
      before(async () => {
        const { cli, keep } = engine();
        stack ??= keep(await EngineStack.ofProject(cli, "dev"));
        stack.restore(settings);
      });

      for (const type of types) {
        for (const when of ["before", "after"] as const) {
          it(`goes on when it was killed ${when} ${type}`, async () => {
            stack.setFaults({ crash: { type, when } });
            const killed = await stack.up(oneByOne);
            assert.equal(killed.signal, "SIGKILL", killed.stdout);
            stack.setFaults({});

            await stack.recover();

            assert.deepEqual(withoutState(stack), []);
          });
        }
      }
    });
  }

  describe("and goes on to the end", () => {
    it("comes to the end, and starts each job once", async () => {
      const up = await stack.up();

      assert.deepEqual(failuresOf(up), []);
      const preview = await stack.preview({ args: ["--refresh", "--expect-no-changes"] });
      assert.deepEqual(changesOf(preview), []);
      assert.equal(startedJobs(stack.account()).length, 1);
      assert.equal(ofType(stack, "aws:sagemaker/endpoint:Endpoint").length, 1);
      assert.deepEqual(withoutState(stack), []);
    });

    for (const when of ["before", "after"] as const) {
      it(`promotes another model when it was killed ${when} the endpoint's update`, async () => {
        const digit = when === "before" ? "d" : "e";
        stack.configure((settings) => promote(settings, digit));
        stack.setFaults({ crash: { type: "aws:sagemaker/endpoint:Endpoint", when } });
        assert.equal((await stack.up(oneByOne)).signal, "SIGKILL");
        stack.setFaults({});

        await stack.recover();
        const up = await stack.up();

        assert.deepEqual(failuresOf(up), []);
        assert.match(servedArtifact(stack) ?? "", new RegExp(`/models/${digestOf(digit)}/model\\.tar\\.gz$`));
        assert.equal(startedJobs(stack.account()).length, 1);
      });
    }

    it("is destroyed in the end, but for what is retained", async () => {
      const destroyed = await stack.destroy();

      assert.deepEqual(failuresOf(destroyed), []);
      const types = Object.values(stack.account().objects).map(({ type }) => type);
      assert.deepEqual([...new Set(types)].sort(), [
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "aws:sagemaker/model:Model",
      ]);
    });
  });
});

/** What the account has and the state does not know. */
function withoutState(stack: EngineStack): string[] {
  const known = new Set(stack.state().map(({ type, id }) => `${type} ${id}`));
  return Object.keys(stack.account().objects).filter((key) => !known.has(key));
}

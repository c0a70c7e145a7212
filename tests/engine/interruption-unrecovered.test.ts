import assert from "node:assert/strict";
import { startedJobs } from "./aws/jobs";
import { EngineStack, type Run } from "./support/engine-stack";
import { oneByOne, withoutState } from "./support/go-on-through-kills";
import { failuresOf } from "./support/operations";
import { ofType } from "./support/serving-stack";
import { jobAlone, servingAlone } from "./support/settings";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine, type Engine } from "./support/with-engine";

/**
 * Shows what `sagemaker-ops recover` is for, and what holds without it: the stack is only freed, as Pulumi's message says, and
 * deployed again.
 */
describeWithEngine("a deployment that is killed and not recovered", (engine) => {
  it("makes a second model beside one that no state knows, as Pulumi draws its name", async () => {
    const type = "aws:sagemaker/model:Model";
    const { stack, again } = await deployedAgain(engine(), servingAlone, type);

    assert.deepEqual(failuresOf(again), []);
    assert.equal(ofType(stack, type).length, 2);
    assert.deepEqual(
      withoutState(stack).map((key) => key.split(" ")[0]),
      [type],
    );
  });

  it("starts no second job all the same, as a job's name is a digest of what it computes", async () => {
    const { stack, again } = await deployedAgain(engine(), jobAlone, "aws:sagemaker/trainingJob:TrainingJob");

    assert.notEqual(again.status, 0);
    assert.match(again.errors.join("\n"), /already exist/i);
    assert.equal(startedJobs(stack.account()).length, 1);
  });
});

/** Kills the first deployment between the call that makes the one resource of this type and its record in the state. */
async function deployedAgain(
  { cli, keep }: Engine,
  settings: (settings: StackSettings) => void,
  type: string,
): Promise<{ readonly stack: EngineStack; readonly again: Run }> {
  const stack = keep(await EngineStack.ofProject(cli, "dev", settings));
  stack.setFaults({ crash: { at: type, when: "after", stateFile: stack.stateFile } });
  assert.equal((await stack.up(oneByOne)).signal, "SIGKILL");
  stack.setFaults({});
  await stack.pulumi(["cancel", "--stack", "dev", "--yes"]);
  return { stack, again: await stack.up() };
}

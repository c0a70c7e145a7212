import assert from "node:assert/strict";
import { EngineStack } from "./support/engine-stack";
import { runBounded } from "./support/run-bounded";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: what a person types. `sagemaker-ops preview` starts the real CLI, which loads the program as it does by itself, by ts-node
 * with its type check, and the pack with the stack's own configuration.
 */
describeWithEngine("the command line in front of the engine", (engine) => {
  it("previews a committed stack on an empty account", async () => {
    const { cli, keep } = engine();
    const stack = keep(await EngineStack.ofProject(cli, "dev"));
    stack.copy("cli", "plan", "simulate");

    const { status, stdout, stderr } = await runBounded(
      process.execPath,
      [stack.path("cli/bin.cjs"), "preview", "--stack", "dev", "--", "--non-interactive"],
      {
        cwd: stack.path("."),
        env: { ...stack.environment(), ENGINE_TYPE_CHECK: "true" },
        timeoutMs: 240_000,
      },
    );

    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /Policies:\n\s+(✅|⚠️) sagemaker-guard@v/u);
    assert.match(stdout, /Resources:\n\s+\+ \d+ to create/);
    assert.deepEqual(stack.account().objects, {});
  });
});

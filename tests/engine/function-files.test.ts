import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { EngineStack } from "./support/engine-stack";
import { changesOf } from "./support/operations";
import { servingAlone } from "./support/settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that the function's code is a file to the engine, named in the state and never copied into it, and that a deployment by
 * another process, which has the same code under another path, changes nothing.
 */
describeWithEngine("the function's code", (engine) => {
  let stack: EngineStack;

  before(async () => {
    stack = engine().keep(await EngineStack.ofProject(engine().cli, "dev", servingAlone));
    // Each run is a process of its own, as for people.
    stack.keepPlugins(false);
    const { status, stderr } = await stack.up();
    assert.equal(status, 0, stderr);
  });

  it("is a file that goes with the program's process, and no text in the state", () => {
    const files = codeFiles();

    assert.deepEqual(
      files.map(({ name, text, path, hash }) => [
        name,
        text === undefined,
        existsSync(String(path)),
        typeof hash,
      ]),
      [["index.mjs", true, false, "string"]],
    );
  });

  it("is the same code under another path in the next process, which changes nothing", async () => {
    const [before] = codeFiles();

    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    const up = await stack.up();

    assert.deepEqual([preview.status, up.status], [0, 0], preview.stdout + up.stderr);
    assert.deepEqual(changesOf(up), []);
    assert.equal(codeFiles()[0]?.hash, before?.hash);
  });

  it("need not be there when the function is removed", async () => {
    const { status, stderr } = await stack.destroy();

    assert.equal(status, 0, stderr);
  });

  function codeFiles(): { name: string; text?: unknown; path?: unknown; hash?: unknown }[] {
    const fn = stack.state().find(({ type }) => type === "aws:lambda/function:Function");
    const code = fn?.inputs?.code as { assets: Record<string, object> } | undefined;
    return Object.entries(code?.assets ?? {}).map(([name, file]) => ({ name, ...file }));
  }
});

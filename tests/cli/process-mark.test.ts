import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "mocha";
import { processMark, removeAbandoned } from "../../cli/core/process-mark";
import { inScratchFolder } from "../../cli/core/scratch-folder";

/** Number of a process that has ended. */
const gone = spawnSync(process.execPath, ["--version"]).pid;

describe("what a killed process has left", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-mark-"));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  });
  const write = (...names: readonly string[]) => {
    for (const name of names) writeFileSync(join(folder, name), "x");
  };

  it("is removed where its process is no more, a folder with all that is in it", () => {
    write(`draft.${hostname()}-${gone}.tmp`);
    mkdirSync(join(folder, `draft.${hostname()}-${gone}.tmp-folder`));
    write(join(`draft.${hostname()}-${gone}.tmp-folder`, "inside"));

    removeAbandoned(folder, "draft.", ".tmp");

    assert.deepEqual(readdirSync(folder), []);
  });

  it("stays where its process lives, where another computer may know it, and where it has another name", () => {
    const kept = [
      `draft.${processMark()}.tmp`,
      `draft.elsewhere-${gone}.tmp`,
      `draft.${hostname()}-${gone}.txt`,
      `draft.${hostname()}-.tmp`,
      `draft.${hostname()}-${gone}x.tmp`,
      `other.${hostname()}-${gone}.tmp`,
    ];
    write(...kept);

    removeAbandoned(folder, "draft.", ".tmp");

    assert.deepEqual(readdirSync(folder), kept.toSorted());
  });

  it("goes when the next command of its kind takes a folder for what is temporary", async () => {
    const before = "sagemaker-ops-mark-test-";
    const left = join(tmpdir(), `${before}${hostname()}-${gone}-abc123`);
    mkdirSync(left);

    const own = await inScratchFolder(before, async (scratch) => {
      assert.equal(existsSync(left), false);
      assert.ok(existsSync(scratch));
      return scratch;
    });

    assert.equal(existsSync(own), false);
  });
});

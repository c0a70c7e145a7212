import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildOnce } from "./build-once";
import { isSupported } from "./pulumi-cli";

describe("building a folder once", () => {
  let root: string;
  let folder: string;
  let builds: number;
  const build = async (into: string) => {
    builds += 1;
    await pause(20);
    writeFileSync(join(into, "file"), "built");
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "build-once-"));
    folder = join(root, "cache", "tool");
    builds = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("builds once for all who want it at the same time", async () => {
    await Promise.all(Array.from({ length: 5 }, () => buildOnce({ folder, build, pollMs: 1 })));

    assert.equal(builds, 1);
    assert.deepEqual(readdirSync(join(root, "cache")), ["tool"]);
    assert.deepEqual(readdirSync(folder), ["file"]);
  });

  it("leaves nothing behind where the build fails, and the next one can build", async () => {
    await assert.rejects(
      buildOnce({ folder, build: () => Promise.reject(new Error("no compiler")) }),
      /no compiler/,
    );
    assert.deepEqual(readdirSync(join(root, "cache")), []);

    await buildOnce({ folder, build });

    assert.ok(existsSync(join(folder, "file")));
  });

  it("takes over the lock of a builder that was killed", async () => {
    mkdirSync(`${folder}.lock`, { recursive: true });
    utimesSync(`${folder}.lock`, 0, 0);

    await buildOnce({ folder, build, pollMs: 1 });

    assert.equal(builds, 1);
    assert.deepEqual(readdirSync(join(root, "cache")), ["tool"]);
  });
});

describe("the CLI that the tests take", () => {
  it("is at least the oldest version that the program takes", () => {
    assert.deepEqual(
      [
        [3, 259, 0],
        [3, 259, 1],
        [3, 260, 0],
        [4, 0, 0],
        [3, 258, 9],
        [2, 300, 0],
      ].map(isSupported),
      [true, true, true, true, false, false],
    );
  });
});

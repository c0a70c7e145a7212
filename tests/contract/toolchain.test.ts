import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";

interface Manifest {
  readonly type?: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as Manifest;

/** Why it is so: docs/decisions/0001-two-loaders.md. */
describe("the tool chain", () => {
  it("is CommonJS on a TypeScript that ts-node can load", () => {
    assert.equal(manifest.type, undefined);
    assert.match(manifest.dependencies.typescript ?? "", /^6\./);
  });

  it("loads the program with types checked, as the engine's ts-node does", () => {
    const script = "process.stdout.write(typeof require('./infra/index.ts'))";

    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", "ts-node/register", "--eval", script],
      {
        cwd: projectRoot,
        encoding: "utf8",
      },
    );

    assert.equal(status, 0, stderr);
    assert.equal(stdout, "function");
  }).timeout(120_000);

  it("has a lockfile without download addresses, so that any registry serves it", () => {
    const lock = readFileSync(join(projectRoot, "package-lock.json"), "utf8");

    assert.doesNotMatch(lock, /"resolved": "https?:/);
  });
});

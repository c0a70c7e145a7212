import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { actionlint } from "./actionlint";
import { scriptFolder, steps } from "./workflow-files";

describe("actionlint", function () {
  this.timeout(600_000);
  let path: string;

  before(async function () {
    const found = await actionlint(process.env);
    if (found.kind === "found") {
      path = found.path;
      return;
    }
    assert.notEqual(process.env.CI, "true", `actionlint is needed with CI=true, and ${found.reason}`);
    process.stderr.write(`skipped: actionlint over the workflows, as ${found.reason}\n`);
    this.skip();
  });

  const lint = (cwd: string) =>
    spawnSync(path, ["-no-color", "-shellcheck=", "-pyflakes="], { cwd, encoding: "utf8" });

  it("finds nothing in the workflows", () => {
    const { status, stdout, stderr } = lint(projectRoot);

    assert.deepEqual([status, stdout, stderr], [0, "", ""]);
  });

  it("would find an untrusted title in a shell step", () => {
    const folder = mkdtempSync(join(tmpdir(), "workflows-"));
    mkdirSync(join(folder, ".git"));
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    writeFileSync(
      join(folder, ".github/workflows/bad.yml"),
      "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" +
        "      - run: echo ${{ github.event.pull_request.title }}\n",
    );

    const { status, stdout } = lint(folder);
    rmSync(folder, { recursive: true });

    assert.equal(status, 1);
    assert.match(stdout, /potentially untrusted/);
  });
});

describe("the shell of the workflows", () => {
  const bashSyntax = (source: string) => spawnSync("bash", ["-n"], { input: source, encoding: "utf8" });

  for (const { where, run } of steps.filter((step) => step.run !== undefined)) {
    it(`is valid and one line: ${where}`, () => {
      const source = run ?? "";

      assert.deepEqual([bashSyntax(source).status, source.trim().split("\n").length], [0, 1]);
    });
  }

  for (const file of readdirSync(scriptFolder).filter((name) => name.endsWith(".sh"))) {
    it(`is valid, and stops at the first failure: ${file}`, () => {
      const source = readFileSync(join(scriptFolder, file), "utf8");

      assert.equal(bashSyntax(source).status, 0);
      // The sourced one is under what its callers set.
      if (file !== "plain-log.sh")
        assert.match(source, /^#!\/usr\/bin\/env bash\n(?:#.*\n)+set -euo pipefail\n/);
    });
  }

  it("starts only scripts that exist", () => {
    const named = steps.flatMap(({ run = "" }) =>
      [...run.matchAll(/\.github\/scripts\/(\S+)/g)].map(([, file = ""]) => file),
    );

    assert.deepEqual([...new Set(named)].sort(), [
      "comment.mjs",
      "drift-issue.mjs",
      "drift-report.mjs",
      "drift.sh",
      "preview.sh",
      "report.mjs",
      "stacks.sh",
      "up.sh",
    ]);
    assert.deepEqual(
      named.filter((file) => !readdirSync(scriptFolder).includes(file)),
      [],
    );
  });
});

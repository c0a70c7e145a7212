import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Runnable } from "mocha";
import { projectRoot } from "../../cli/core/project-root";
import { runChild } from "../../cli/core/python/run-child";
import { describeWithPython } from "./describe-with-python";
import { failuresIn, junitCounts, type OutsideCounts, pytestLine } from "./pytest-report";

const folder = join(projectRoot, "training");

describeWithPython("the training package", (python) => {
  const inTraining = (module: string, args: readonly string[], onLine: (line: string) => void = () => {}) =>
    runChild(python(), ["-m", module, ...args], {
      cwd: folder,
      // The tests of the package start processes of their own by name, and share the machine with each other.
      env: {
        ...process.env,
        PATH: `${dirname(python())}${delimiter}${process.env.PATH ?? ""}`,
        OMP_NUM_THREADS: "1",
        PYTHONDONTWRITEBYTECODE: "1",
        NO_COLOR: "1",
      },
      onLine,
    });

  it("passes its own tests", async function () {
    const reports = mkdtempSync(join(tmpdir(), "sagemaker-ops-pytest-"));
    try {
      const report = join(reports, "report.xml");
      const options = ["-v", "--color=no", "--tb=short", "-p", "no:cacheprovider", `--junit-xml=${report}`];
      const { status, output } = await inTraining("pytest", options, tellProgress());

      assert.ok(existsSync(report), `pytest ended before its tests, with status ${status}:\n${output}`);
      const counts = junitCounts(readFileSync(report, "utf8"));
      const test: Runnable & { outside?: OutsideCounts } = this.runnable();
      test.outside = counts;
      test.title += `: pytest, ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
      assert.equal(status, 0, failuresIn(output));
      assert.ok(counts.passed > 0, "pytest ran no test");
      if (process.env.CI === "true") assert.equal(counts.skipped, 0, failuresIn(output));
    } finally {
      rmSync(reports, { recursive: true });
    }
  });

  const checks: readonly [string, string, readonly string[]][] = [
    ["is free of what ruff reports", "ruff", ["check", "--no-cache", "."]],
    ["is formatted as ruff does", "ruff", ["format", "--no-cache", "--check", "."]],
    ["has types that mypy finds consistent", "mypy", ["--no-incremental"]],
  ];
  for (const [title, module, args] of checks) {
    it(title, async () => {
      const { status, output } = await inTraining(module, args);

      assert.equal(status, 0, output);
    });
  }
});

/** pytest is silent for minutes otherwise: a line for each tenth. */
function tellProgress(): (line: string) => void {
  let told = 0;
  let failed = 0;
  return (line) => {
    const seen = pytestLine(line);
    if (seen === undefined) return;
    if (seen.outcome === "FAILED" || seen.outcome === "ERROR") failed += 1;
    if (seen.percent < told + 10) return;
    told = seen.percent - (seen.percent % 10);
    process.stderr.write(`    pytest ${told} %${failed === 0 ? "" : `, ${failed} failed`}\n`);
  };
}

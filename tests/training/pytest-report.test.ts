import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { failuresIn, junitCounts, pytestLine } from "./pytest-report";

describe("pytest's report", () => {
  const suite = (attributes: string) =>
    `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" ${attributes} time="0.1"><testcase name="a"/></testsuite></testsuites>`;

  it("counts an error as a failure, and what is skipped apart", () => {
    assert.deepEqual(junitCounts(suite('errors="1" failures="2" skipped="3" tests="10"')), {
      passed: 4,
      failed: 3,
      skipped: 3,
    });
  });

  it("counts a file that cannot be imported as one failure and no test", () => {
    assert.deepEqual(junitCounts(suite('errors="1" failures="0" skipped="0" tests="1"')), {
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it("refuses what is no report", () => {
    assert.throws(() => junitCounts("<testsuites/>"), /no test suite/);
    assert.throws(() => junitCounts(suite('errors="1" failures="2" tests="10"')), /no skipped/);
  });

  it("reads outcome and progress from the line of a test, also where a reason or spaces stand in it", () => {
    assert.deepEqual(pytestLine("tests/test_data.py::test_batches PASSED                    [  3%]"), {
      outcome: "PASSED",
      percent: 3,
    });
    assert.deepEqual(pytestLine("tests/test_data.py::test_a[x y] SKIPPED (no nccl) [100%]"), {
      outcome: "SKIPPED",
      percent: 100,
    });
    assert.equal(pytestLine("tests/test_data.py::test_batches"), undefined);
    assert.equal(pytestLine("FAILED tests/test_data.py::test_batches - assert 1 == 2"), undefined);
  });

  it("gives the failures without the list of all tests", () => {
    assert.equal(failuresIn("a PASSED\n=== FAILURES ===\nwhy"), "=== FAILURES ===\nwhy");
    assert.equal(failuresIn("INTERNALERROR"), "INTERNALERROR");
  });
});

describe("the total of a run", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-reporter-"));
  after(() => rmSync(folder, { recursive: true }));

  const totalOf = (source: string, ...args: readonly string[]): string => {
    const file = join(folder, "sample.test.cjs");
    writeFileSync(file, source);
    const mocha = join(projectRoot, "node_modules/mocha/bin/mocha.js");
    const options = ["--no-config", "--reporter", join(projectRoot, "tests/support/reporter.cjs"), ...args];
    try {
      return lastLine(
        execFileSync(process.execPath, [mocha, ...options, file], {
          encoding: "utf8",
        }),
      );
    } catch (error) {
      return lastLine((error as { stdout: string }).stdout);
    }
  };

  it("has the counts of another program's tests in place of the test that ran them", () => {
    assert.equal(
      totalOf(`it("own", () => {});
it("left out");
it("outside", function () { this.runnable().outside = { passed: 80, failed: 0, skipped: 2 }; });`),
      "81 passed, 0 failed, 3 skipped",
    );
  });

  it("has them where some failed", () => {
    assert.equal(
      totalOf(`it("own", () => {});
it("outside", function () {
  this.runnable().outside = { passed: 77, failed: 3, skipped: 0 };
  throw new Error("three failed");
});`),
      "78 passed, 3 failed, 0 skipped",
    );
  });

  it("has them where the tests run in workers", () => {
    assert.equal(
      totalOf(
        `it("outside", function () { this.runnable().outside = { passed: 80, failed: 0, skipped: 2 }; });`,
        ...["--parallel", "--require", join(projectRoot, "tests/support/outside-counts.cjs")],
      ),
      "80 passed, 0 failed, 2 skipped",
    );
  }).timeout(60_000);

  it("has a failure where the other program ended badly and none of its tests failed", () => {
    assert.equal(
      totalOf(`it("outside", function () {
  this.runnable().outside = { passed: 5, failed: 0, skipped: 0 };
  throw new Error("INTERNALERROR");
});`),
      "5 passed, 1 failed, 0 skipped",
    );
  });

  it("is that of mocha where there are none, and where another program did not get to its tests", () => {
    assert.equal(
      totalOf(`it("own", () => {}); it("outside", () => { throw new Error("no report"); });`),
      "1 passed, 1 failed, 0 skipped",
    );
  });
});

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

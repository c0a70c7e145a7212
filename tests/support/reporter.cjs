"use strict";

const { reporters } = require("mocha");

/**
 * mocha's spec report, closed by one line of totals that a machine can read as well. A test that runs another program's tests
 * tells their counts in `test.outside`; they count in its place.
 */
class ClosingLine extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.outside = { passed: 0, failed: 0, skipped: 0 };
    runner.on("test end", ({ outside, state }) => {
      if (outside === undefined) return;
      this.outside.passed += outside.passed - (state === "passed" ? 1 : 0);
      // A run that breaks off has failed without a failed test.
      this.outside.failed += state === "failed" ? Math.max(outside.failed, 1) - 1 : outside.failed;
      this.outside.skipped += outside.skipped;
    });
  }

  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const { passed, failed, skipped } = this.outside;
    reporters.Base.consoleLog(
      `${passes + passed} passed, ${failures + failed} failed, ${pending + skipped} skipped`,
    );
  }
}

module.exports = ClosingLine;

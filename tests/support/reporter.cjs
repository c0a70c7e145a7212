"use strict";

const { reporters } = require("mocha");

/** mocha's spec report, closed by one line of totals that a machine can read as well. */
class ClosingLine extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    reporters.Base.consoleLog(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

module.exports = ClosingLine;

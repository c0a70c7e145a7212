import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Finding } from "../../../cli/core/verify/judge";
import { verifyText } from "../../../cli/core/verify/report";
import { layoutOf } from "../../../plan/report/layout";

const findings: readonly Finding[] = [
  { endpoint: "single", check: "status", verdict: "ok", said: "InService" },
  {
    endpoint: "single",
    check: "configuration",
    verdict: "failed",
    said: "single-config-0000004 answers, and single-config-0000005 is wanted: the update was rolled back",
    next: "Find the cause in the alarms and the log, correct it, and run `npx sagemaker-ops up -- --refresh`.",
  },
  {
    endpoint: "queue",
    check: "model",
    verdict: "unchecked",
    said: "an asynchronous endpoint answers into a bucket",
  },
];
const report = { stack: "sagemaker-ops/dev", region: "us-east-1", findings, notDue: [] };

describe("the report of verify", () => {
  it("is a table per endpoint, with what to do below what failed", () => {
    assert.equal(
      verifyText(report, layoutOf(140, false)),
      `sagemaker-ops/dev in us-east-1

endpoint single
  status         ok           InService
  configuration  FAILED       single-config-0000004 answers, and single-config-0000005 is wanted: the update was rolled back
                              Find the cause in the alarms and the log, correct it, and run \`npx sagemaker-ops up -- --refresh\`.

endpoint queue
  model          not checked  an asynchronous endpoint answers into a bucket

1 of 3 checks failed.
`,
    );
  });

  it("does not exceed a narrow screen, and colours nothing but what it says", () => {
    const narrow = verifyText(report, layoutOf(60, false));
    const coloured = verifyText(report, layoutOf(60, true));

    assert.ok(
      narrow.split("\n").every((line) => line.length <= 60),
      narrow,
    );
    assert.notEqual(coloured, narrow);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), narrow);
  });

  it("says that something could not be checked, where nothing failed", () => {
    const quiet = findings.filter(({ verdict }) => verdict !== "failed");

    assert.match(
      verifyText({ ...report, findings: quiet }, layoutOf(100, false)),
      /Everything that could be checked holds\.\n$/,
    );
    assert.match(
      verifyText({ ...report, findings: [] }, layoutOf(100, false)),
      /No endpoint is due: there was nothing to check\.\n$/,
    );
  });
});

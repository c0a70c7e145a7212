import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Decision } from "../../../cli/core/prune/decide";
import { pruneText } from "../../../cli/core/prune/report";
import { layoutOf } from "../../../plan/report/layout";

const at = new Date("2026-11-01T08:00:00Z");
const decisions: readonly Decision[] = [
  {
    kind: "configuration",
    name: "single-config-0000001",
    verdict: "delete",
    reason: "no endpoint names it",
    createdAt: at,
  },
  {
    kind: "configuration",
    name: "single-config-0000002",
    verdict: "keep",
    reason: "endpoint sagemaker-ops-dev-single names it",
    createdAt: at,
  },
  {
    kind: "artifact",
    name: "ab".repeat(32),
    verdict: "delete",
    reason: "no model loads it, and it is not promoted",
    createdAt: at,
    sizeBytes: 102_400_000,
  },
];
const report = { stackTag: "sagemaker-ops/dev", region: "us-east-1", decisions, notes: [] };

describe("the report of prune", () => {
  it("is a table, with the reasons beside what they are about", () => {
    assert.equal(
      pruneText(report, layoutOf(100, false)),
      `sagemaker-ops/dev in us-east-1

Would be deleted
  endpoint configurations
    single-config-0000001  2026-11-01  no endpoint names it
  artifacts
    abababababababab…  2026-11-01  102.4 MB  no model loads it, and it is not promoted

Stays
  endpoint configurations
    single-config-0000002  2026-11-01  endpoint sagemaker-ops-dev-single names it

2 things with 102.4 MB would be deleted, for good. Nothing is deleted without --yes.
`,
    );
  });

  it("puts the reasons below where the screen is narrow, and never exceeds it", () => {
    const text = pruneText(report, layoutOf(60, false));

    assert.match(
      text,
      / {4}single-config-0000002 {2}2026-11-01\n {6}endpoint sagemaker-ops-dev-single names it\n/,
    );
    assert.ok(text.split("\n").every((line) => line.length <= 60));
  });

  it("colours nothing but what it says, on a terminal", () => {
    const plain = pruneText(report, layoutOf(100, false));
    const coloured = pruneText(report, layoutOf(100, true));

    assert.notEqual(coloured, plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), plain);
  });

  it("tells apart what was done, what came into use, and what is left", () => {
    const [one, , two] = decisions as [Decision, Decision, Decision];
    const text = pruneText(
      {
        ...report,
        outcomes: [
          { decision: one, kind: "deleted" },
          { decision: two, kind: "failed", reason: "s3:DeleteObjectVersion failed: SlowDown" },
        ],
      },
      layoutOf(100, false),
    );

    assert.match(text, /Deleted\n {2}endpoint configurations\n {4}single-config-0000001/);
    assert.match(
      text,
      /Could not be deleted\n {2}artifacts\n {4}abab.* s3:DeleteObjectVersion failed: SlowDown/,
    );
    assert.match(text, /1 thing deleted\. 1 left: run the command again\.\n$/);
  });
});

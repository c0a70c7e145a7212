import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { stackCeiling } from "../../../policy/cost/stack-ceiling";
import { TYPES } from "../../support/cost-samples";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource } from "../../support/stack-request";

const notebook = (name: string, more: Record<string, unknown> = {}): StackResource => ({
  type: TYPES.notebook,
  name,
  props: { instanceType: "ml.t3.medium", volumeSize: 20, ...more },
});
const key = (name: string, more: Record<string, unknown> = {}): StackResource => ({
  type: TYPES.key,
  name,
  props: more,
});

async function judge(resources: readonly StackResource[], settings: Record<string, unknown> = {}) {
  return analyzeStack(
    [stackCeiling.policy({ settings: { "cost-stack-ceiling": settings } })] as Policies,
    resources,
  );
}

/** A notebook is 39.3 a month, a key 1. */
describe("cost-stack-ceiling", () => {
  it("passes a stack exactly at its ceiling and refuses it a cent below, as a finding about the stack", async () => {
    const resources = [notebook("a"), notebook("b"), key("key")];

    assert.deepEqual(await judge(resources, { monthlyUsd: 79.6 }), []);
    const found = await judge(resources, { monthlyUsd: 79.59 });
    assert.deepEqual(
      found.map(({ level, urn }) => [level, urn]),
      [["mandatory", ""]],
    );
    assert.match(
      found[0]?.message ?? "",
      /This stack costs up to 79\.6 USD in its worst month; the ceiling is 79\.59: 79\.6 − 79\.59 = 0\.01 too much\. Counted: a 39\.3 = .*; b 39\.3 = .*; key 1 = .* Cheapest for notebook, .*or change ceilings\.monthlyUsd \(in the pack's own configuration: monthlyUsd of cost-stack-ceiling\)\.$/,
    );
  });

  it("names the five dearest lines and sums up the rest", async () => {
    const resources = [1, 2, 3, 4, 5, 6, 7].map((index) => notebook(`n${index}`));

    const [found] = await judge([key("key"), ...resources], { monthlyUsd: 10 });

    assert.match(found?.message ?? "", /n5 39\.3 = [^;]*; 3 other lines, together 79\.6\./);
    assert.doesNotMatch(found?.message ?? "", /n6/);
  });

  it("says what it costs at least, and of how much that is unknown, while the rest may fit", async () => {
    const found = await judge([notebook("a"), notebook("b", { instanceType: UNKNOWN_STRING })]);

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      found[0]?.message ?? "",
      /what this stack costs \(at least 42\.1 USD in its worst month of the 2500 allowed; 1 value unknown: b: the notebook: the instance type\)/,
    );
  });

  it("refuses what is above the ceiling already, though one resource is unknown", async () => {
    const resources = [notebook("a"), notebook("b", { instanceType: UNKNOWN_STRING })];

    const found = await judge(resources, { monthlyUsd: 40 });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory"],
    );
    assert.match(found[0]?.message ?? "", /costs at least 42\.1 USD .* 1 value is unknown until deployment/);
  });

  const rows: readonly [string, Record<string, unknown>, Record<string, string>][] = [
    [
      "a type without a price",
      { instanceType: "ml.nothing.large" },
      { deny: "mandatory", estimate: "mandatory", allow: "advisory" },
    ],
    [
      "a region without prices",
      { region: "zz-nowhere-1" },
      { deny: "mandatory", estimate: "mandatory", allow: "advisory" },
    ],
    [
      "a volume size that is no number",
      { volumeSize: "big" },
      { deny: "mandatory", estimate: "mandatory", allow: "mandatory" },
    ],
  ];
  for (const [what, more, expected] of rows) {
    for (const [unpriced, level] of Object.entries(expected)) {
      it(`answers ${what} with a ${level} finding where unpriced is "${unpriced}"`, async () => {
        const found = await judge([notebook("a", more), notebook("b")], { unpriced });

        assert.deepEqual(
          found.map((diagnostic) => diagnostic.level),
          [level],
        );
      });
    }
  }

  it("mentions small fees without a rate, and refuses nothing for them", async () => {
    const found = await judge([key("key", { region: "zz-nowhere-1" }), notebook("a")]);

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      found[0]?.message ?? "",
      /costs at least 39\.3 USD .* key: key; requests are billed beside it: no price table/,
    );
  });

  it("has nothing to say of an empty stack", async () => {
    assert.deepEqual(await judge([]), []);
  });
});

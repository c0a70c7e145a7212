import assert from "node:assert/strict";
import fc from "fast-check";
import type { CostLine } from "../../../plan/plan";
import { costRows } from "../../../plan/report/cost-rows";
import { placementOf } from "../../../plan/report/placement";
import { smallPlan } from "../small-plan";

const placement = placementOf(smallPlan);
const urns = smallPlan.resources.filter(({ custom }) => custom).map(({ urn }) => urn);

function line(urn: string, fields: Partial<CostLine> = {}): CostLine {
  return {
    urn,
    component: "c",
    hourly: 0,
    idleMonthly: 1,
    monthly: 2,
    worstMonthly: 3,
    basis: "b",
    ...fields,
  };
}

function urnOf(name: string): string {
  return smallPlan.resources.find((resource) => resource.custom && resource.name === name)?.urn ?? "";
}

describe("plan/report/cost-rows", () => {
  it("loses no amount by folding", () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 });
    const lines = fc.array(
      fc.record({
        urn: fc.constantFrom(...urns, "urn:pulumi:dev::shop::a:b:C::unknown"),
        component: fc.constantFrom("a", "a/x", "a/y"),
        hourly: amount,
        idleMonthly: amount,
        monthly: amount,
        worstMonthly: amount,
        basis: fc.constantFrom("one", "two"),
      }),
      { maxLength: 30 },
    );
    const keys = ["hourly", "idleMonthly", "monthly", "worstMonthly"] as const;
    const sums = (list: readonly Pick<CostLine, (typeof keys)[number]>[]) =>
      keys.map((key) => list.reduce((sum, item) => sum + item[key], 0));

    fc.assert(
      fc.property(lines, (given) => {
        const rows = costRows(given, placement);

        assert.deepEqual(sums(rows), sums(given));
        assert.equal(rows.flatMap((row) => row.lines).length, given.length);
        assert.deepEqual(
          rows.map(({ worstMonthly }) => worstMonthly),
          rows.map(({ worstMonthly }) => worstMonthly).sort((a, b) => b - a),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("folds one type with one basis and one charge, nothing else", () => {
    const rows = costRows(
      [
        line(urnOf("front-errors")),
        line(urnOf("front-latency")),
        line(urnOf("front-function"), { worstMonthly: 2 }),
        line(urnOf("flag"), { worstMonthly: 1 }),
        line(urnOf("flag"), { worstMonthly: 0.5, component: "flag/history" }),
      ],
      placement,
    );

    assert.deepEqual(
      rows.map(({ label, worstMonthly, basis }) => [label, worstMonthly, basis]),
      [
        ["2 metric alarms", 6, "each: b"],
        ["Lambda function front", 2, "b"],
        ["SSM parameter flag", 1, "b"],
        ["SSM parameter flag: history", 0.5, "b"],
      ],
    );
  });

  it("names a job by its component's name instead of its hashed one", () => {
    const [row] = costRows([line(urnOf("shop-dev-searc-0bcadafe"))], placement);

    assert.equal(row?.label, "tuning job search");
  });

  it("names a few alike lines by their owners, and tells rows of one name apart", () => {
    const files = [line(urnOf("left-files")), line(urnOf("right-files"))];

    assert.deepEqual(
      costRows(files, placement).map(({ label }) => label),
      ["S3 buckets left, right"],
    );
    assert.deepEqual(
      costRows(
        [line(urnOf("front-errors")), line(urnOf("front-latency"), { basis: "other" })],
        placement,
      ).map(({ label }) => label),
      ["metric alarm front (front-errors)", "metric alarm front (front-latency)"],
    );
  });

  it("takes the estimator's word for what is not in the plan", () => {
    const [row] = costRows(
      [line("urn:pulumi:dev::shop::a:b:C::gone", { component: "gone/part" })],
      placement,
    );

    assert.equal(row?.label, "gone/part");
  });
});

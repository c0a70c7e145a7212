import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layoutOf } from "../../../plan/report/layout";
import { renderTerminal } from "../../../plan/report/terminal";
import { smallPlan } from "../small-plan";

const folder = join(__dirname, "..", "..", "fixtures", "reports");

describe("plan/report/terminal", () => {
  for (const { name, columns, full } of [
    { name: "small-60.txt", columns: 60, full: false },
    { name: "small-80.txt", columns: 80, full: false },
    { name: "small-120.txt", columns: 120, full: false },
    { name: "small-80-full.txt", columns: 80, full: true },
  ]) {
    it(`prints the small plan as tests/fixtures/reports/${name} has it`, () => {
      const file = join(folder, name);
      const text = renderTerminal(smallPlan, layoutOf(columns, false), { full });
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);

      assert.ok(existsSync(file), `${file} is missing; write it with UPDATE_GOLDEN=1`);
      assert.equal(text, readFileSync(file, "utf8"));
      assert.deepEqual(
        text.split("\n").filter((line) => [...line].length > columns),
        [],
      );
    });
  }

  it("says with the first lines what there is, whether it is allowed, what it costs and what comes next", () => {
    assert.deepEqual(renderTerminal(smallPlan, layoutOf(80, false)).split("\n").slice(0, 10), [
      "Stack      dev of shop in eu-west-1, planned against an empty account",
      "Resources  13 in 7 components (3 due, 10 not due)",
      "Policies   2 checked, 1 advisory violation (guard 1.2.3)",
      "Cost       0.20 idle, 1.40 expected, 1,234.70 worst case; USD a month",
      "Ceiling    2,000.00 a month: headroom 765.30, 61 % used in the worst case; above",
      "           its ceiling: jobUsd",
      "Next       npx shop up --stack dev",
      "then       shop upload",
      "then       shop data",
      "",
    ]);
  });

  it("names no deployment as the next step while a mandatory policy is violated", () => {
    const [verdict] = smallPlan.policies;
    assert.ok(verdict);
    const text = renderTerminal(
      { ...smallPlan, policies: [{ ...verdict, level: "mandatory" }] },
      layoutOf(80, false),
    );

    assert.match(text, /^Policies {3}2 checked, 1 mandatory violation \(guard 1\.2\.3\)$/m);
    assert.match(text, /^Next {7}correct the violations below and plan again$/m);
    assert.doesNotMatch(text, /npx shop up/);
  });

  it("says in words how far a worst case is above the ceiling", () => {
    const cost = { ...smallPlan.cost, ceilings: { monthlyUsd: 1234.69 } };

    assert.match(
      renderTerminal({ ...smallPlan, cost }, layoutOf(80, false)),
      /^Ceiling {4}1,234\.69 a month: the worst case is 0\.01 above it$/m,
    );
  });

  it("means nothing by colour alone", () => {
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    for (const full of [false, true]) {
      const colored = renderTerminal(smallPlan, layoutOf(80, true), { full });

      assert.ok(escapes.test(colored));
      assert.equal(colored.replaceAll(escapes, ""), renderTerminal(smallPlan, layoutOf(80, false), { full }));
    }
  });
});

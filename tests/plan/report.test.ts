import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { assemblePlan, type Plan, planExitCode } from "../../plan/plan";
import { planDocumentSchema, planJsonSchema } from "../../plan/plan-schema";
import { renderCost } from "../../plan/report/cost";
import { planDocument, renderJson } from "../../plan/report/json";
import { layoutOf, terminalLayout, truncateMiddle, wrap } from "../../plan/report/layout";
import { money, percent } from "../../plan/report/money";
import { renderTerminal } from "../../plan/report/terminal";
import { renderTree } from "../../plan/report/tree";
import { runFixture } from "./fixture-programs";
import { nothingChecked, sampleCost, samplePlan } from "./sample-plan";

const escapeCode = String.fromCharCode(27);

describe("plan/report", () => {
  let plan: Plan;

  before(async () => {
    plan = await samplePlan();
  });

  describe("json", () => {
    it("is the documented object, with its keys in the documented order", () => {
      const document = planDocument(plan);

      planDocumentSchema.parse(document);
      assert.deepEqual(Object.keys(document), [
        "stack",
        "resources",
        "policies",
        "cost",
        "permissions",
        "outputs",
      ]);
      assert.deepEqual(Object.keys(document.resources[0] ?? {}), [
        "urn",
        "type",
        "name",
        "parent",
        "inputs",
        "dependencies",
        "options",
        "due",
      ]);
      assert.deepEqual(Object.keys(document.policies[0] ?? {}), [
        "policy",
        "level",
        "severity",
        "urn",
        "message",
      ]);
      assert.deepEqual(Object.keys(document.cost), [
        "currency",
        "region",
        "pricesAsOf",
        "lines",
        "monthly",
        "worstMonthly",
        "ceilings",
      ]);
      assert.deepEqual(Object.keys(document.cost.lines[0] ?? {}), [
        "urn",
        "component",
        "hourly",
        "monthly",
        "worstMonthly",
        "basis",
      ]);
      assert.deepEqual(
        document.resources.filter((resource) => !resource.due).map((resource) => resource.type),
        ["aws:sns/topic:Topic"],
      );
    });

    it("has a JSON Schema", () => {
      assert.deepEqual(planJsonSchema().required, [
        "stack",
        "resources",
        "policies",
        "cost",
        "permissions",
        "outputs",
      ]);
    });

    it("is one object and a newline", () => {
      const text = renderJson(plan);

      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(planDocument(plan))));
      assert.ok(text.endsWith("}\n"));
    });
  });

  describe("terminal", () => {
    for (const columns of [60, 80, 120, 200]) {
      it(`keeps every line within the width at ${columns} columns and loses no section`, () => {
        const layout = layoutOf(columns, false);
        const text = renderTerminal(plan, layout);

        assert.equal(layout.width, Math.min(columns, 140));
        const tooLong = text.split("\n").filter((line) => [...line].length > layout.width);
        assert.deepEqual(tooLong, []);
        for (const heading of [
          "Stack      dev of access in eu-west-1",
          "Resources: 17 (16 due, 1 not due)",
          "Not due yet",
          "Policies: 1 checked, 1 mandatory violation",
          "Who may do what",
          "Cost",
          "Outputs",
          "Not known until deployment",
          "Messages from the program",
        ]) {
          assert.ok(
            text.split("\n").some((line) => line.startsWith(heading)),
            heading,
          );
        }
        assert.equal(text.includes(escapeCode), false);
        assert.doesNotMatch(text, /[ \t]$/m);
      });
    }

    it("shows the same words with colours as without", () => {
      const plain = renderTerminal(plan, layoutOf(100, false));
      const colored = renderTerminal(plan, layoutOf(100, true));

      assert.ok(colored.includes(escapeCode));
      assert.equal(colored.replaceAll(new RegExp(`${escapeCode}\\[\\d+m`, "g"), ""), plain);
    });

    it("draws components above what they hold, marks what is not due, and counts", async () => {
      const program = await runFixture("component");
      const label = program.resources.find((resource) => resource.name === "shelf-label");
      const tree = renderTree(
        assemblePlan({
          project: "component",
          stack: "dev",
          program,
          checked: nothingChecked,
          cost: sampleCost,
          notDueUrns: new Set([label?.urn ?? ""]),
        }),
        layoutOf(80, false),
      );

      assert.deepEqual(tree, [
        "component-dev  pulumi:pulumi:Stack (2)",
        "└─ shelf  acme:storage:Shelf (2)",
        "   ├─ shelf-disk  acme:storage/disk:Disk",
        "   └─ shelf-label  acme:storage/label:Label  not due",
      ]);
    });

    it("names what the plan made up, look-ups first", async () => {
      const program = await runFixture("invokes");
      const { unknownUntilDeployment } = assemblePlan({
        project: "p",
        stack: "dev",
        program,
        checked: nothingChecked,
        cost: sampleCost,
      });

      assert.deepEqual(unknownUntilDeployment, [
        { what: "AWS account", standsIn: "123456789012", resources: 0 },
        { what: "values of SSM parameters, such as AMI ids", standsIn: undefined, resources: 0 },
      ]);
    });
  });

  describe("cost", () => {
    it("lists the dearest first, then the total against the ceiling, then what has no price", () => {
      const lines = renderCost({ cost: sampleCost, resources: [] }, layoutOf(140, false));

      assert.deepEqual(lines, [
        "USD in eu-west-1, per month of 730 hours; prices of 2026-10-01.",
        "",
        "what                                  per hour   idle  expected  worst case  basis",
        "endpoint single, with a name that       0.1155  83.95     83.95    1,335.80  1 × ml.m5.large at 0.1155 an hour, up to 4 instances by",
        "  goes on for longer than any column                                         autoscaling, round the clock",
        "  can be wide",
        "notebook                                  0.05   0.00      8.00       36.50  ml.t3.medium, 160 hours a month",
        "total                                           83.95     91.95    1,372.30",
        "",
        "ceiling               limit   largest  used",
        "monthlyUsd         1,400.00  1,372.30  98 %  the stack's worst month",
        "hourlyUsd.hosting      0.12                  nothing of the kind",
        "",
        "Not in these amounts:",
        "  ec2.Instance box              no price for p9.large in eu-west-1",
      ]);
    });

    it("says so where nothing has a price, or no price is known", () => {
      const cost = { ...sampleCost, lines: [], unpriced: [], ceilings: {}, pricesAsOf: null };

      assert.deepEqual(renderCost({ cost, resources: [] }, layoutOf(100, false)), [
        "USD in eu-west-1, per month of 730 hours; no prices are known for this region.",
        "",
        "Nothing in the plan has a price.",
      ]);
    });

    it("says by how much a worst case is above its ceiling", () => {
      const lines = renderCost(
        { cost: { ...sampleCost, ceilings: { monthlyUsd: 1372.29 } }, resources: [] },
        layoutOf(100, false),
      );

      assert.ok(
        lines.includes("monthlyUsd  1,372.29  1,372.30  101 %  the stack's worst month: above by 0.01"),
      );
    });

    it("writes money alike in every locale", () => {
      assert.deepEqual([0, 0.005, 999.999, 1234567.8, -3].map(money), [
        "0.00",
        "0.01",
        "1,000.00",
        "1,234,567.80",
        "-3.00",
      ]);
    });
  });

  describe("percent", () => {
    it("is 100 at the limit alone, less below it and more above", () => {
      assert.deepEqual(
        [percent(99.99, 100), percent(100, 100), percent(100.01, 100), percent(0, 100), percent(1, 0)],
        ["99 %", "100 %", "101 %", "0 %", "over 100 %"],
      );
    });
  });

  describe("layout", () => {
    it("takes the width from COLUMNS before the stream, and keeps it between 60 and 140", () => {
      const width = (columns: string | undefined, stream: number | undefined) =>
        terminalLayout({ COLUMNS: columns }, stream === undefined ? {} : { columns: stream }).width;

      assert.deepEqual(
        [
          width("90", 70),
          width(undefined, 70),
          width(undefined, undefined),
          width("20", 70),
          width("500", 70),
          width("x", 70),
        ],
        [90, 70, 100, 60, 140, 70],
      );
    });

    it("colours only a terminal without NO_COLOR", () => {
      const colored = (environment: Record<string, string>, isTTY: boolean) =>
        terminalLayout(environment, { isTTY }).paint.isColorSupported;

      assert.deepEqual(
        [
          colored({}, true),
          colored({}, false),
          colored({ NO_COLOR: "1" }, true),
          colored({ TERM: "dumb" }, true),
        ],
        [true, false, false, false],
      );
    });

    it("truncates in the middle and wraps what has no spaces after a separator", () => {
      assert.equal(truncateMiddle("abcdefghij", 5), "ab…ij");
      assert.equal(truncateMiddle("abcde", 5), "abcde");
      assert.deepEqual(wrap("arn:aws:iam::123456789012:role/name", 26), [
        "arn:aws:iam::123456789012:",
        "role/name",
      ]);
      assert.deepEqual(wrap("one two three", 10, "  "), ["one two", "  three"]);
    });
  });

  it("exits with 1 for a mandatory violation only", () => {
    const verdict = plan.policies[0];
    assert.ok(verdict);

    assert.equal(planExitCode(plan), 1);
    assert.equal(planExitCode({ policies: [{ ...verdict, level: "advisory" }] }), 0);
    assert.equal(planExitCode({ policies: [] }), 0);
  });

  it("is the same, byte for byte, in two processes, in Tokyo and in Turkish", function () {
    // Two whole processes, on a machine that may be busy with other tests.
    this.timeout(120_000);
    const print = (environment: Record<string, string>) =>
      execFileSync(process.execPath, ["--require", "tsx/cjs", join(__dirname, "print-sample.ts")], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, COLUMNS: "100", ...environment },
        encoding: "utf8",
      });

    const first = print({ TZ: "UTC", LANG: "C" });
    const second = print({ TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" });

    assert.ok(first.length > 5000);
    assert.equal(second, first);
  });
});

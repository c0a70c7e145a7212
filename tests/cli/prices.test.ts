import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TableAge } from "../../cli/core/prices/age";
import { agesText } from "../../cli/core/prices/show-age";
import { listingText, priceListing } from "../../cli/core/prices/show-list";
import { changesText } from "../../cli/core/prices/show-refresh";
import { layoutOf } from "../../plan/report/layout";
import { cheapest, pricedRegions } from "../../policy/catalog/prices";
import { runCli } from "../support/run-cli";
import { sampleTable } from "./prices-samples";

const ages: readonly TableAge[] = [
  {
    region: "us-east-1",
    rows: 312,
    newest: { row: "sagemakerMlStorage/notebook", date: "2026-10-01", ageDays: 51 },
    oldest: { row: "s3/standardStorage", date: "2024-07", ageDays: 873 },
    oldestInUse: { row: "ec2LinuxOnDemand/m5.large", date: "2026-07-20", ageDays: 124 },
    fresh: false,
  },
];

/** Ages depend on the day: the command is run with limits that no day can change. */
describe("sagemaker-ops prices check", () => {
  it("ends with 0 where nothing is past the limit", async () => {
    const { status, stdout } = await runCli(["prices", "check", "--max-age-days", "99999"]);

    assert.equal(status, 0);
    assert.match(stdout, /No price in use is older than 99999 days\./);
  });

  it("ends with 1 past the limit and says what to do", async () => {
    const { status, stdout } = await runCli([
      "prices",
      "check",
      "--max-age-days",
      "0",
      "--region",
      "eu-west-1",
    ]);

    assert.equal(status, 1);
    assert.match(
      stdout.replace(/\s+/g, " "),
      /Older than 0 days: eu-west-1\. Refresh with `npx sagemaker-ops prices refresh --region eu-west-1`/,
    );
  });

  it("prints one JSON object with --json: every region, and the oldest row in use where a stack is", async () => {
    const { status, stdout } = await runCli(["prices", "check", "--max-age-days", "99999", "--json"]);
    const report = JSON.parse(stdout) as { fresh: boolean; maxAgeDays: number; regions: TableAge[] };

    assert.deepEqual([status, report.fresh, report.maxAgeDays], [0, true, 99999]);
    assert.deepEqual(
      report.regions.map(({ region }) => region),
      pricedRegions,
    );
    assert.deepEqual(
      report.regions.filter(({ oldestInUse }) => oldestInUse !== undefined).map(({ region }) => region),
      ["us-east-1"],
    );
  });

  it("refuses a limit that is no number of days and a region without a table", async () => {
    for (const [args, message] of [
      [["--max-age-days", "soon"], /--max-age-days is "soon"; it must be a whole number of days/],
      [
        ["--region", "eu-west-9"],
        /--region is "eu-west-9", which has no price table; there are tables for ap-south-1/,
      ],
    ] as const) {
      const { status, stdout, stderr } = await runCli(["prices", "check", ...args]);

      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, message);
    }
  });

  it("fits 60 columns and breaks no label", () => {
    assert.equal(
      agesText(ages, 30, layoutOf(60, false)),
      [
        "us-east-1  312 rows  too old",
        "  newest         51 days (2026-10-01)",
        "                 sagemakerMlStorage/notebook",
        "  oldest in use  124 days (2026-07-20)",
        "                 ec2LinuxOnDemand/m5.large",
        "  oldest         873 days (2024-07) s3/standardStorage",
        "",
        "Older than 30 days: us-east-1. Refresh with `npx",
        "sagemaker-ops prices refresh --region us-east-1` (needs",
        "pricing:GetProducts), review the diff and commit it.",
        "",
      ].join("\n"),
    );
  });
});

describe("sagemaker-ops prices list", () => {
  it("lists what has a price or an estimate, cheapest first, and names the rest", async () => {
    const { status, stdout } = await runCli(["prices", "list", "--use", "notebook"]);
    const lines = stdout.split("\n");

    assert.equal(status, 0);
    assert.match(lines[0] ?? "", /^notebook in us-east-1, on demand, cheapest first$/);
    assert.match(lines[2] ?? "", /^ml\.t3\.medium +2 +4 +0\.05 +2026-09-24$/);
    assert.match(stdout, /\nWithout a price \(\d+\): ml\.t2\.medium/);
  });

  it("says the same as the catalogue, in JSON", async () => {
    const { stdout } = await runCli(["prices", "list", "-u", "hosting", "-r", "ap-south-1", "--json"]);
    const listing = JSON.parse(stdout) as ReturnType<typeof priceListing>;

    assert.deepEqual(
      listing.prices.map(({ instanceType, price }) => ({ instanceType, hourlyUsd: price.hourlyUsd })),
      cheapest("ap-south-1", "hosting"),
    );
  });

  it("refuses a use that there is not, naming those that there are", async () => {
    const { status, stderr } = await runCli(["prices", "list", "--use", "fun"]);

    assert.equal(status, 2);
    assert.match(stderr, /--use is "fun"; it must be one of hosting, training, tuning, notebook, compute/);
  });

  it("fits 60 columns", () => {
    const text = listingText(priceListing("us-east-1", "training"), layoutOf(60, false));

    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 60),
      [],
    );
  });
});

describe("the table of changes", () => {
  const change = { row: "lambda/provisionedConcurrencyX86", oldUsd: 0.0000041667, newUsd: 0.0000051667 };
  const merged = {
    table: sampleTable(),
    changes: [{ ...change, percent: 24 }],
    confirmed: 3,
    problems: [],
  };

  it("shortens a row's name in the middle where 60 columns are too few", () => {
    assert.equal(
      changesText("us-east-1", merged, layoutOf(60, false)),
      [
        "row                           old USD       new USD   change",
        "lambda/prov…currencyX86  0.0000041667  0.0000051667  +24.0 %",
        "",
        "us-east-1: 1 price changed or added, 3 confirmed.",
        "",
      ].join("\n"),
    );
  });

  it("has room for the longest instance type in 60 columns", () => {
    const row = "sagemaker/ml.g4dn.12xlarge/Notebook";
    const text = changesText(
      "us-east-1",
      { ...merged, changes: [{ row, oldUsd: 4.89, newUsd: 4.8912, percent: 0.02 }] },
      layoutOf(60, false),
    );

    assert.match(text, /^ml\.g4dn\.12xlarge Notebook +4\.89 +4\.8912 +\+0\.0 %$/m);
  });

  it("is coloured on a terminal only", () => {
    assert.match(changesText("us-east-1", merged, layoutOf(100, true)), /\[31m/);
    assert.doesNotMatch(changesText("us-east-1", merged, layoutOf(100, false)), /\[3/);
  });
});

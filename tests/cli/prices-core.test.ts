import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { rowsInUse, tableAge } from "../../cli/core/prices/age";
import { mergeRows } from "../../cli/core/prices/merge-rows";
import { type PriceQuery, priceQueries } from "../../cli/core/prices/queries";
import { rowsOf } from "../../cli/core/prices/row-id";
import { selectRows } from "../../cli/core/prices/select-rows";
import { plainDecimal, tableText } from "../../cli/core/prices/table-text";
import { priceTable } from "../../policy/catalog/price-table";
import { sampleProduct, sampleRate, sampleTable } from "./prices-samples";

const queries = new Map(priceQueries("us-east-1").map((query) => [query.name, query]));

function query(name: string): PriceQuery {
  const found = queries.get(name);
  if (found === undefined) throw new Error(`no query ${name}`);
  return found;
}

const hosting = query("SageMaker Hosting");
const m5 = { sku: "JDZQJFUVUR8SUWHS", usagetype: "USE1-Host:ml.m5.xlarge", usd: "0.2300000000" };

describe("selectRows", () => {
  it("takes price, SKU, rate code and dates of the one price that is asked for", () => {
    const { rows, problems, products } = selectRows(hosting, [[sampleProduct(m5)]]);

    assert.deepEqual([problems, products], [[], 1]);
    assert.deepEqual(Object.fromEntries(rows), {
      "sagemaker/ml.m5.xlarge/Hosting": {
        value: 0.23,
        unit: "USD/hour",
        source: "AWS Price List API, AmazonSageMaker 20261120180431",
        date: "2026-11-20",
        confidence: "high",
        sku: "JDZQJFUVUR8SUWHS",
        rateCode: "JDZQJFUVUR8SUWHS.JRTCKXETXF.6YS6EN2CT7",
        effectiveDate: "2026-11-01T00:00:00Z",
        publicationDate: "2026-11-20T18:04:31Z",
      },
    });
  });

  it("reads the String objects that the SDK hands over, over several pages", () => {
    const { rows } = selectRows(hosting, [
      [Object(sampleProduct(m5))],
      [Object(sampleProduct({ sku: "B", usagetype: "USE1-Host:ml.m5.large", usd: "0.115" }))],
    ]);

    assert.deepEqual([...rows.keys()], ["sagemaker/ml.m5.xlarge/Hosting", "sagemaker/ml.m5.large/Hosting"]);
  });

  const ignored = [
    ["another component", "USE1-Train:ml.m5.xlarge"],
    ["asynchronous inference", "USE1-AsyncInf:ml.m5.xlarge"],
    ["a reservation", "USE1-Reserved-Host:ml.m5.xlarge"],
    ["a type that the catalogue does not know", "USE1-Host:ml.m99.xlarge"],
    ["a type that is not sold for the use", "USE1-Host:ml.t3.medium"],
    ["a volume", "USE1-Host:VolumeUsage.gp2"],
  ];
  for (const [what, usagetype = ""] of ignored) {
    it(`leaves out ${what}`, () => {
      const { rows, problems } = selectRows(hosting, [[sampleProduct({ ...m5, usagetype })]]);

      assert.deepEqual([rows.size, problems], [0, []]);
    });
  }

  it("takes the prefix of every region, and none", () => {
    for (const usagetype of ["Host:ml.m5.xlarge", "EU-Host:ml.m5.xlarge", "APS3-Host:ml.m5.xlarge"]) {
      assert.equal(selectRows(hosting, [[sampleProduct({ ...m5, usagetype })]]).rows.size, 1, usagetype);
    }
  });

  it("refuses two prices for one row and names both SKUs", () => {
    const { rows, problems } = selectRows(hosting, [
      [sampleProduct(m5)],
      [sampleProduct({ ...m5, sku: "SECOND", usd: "0.24" })],
    ]);

    assert.equal(rows.size, 0);
    assert.deepEqual(problems, [
      {
        kind: "ambiguous",
        query: "SageMaker Hosting",
        message:
          "sagemaker/ml.m5.xlarge/Hosting has 2 prices: SKU JDZQJFUVUR8SUWHS 0.23 per Hrs (JDZQJFUVUR8SUWHS.JRTCKXETXF.6YS6EN2CT7), SKU SECOND 0.24 per Hrs (SECOND.JRTCKXETXF.6YS6EN2CT7)",
      },
    ]);
  });

  it("refuses the same SKU twice: which answer holds cannot be known", () => {
    assert.equal(
      selectRows(hosting, [[sampleProduct(m5), sampleProduct(m5)]]).problems[0]?.kind,
      "ambiguous",
    );
  });

  const unusable = [
    ["another unit", { unit: "Quantity" }, /0\.23 per Quantity from 0 to Inf/],
    ["a tier of an hourly price", { endRange: "100" }, /from 0 to 100/],
    ["a later tier", { beginRange: "100" }, /from 100 to Inf/],
    ["a price of zero", { usd: "0.0000000000" }, /0 per Hrs/],
    ["a price in another currency", { currency: "CNY" }, /no USD per Hrs/],
  ] as const;
  for (const [what, change, message] of unusable) {
    it(`refuses ${what} and says what there is`, () => {
      const { rows, problems } = selectRows(hosting, [[sampleProduct({ ...m5, ...change })]]);

      assert.equal(rows.size, 0);
      assert.equal(problems[0]?.kind, "unusable");
      assert.match(problems[0]?.message ?? "", message);
    });
  }

  const garbage: readonly [string, unknown, RegExp][] = [
    ["half a document", '{"product":', /item 1 is not JSON/],
    ["a page of a proxy", "<html>Sign in</html>", /item 1 is not JSON/],
    ["a list", "[]", /item 1 is not a JSON object/],
    ["null", null, /item 1 is not text/],
    ["what cannot be turned into text", { toString: null }, /item 1 is not text/],
    ["a document without a product", '{"terms":{}}', /item 1 has no product/],
    ["a price that is empty", sampleProduct({ ...m5, usd: "" }), /item 1 has the price ""/],
    ["a price that is negative", sampleProduct({ ...m5, usd: "-1" }), /item 1 has the price "-1"/],
    ["a date that is none", sampleProduct({ ...m5, publicationDate: "soon" }), /publicationDate "soon"/],
  ];
  for (const [what, item, message] of garbage) {
    it(`refuses ${what}`, () => {
      const { rows, problems } = selectRows(hosting, [[item]]);

      assert.equal(rows.size, 0);
      assert.equal(problems[0]?.kind, "garbage");
      assert.match(problems[0]?.message ?? "", message);
    });
  }

  it("never throws and never finds a price in what is not the Price List's", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.json(), fc.string())), (items) => {
        const { rows, problems } = selectRows(hosting, [items]);
        assert.equal(rows.size, 0);
        assert.equal(problems.length, items.length);
      }),
    );
  });

  const rates: readonly [string, Parameters<typeof sampleProduct>[0], number, string][] = [
    [
      "ebs/gp3Throughput",
      { sku: "T", usagetype: "EBS:VolumeP-Throughput.gp3", usd: "40.96", unit: "GiBps-mo" },
      0.04,
      "USD/MiBps-month",
    ],
    [
      "lambda/durationX86",
      {
        sku: "L",
        usagetype: "Lambda-GB-Second",
        usd: "0.0000166667",
        unit: "Lambda-GB-Second",
        endRange: "6000000000",
      },
      0.0000166667,
      "USD/GB-second",
    ],
    [
      "lambda/requests",
      { sku: "R", usagetype: "USE1-Request", usd: "0.0000002000", unit: "Requests" },
      0.2,
      "USD/million requests",
    ],
    [
      "s3/standardPut",
      { sku: "P", usagetype: "Requests-Tier1", usd: "0.0000050000", unit: "Requests" },
      0.005,
      "USD/1000 requests",
    ],
    ["kms/key", { sku: "K", usagetype: "us-east-1-KMS-Keys", usd: "1", unit: "Keys" }, 1, "USD/key-month"],
    [
      "sagemakerMlStorage/training",
      {
        sku: "V",
        usagetype: "USE1-Train:VolumeUsage.gp2",
        usd: "0.14",
        unit: "GB-Mo",
        description: "$0.14 per GB-Mo of Training Job ML storage",
      },
      0.14,
      "USD/GB-month",
    ],
  ];
  for (const [row, product, value, unit] of rates) {
    it(`reads ${row} in the table's unit`, () => {
      const { rows, problems } = selectRows(query(row), [[sampleProduct(product)]]);

      assert.deepEqual(problems, []);
      assert.deepEqual([rows.get(row)?.value, rows.get(row)?.unit], [value, unit]);
    });
  }

  const lookalikes: readonly [string, string][] = [
    ["lambda/requests", "Lambda-Edge-Request"],
    ["lambda/durationX86", "USE1-Lambda-GB-Second-ARM"],
    ["s3/standardPut", "USE1-Requests-SIA-Tier1"],
    ["s3/standardPut", "USE1-Tables-Requests-Tier1"],
    ["ebs/standardStorage", "EBS:VolumeUsage.gp3"],
    ["cloudwatch/standardAlarm", "CW:HighResAlarmMonitorUsage"],
  ];
  for (const [row, usagetype] of lookalikes) {
    it(`does not take ${usagetype} for ${row}`, () => {
      const { rows, problems } = selectRows(query(row), [[sampleProduct({ ...m5, usagetype })]]);

      assert.deepEqual([rows.size, problems], [0, []]);
    });
  }
});

describe("mergeRows", () => {
  const row = "sagemaker/ml.m5.xlarge/Hosting";
  const listed = (rate = sampleRate(0.25)) =>
    sampleTable({ sagemaker: { "ml.m5.xlarge": { Hosting: rate } } });
  const answer = (change = {}) => [
    { query: hosting, selection: selectRows(hosting, [[sampleProduct({ ...m5, ...change })]]) },
  ];

  it("puts the new value in and tells old, new and per cent", () => {
    const { table, changes, confirmed, problems } = mergeRows(listed(), answer());

    assert.deepEqual([problems, confirmed], [[], 0]);
    assert.equal(changes.length, 1);
    assert.deepEqual(
      { ...changes[0], percent: changes[0]?.percent?.toFixed(1) },
      {
        row,
        oldUsd: 0.25,
        newUsd: 0.23,
        percent: "-8.0",
      },
    );
    assert.equal(rowsOf(table).get(row)?.sku, "JDZQJFUVUR8SUWHS");
  });

  it("counts a value that held as confirmed, and dates it anew", () => {
    const { table, changes, confirmed } = mergeRows(listed(sampleRate(0.23)), answer());

    assert.deepEqual([changes, confirmed], [[], 1]);
    assert.equal(rowsOf(table).get(row)?.date, "2026-11-20");
  });

  it("does not touch the table it is given", () => {
    const table = listed();
    mergeRows(table, answer());

    assert.deepEqual(table, listed());
  });

  it("reports a row of the table that the answer lacks, with the query", () => {
    const other = { sku: "B", usagetype: "USE1-Host:ml.m5.large", usd: "0.115" };
    const { problems } = mergeRows(listed(), answer(other));

    assert.deepEqual(problems, [
      {
        kind: "missing",
        query: "SageMaker Hosting",
        message: `no SKU for ${row} (AmazonSageMaker, regionCode=us-east-1, usagetype=Host:ml.)`,
      },
    ]);
  });

  it("reports many missing rows as one problem of their query", () => {
    const types = Object.fromEntries(
      ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"].map((size) => [
        `m5.${size}`,
        sampleRate(1),
      ]),
    );
    const ec2 = query("EC2 Linux");
    const { problems } = mergeRows(sampleTable({ ec2LinuxOnDemand: types }), [
      { query: ec2, selection: selectRows(ec2, [[]]) },
    ]);

    assert.equal(problems.length, 1);
    assert.match(
      problems[0]?.message ?? "",
      /^no SKU for ec2LinuxOnDemand\/m5\.large, .*, 2 more \(AmazonEC2, /,
    );
  });

  it("reports an empty answer even where the table has no row yet", () => {
    const { problems } = mergeRows(sampleTable(), [{ query: hosting, selection: selectRows(hosting, [[]]) }]);

    assert.deepEqual(
      problems.map(({ kind, message }) => [kind, message]),
      [["missing", "no SKU for any price (AmazonSageMaker, regionCode=us-east-1, usagetype=Host:ml.)"]],
    );
  });

  const older: readonly [string, object, object][] = [
    ["an older day", { date: "2026-11-21" }, {}],
    ["an older month than a coarse date", { date: "2026-12" }, {}],
    ["a price that began to hold earlier", { effectiveDate: "2026-11-02T00:00:00Z" }, {}],
  ];
  for (const [what, before] of older) {
    it(`refuses ${what}`, () => {
      const { problems, changes } = mergeRows(listed(sampleRate(0.25, before)), answer());

      assert.deepEqual([problems[0]?.kind, changes], ["older", []]);
    });
  }

  it("takes an answer of the same day, and of a month that is not known closer", () => {
    for (const date of ["2026-11-20", "2026-11", "2026"]) {
      assert.deepEqual(mergeRows(listed(sampleRate(0.25, { date })), answer()).problems, [], date);
    }
  });

  it("keeps a rate's note, and drops an instance hour's, which was about the earlier source", () => {
    const storage = query("ebs/gp3Storage");
    const gp3 = { sku: "G", usagetype: "EBS:VolumeUsage.gp3", usd: "0.08", unit: "GB-Mo" };
    const table = sampleTable({
      ebs: { gp3Storage: sampleRate(0.08, { note: "kept" }) },
      sagemaker: { "ml.m5.xlarge": { Hosting: sampleRate(0.23, { note: "dropped" }) } },
    });
    const merged = mergeRows(table, [
      ...answer(),
      { query: storage, selection: selectRows(storage, [[sampleProduct(gp3)]]) },
    ]);

    assert.equal(rowsOf(merged.table).get("ebs/gp3Storage")?.note, "kept");
    assert.equal(rowsOf(merged.table).get(row)?.note, undefined);
  });
});

describe("the queries", () => {
  for (const region of ["us-east-1", "eu-west-1"]) {
    it(`own every row of ${region}, each row by one query`, () => {
      const table = priceTable(region);
      assert.ok(table);
      const all = priceQueries(region);

      const wrong = [...rowsOf(table).keys()].filter(
        (row) => all.filter(({ owns }) => owns(row)).length !== 1,
      );

      assert.deepEqual(wrong, []);
    });
  }

  it("give each row the unit it has in the table", () => {
    const table = priceTable("us-east-1");
    assert.ok(table);

    const wrong = [...rowsOf(table)].filter(
      ([row, { unit }]) => priceQueries("us-east-1").find(({ owns }) => owns(row))?.tableUnit !== unit,
    );

    assert.deepEqual(wrong, []);
  });
});

describe("tableText", () => {
  it("gives the same text whatever the order of the rows", () => {
    const a = sampleTable({
      ec2LinuxOnDemand: { "m5.large": sampleRate(0.096), "c5.large": sampleRate(0.085) },
    });
    const b = sampleTable({
      ec2LinuxOnDemand: { "c5.large": sampleRate(0.085), "m5.large": sampleRate(0.096) },
    });

    assert.equal(tableText(a), tableText(b));
  });

  it("reads back as the table", () => {
    const table = sampleTable({ lambda: { durationX86: sampleRate(0.0000166667) } });

    assert.deepEqual(JSON.parse(tableText(table)), table);
  });

  it("writes money without exponent and without trailing zeros", () => {
    assert.deepEqual([3.09e-8, 0.23, 1, 10, 98.32].map(plainDecimal), [
      "0.0000000309",
      "0.23",
      "1",
      "10",
      "98.32",
    ]);
  });

  it("refuses a number that it would have to round", () => {
    assert.throws(() => plainDecimal(1e-13), RangeError);
  });
});

describe("tableAge", () => {
  const now = new Date("2026-11-21T09:00:00Z");
  const table = sampleTable({
    ec2LinuxOnDemand: {
      "m5.large": sampleRate(0.096, { date: "2026-11-20" }),
      "c5.large": sampleRate(0.085, { date: "2025-11-21" }),
    },
    kms: { key: sampleRate(1, { date: "2026-10" }) },
  });

  it("counts a coarse date from the first day it can mean", () => {
    const { newest, oldest, rows } = tableAge(table, now, 30);

    assert.equal(rows, 3);
    assert.deepEqual(newest, { row: "ec2LinuxOnDemand/m5.large", date: "2026-11-20", ageDays: 1 });
    assert.deepEqual(oldest, { row: "ec2LinuxOnDemand/c5.large", date: "2025-11-21", ageDays: 365 });
    assert.equal(
      tableAge(sampleTable({ kms: { key: sampleRate(1, { date: "2026" }) } }), now, 1).oldest.ageDays,
      324,
    );
  });

  it("is fresh up to the limit: newest row and oldest row in use", () => {
    const inUse = rowsInUse(new Set(["ml.m5.large"]));

    assert.equal(tableAge(table, now, 51, inUse).oldestInUse?.row, "kms/key");
    assert.deepEqual(
      [51, 50].map((limit) => tableAge(table, now, limit, inUse).fresh),
      [true, false],
    );
    assert.equal(tableAge(table, now, 1).fresh, true);
    assert.equal(tableAge(table, now, 0).fresh, false);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import ratios from "../../../policy/catalog/family-ratios.json";
import { findInstanceType, instanceTypesFor, USES, type Use } from "../../../policy/catalog/instance-types";
import { familyRatio, pricedRegions, priceTable } from "../../../policy/catalog/price-table";
import {
  cheapest,
  cloudwatchRate,
  ebsRate,
  kmsKeyRate,
  mlVolumeRate,
  networkRate,
  priceOf,
  pricesAsOf,
  provisionedConcurrencyRate,
} from "../../../policy/catalog/prices";

const REGION = "us-east-1";

/** Rows per region: a row that is lost, or added without a check, shows here. */
const sagemakerRows: Readonly<Record<string, number>> = {
  "ap-south-1": 23,
  "eu-central-1": 0,
  "eu-west-1": 10,
  "us-east-1": 70,
  "us-east-2": 1,
  "us-west-2": 0,
};
const ec2Rows: Readonly<Record<string, number>> = {
  "ap-south-1": 200,
  "eu-central-1": 211,
  "eu-west-1": 195,
  "us-east-1": 216,
  "us-east-2": 213,
  "us-west-2": 213,
};

describe("the price tables", () => {
  for (const region of pricedRegions) {
    const table = priceTable(region);
    if (table === undefined) throw new Error(`no table for ${region}`);

    it(`hold a finite positive number with unit, source and date in every row of ${region}`, () => {
      const { ec2LinuxOnDemand, sagemaker, sagemakerMlStorage, ebs, s3, lambda, network, kms, cloudwatch } =
        table;
      const sections = [
        ec2LinuxOnDemand,
        ...Object.values(sagemaker),
        sagemakerMlStorage,
        ebs,
        s3,
        lambda,
        network,
        kms,
        cloudwatch,
      ];
      const rows = sections.flatMap((section) => Object.entries(section ?? {}));

      assert.ok(rows.length > 200);
      for (const [key, row] of rows) {
        assert.ok(Number.isFinite(row.value) && row.value > 0, `${key}: ${row.value}`);
        assert.match(row.unit, /^USD\/\S/, key);
        assert.notEqual(row.source, "", key);
        assert.match(row.date, /^20\d\d(-\d\d(-\d\d)?)?$/, key);
        assert.ok(["high", "medium-high", "medium", "derived"].includes(row.confidence), key);
      }
    });

    it(`name only types of the catalogue in ${region}, for uses they are sold for`, () => {
      const use = { Hosting: "hosting", Training: "training", Notebook: "notebook" } as const;
      const strangers = Object.entries(table.sagemaker).flatMap(([name, components]) =>
        Object.keys(components).filter(
          (component) => findInstanceType(use[component as keyof typeof use], name) === undefined,
        ),
      );
      const unknownEc2 = Object.keys(table.ec2LinuxOnDemand).filter(
        (name) => findInstanceType("compute", name) === undefined,
      );

      assert.deepEqual([...strangers, ...unknownEc2], []);
    });

    it(`keep each SageMaker row of ${region} on its family's ratio to EC2, but for the listed exceptions`, () => {
      const off: string[] = [];
      let checked = 0;
      for (const [name, components] of Object.entries(table.sagemaker)) {
        const [, family = "", size = ""] = name.split(".");
        const excused = ratios.exceptions.some((exception) => exception.family === family);
        const ratio = familyRatio(family, size);
        const ec2 = table.ec2LinuxOnDemand[`${family}.${size}`]?.value;
        for (const [component, row] of Object.entries(components)) {
          checked += 1;
          if (excused) continue;
          if (ratio === undefined || ec2 === undefined) {
            off.push(`${name} ${component} has nothing to check by`);
          } else if (
            Math.abs(row.value - ec2 * ratio) > Math.max(ratios.tolerance * ec2, ratios.roundingUsd)
          ) {
            off.push(`${name} ${component} ${row.value} is ${(row.value / ec2).toFixed(4)} of EC2's ${ec2}`);
          }
        }
      }

      assert.deepEqual(off, []);
      assert.equal(checked, sagemakerRows[region]);
    });

    it(`price as many EC2 types of the catalogue in ${region} as a source had`, () => {
      const priced = instanceTypesFor("compute").filter(
        ({ name }) => priceOf({ region, use: "compute", instanceType: name }).kind === "priced",
      );

      assert.equal(priced.length, ec2Rows[region]);
    });
  }
});

describe("priceOf", () => {
  it("gives a listed price with source, date and confidence", () => {
    assert.deepEqual(priceOf({ region: REGION, use: "hosting", instanceType: "ml.g4dn.xlarge" }), {
      kind: "priced",
      hourlyUsd: 0.7364,
      source: "AWS Price List API, AmazonSageMaker, 2026-09-28",
      date: "2026-09-28",
      confidence: "high",
    });
  });

  it("keeps the components apart: the same type has a price of its own for each", () => {
    const hourly = (use: Use) => {
      const price = priceOf({ region: REGION, use, instanceType: "ml.g5.xlarge" });
      return price.kind === "priced" ? price.hourlyUsd : undefined;
    };

    assert.deepEqual([hourly("hosting"), hourly("training"), hourly("notebook")], [1.4084, 1.408, 1.41]);
  });

  it("bills tuning as training", () => {
    const query = { region: REGION, instanceType: "ml.m5.4xlarge" };

    assert.deepEqual(priceOf({ ...query, use: "tuning" }), priceOf({ ...query, use: "training" }));
  });

  it("estimates an unlisted type from EC2's price and the family ratio, and says so", () => {
    assert.deepEqual(priceOf({ region: REGION, use: "training", instanceType: "ml.m5.2xlarge" }), {
      kind: "estimated",
      hourlyUsd: 0.4608,
      basis: "EC2 m5.2xlarge 0.384 × family ratio 1.2 (karpenter generated table 2026-07-20)",
    });
  });

  const unpriced: readonly [string, Use, string, RegExp][] = [
    [
      "a family without a ratio",
      "hosting",
      "ml.m5d.large",
      /no Hosting price of ml\.m5d\.large .* nor enough to estimate it/,
    ],
    ["an irregular family", "training", "ml.trn1.2xlarge", /nor enough to estimate it/],
    ["a type not sold for the use", "hosting", "ml.t3.medium", /not sold for hosting/],
    ["an unknown type", "compute", "m5.enormous", /not an instance type this catalogue knows/],
    ["a name that objects have of their own", "hosting", "constructor", /not an instance type/],
  ];
  for (const [what, use, instanceType, reason] of unpriced) {
    it(`has no price for ${what}, and a reason`, () => {
      const price = priceOf({ region: REGION, use, instanceType });

      assert.equal(price.kind, "unpriced");
      assert.match(price.kind === "unpriced" ? price.reason : "", reason);
    });
  }

  it("estimates where a region has EC2's price alone, and leaves out what AWS has lowered since the source", () => {
    assert.deepEqual(priceOf({ region: "us-west-2", use: "hosting", instanceType: "ml.m5.large" }), {
      kind: "estimated",
      hourlyUsd: 0.1152,
      basis:
        "EC2 m5.large 0.096 × family ratio 1.2 (ec2instances.info, as of 2025-05-28 (Go module github.com/cristim/ec2-instances-info v0.0.0-20250528091325))",
    });
    assert.equal(
      priceOf({ region: "us-west-2", use: "training", instanceType: "ml.p4d.24xlarge" }).kind,
      "unpriced",
    );
  });

  it("has no price in a region without a table, and names those that have one", () => {
    assert.deepEqual(priceOf({ region: "eu-west-3", use: "hosting", instanceType: "ml.m5.large" }), {
      kind: "unpriced",
      reason:
        "no price table for region eu-west-3; there are tables for ap-south-1, eu-central-1, eu-west-1, us-east-1, us-east-2, us-west-2",
    });
  });

  it("never answers with a number that is not finite and positive", () => {
    for (const use of USES) {
      for (const { name } of instanceTypesFor(use)) {
        const price = priceOf({ region: REGION, use, instanceType: name });
        if (price.kind !== "unpriced")
          assert.ok(Number.isFinite(price.hourlyUsd) && price.hourlyUsd > 0, name);
      }
    }
  });
});

describe("the other rates", () => {
  it("are the table's", () => {
    const rates = [
      mlVolumeRate(REGION, "endpoint"),
      ebsRate(REGION, "gp3Storage"),
      provisionedConcurrencyRate(REGION, "arm64"),
      networkRate(REGION, "publicIpv4"),
      kmsKeyRate(REGION),
      cloudwatchRate(REGION, "standardAlarm"),
    ].map((rate) => (rate.kind === "priced" ? [rate.usd, rate.unit] : rate.reason));

    assert.deepEqual(rates, [
      [0.14, "USD/GB-month"],
      [0.08, "USD/GB-month"],
      [0.0000033334, "USD/GB-second"],
      [0.005, "USD/hour"],
      [1, "USD/key-month"],
      [0.1, "USD/alarm-metric-month"],
    ]);
  });

  it("are unpriced, not zero, in a region without a table", () => {
    assert.equal(kmsKeyRate("mars-north-1").kind, "unpriced");
    assert.equal(pricesAsOf("mars-north-1"), undefined);
  });

  it("are as of the newest date in the table", () => {
    assert.equal(pricesAsOf(REGION), "2026-09-28");
  });
});

describe("cheapest", () => {
  it("orders what has a price or an estimate, cheapest first", () => {
    assert.deepEqual(cheapest(REGION, "notebook").slice(0, 3), [
      { instanceType: "ml.t3.medium", hourlyUsd: 0.05 },
      { instanceType: "ml.t3.large", hourlyUsd: 0.0998 },
      { instanceType: "ml.c6i.large", hourlyUsd: 0.102 },
    ]);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { z } from "zod";
import { tableText } from "../../../cli/core/prices/table-text";
import { projectRoot } from "../../../cli/core/project-root";
import ratios from "../../../policy/catalog/family-ratios.json";
import type { PriceTable } from "../../../policy/catalog/price-table";
import { pricedRegions } from "../../../policy/catalog/prices";

const folder = join(projectRoot, "policy/catalog/prices");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

function row(...units: readonly [string, ...string[]]) {
  const read = z.strictObject({
    value: z.number().positive().max(1000),
    unit: z.enum(units),
    source: z.string().min(10),
    date: z.string().regex(/^20\d\d(?:-[01]\d(?:-[0-3]\d)?)?$/),
    confidence: z.enum(["high", "medium-high", "medium", "derived"]),
    note: z.string().min(3).optional(),
    sku: z.string().min(1).optional(),
    rateCode: z.string().min(1).optional(),
    effectiveDate: z.iso.datetime().optional(),
    publicationDate: z.iso.datetime().optional(),
  });
  // What the refresh writes, it writes together.
  return read.refine(
    ({ sku, rateCode, effectiveDate, publicationDate }) =>
      new Set([sku, rateCode, effectiveDate, publicationDate].map((value) => value === undefined)).size === 1,
    { error: "has some of sku, rateCode, effectiveDate and publicationDate, but not all" },
  );
}

const hour = row("USD/hour");
const gbMonth = row("USD/GB-month");
const gbSecond = row("USD/GB-second");

const shape = z.strictObject({
  schemaVersion: z.literal(1),
  region: z.string().regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d$/),
  currency: z.literal("USD"),
  term: z.literal("OnDemand"),
  hoursPerMonth: z.literal(730),
  note: z.string().min(20),
  ec2LinuxOnDemand: z.record(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/), hour),
  sagemaker: z.record(
    z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/),
    z
      .strictObject({ Hosting: hour.optional(), Training: hour.optional(), Notebook: hour.optional() })
      .refine((components) => Object.keys(components).length > 0),
  ),
  sagemakerMlStorage: partial(["endpoint", "notebook", "processing", "training"], gbMonth),
  ebs: z
    .strictObject({
      gp2Storage: gbMonth.optional(),
      gp3Iops: row("USD/IOPS-month").optional(),
      gp3Storage: gbMonth.optional(),
      gp3Throughput: row("USD/MiBps-month").optional(),
      io1Iops: row("USD/IOPS-month").optional(),
      io1Storage: gbMonth.optional(),
      sc1Storage: gbMonth.optional(),
      snapshotStorage: gbMonth.optional(),
      st1Storage: gbMonth.optional(),
      standardStorage: gbMonth.optional(),
    })
    .optional(),
  s3: z
    .strictObject({
      standardGet: row("USD/1000 requests").optional(),
      standardPut: row("USD/1000 requests").optional(),
      standardStorage: gbMonth.optional(),
    })
    .optional(),
  lambda: z
    .strictObject({
      durationArm: gbSecond.optional(),
      durationX86: gbSecond.optional(),
      ephemeralStorage: gbSecond.optional(),
      provisionedConcurrencyArm: gbSecond.optional(),
      provisionedConcurrencyX86: gbSecond.optional(),
      provisionedDurationArm: gbSecond.optional(),
      provisionedDurationX86: gbSecond.optional(),
      requests: row("USD/million requests").optional(),
    })
    .optional(),
  network: partial(["interfaceEndpoint", "natGateway", "publicIpv4"], hour),
  kms: z.strictObject({ key: row("USD/key-month") }).optional(),
  cloudwatch: z
    .strictObject({
      dashboard: row("USD/dashboard-month").optional(),
      highResolutionAlarm: row("USD/alarm-metric-month").optional(),
      standardAlarm: row("USD/alarm-metric-month").optional(),
    })
    .optional(),
});

describe("the files of the price tables", () => {
  it("are the ones that the catalogue reads, each named after its region", () => {
    assert.deepEqual(files.map((name) => name.replace(/\.json$/, "")).sort(), [...pricedRegions]);
    for (const name of files) assert.equal(`${read(name).region}.json`, name);
  });

  for (const name of files) {
    it(`hold nothing but the known keys, units, dates and confidences: ${name}`, () => {
      const parsed = shape.safeParse(read(name));

      assert.equal(parsed.success ? "" : z.prettifyError(parsed.error), "");
    });

    it(`are laid out as the refresh writes them, so that its diff shows prices only: ${name}`, () => {
      assert.equal(readFileSync(join(folder, name), "utf8"), tableText(read(name)));
    });
  }

  it("do not carry a mistake past the shape", () => {
    const table = read("us-east-1.json");
    const spoilt: readonly [string, object][] = [
      ["an unknown section", { ...table, lightsail: {} }],
      ["a price of zero", { ...table, kms: { key: { ...table.kms?.key, value: 0 } } }],
      ["a price as text", { ...table, kms: { key: { ...table.kms?.key, value: "1" } } }],
      ["a unit of another section", { ...table, kms: { key: { ...table.kms?.key, unit: "USD/hour" } } }],
      ["a row without a source", { ...table, kms: { key: { ...table.kms?.key, source: undefined } } }],
      ["a date of another form", { ...table, kms: { key: { ...table.kms?.key, date: "28.9.2026" } } }],
      ["a SKU without its rate code", { ...table, kms: { key: { ...table.kms?.key, sku: "K1" } } }],
      ["an unknown confidence", { ...table, kms: { key: { ...table.kms?.key, confidence: "sure" } } }],
    ];

    for (const [what, spoiltTable] of spoilt) {
      assert.equal(shape.safeParse(spoiltTable).success, false, what);
    }
  });
});

describe("the family ratios", () => {
  it("name each family in one rule per size, or as an exception with a reason", () => {
    const ruled = ratios.rules.flatMap(({ families, sizes }) =>
      families.map((family) => `${family} ${JSON.stringify(sizes)}`),
    );
    const both = ratios.exceptions.filter(({ family }) =>
      ratios.rules.some(({ families }) => families.includes(family)),
    );

    assert.equal(new Set(ruled).size, ruled.length);
    assert.deepEqual(both, []);
    for (const { reason } of ratios.exceptions) assert.ok(reason.length > 20);
  });
});

function read(name: string): PriceTable {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as PriceTable;
}

function partial(keys: readonly string[], rate: typeof hour) {
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, rate.optional()]))).optional();
}

import type { PriceTable, Rate } from "../../../policy/catalog/price-table";

/** Order of the keys of a file and of a row; the names of rows are sorted. */
const topKeys = ["schemaVersion", "region", "currency", "term", "hoursPerMonth", "note"];
const sectionKeys = [
  "ec2LinuxOnDemand",
  "sagemaker",
  "sagemakerMlStorage",
  "ebs",
  "s3",
  "lambda",
  "network",
  "kms",
  "cloudwatch",
] as const;
const rowKeys = [
  "value",
  "unit",
  "source",
  "date",
  "confidence",
  "note",
  "sku",
  "rateCode",
  "effectiveDate",
  "publicationDate",
] as const satisfies readonly (keyof Rate)[];

/** The table as its file holds it: the same table gives the same bytes, laid out as Biome lays out JSON. */
export function tableText(table: PriceTable): string {
  const sections = sectionKeys.flatMap((key) => {
    const section = table[key];
    return section === undefined ? [] : [[key, sortedSection(section)] as const];
  });
  const whole = Object.fromEntries([
    ...topKeys.map((key) => [key, table[key as keyof PriceTable]]),
    ...sections,
  ]);
  return `${lines(whole, 0)}\n`;
}

function sortedSection(section: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.keys(section)
      .sort()
      .map((key) => [key, isRow(section[key]) ? row(section[key]) : sortedSection(section[key] as never)]),
  );
}

function isRow(value: unknown): value is Rate {
  return typeof value === "object" && value !== null && "value" in value && "unit" in value;
}

function row(rate: Rate): unknown {
  return Object.fromEntries(rowKeys.flatMap((key) => (rate[key] === undefined ? [] : [[key, rate[key]]])));
}

function lines(value: unknown, indent: number): string {
  if (typeof value === "number") return plainDecimal(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${" ".repeat(indent + 2)}${JSON.stringify(key)}: ${lines(item, indent + 2)}`,
  );
  // Biome keeps an object on one line only where it was written so, and breaks it past the width; here each key has its own.
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${" ".repeat(indent)}}`;
}

/** Without exponent and without trailing zeros, so that a diff reads like money: `0.0000041667`. */
export function plainDecimal(value: number): string {
  const text = value.toFixed(12).replace(/\.?0+$/, "");
  if (Number(text) !== value) throw new RangeError(`${value} has more than twelve decimals`);
  return text;
}

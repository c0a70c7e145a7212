import ratios from "./family-ratios.json";
import apSouth1 from "./prices/ap-south-1.json";
import euCentral1 from "./prices/eu-central-1.json";
import euWest1 from "./prices/eu-west-1.json";
import usEast1 from "./prices/us-east-1.json";
import usEast2 from "./prices/us-east-2.json";
import usWest2 from "./prices/us-west-2.json";

export type Confidence = "high" | "medium-high" | "medium" | "derived";

/** One number with where it comes from. `unit` is as the file writes it: `USD/hour`, `USD/GB-month`, … */
export interface Rate {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  /** Day (or month, or year, where no more is known) on which the source gave the value: `2026-09-28`, `2024-07`. */
  readonly date: string;
  readonly confidence: string;
  readonly note?: string;
  /** The four below are there on rows that `sagemaker-ops prices refresh` has read from the Price List. */
  readonly sku?: string;
  readonly rateCode?: string;
  /** When the price began to hold, as AWS writes it. */
  readonly effectiveDate?: string;
  /** When AWS published the offer that the price was read from. */
  readonly publicationDate?: string;
}

export type RateTable = Readonly<Record<string, Rate>>;

export type Component = "Hosting" | "Training" | "Notebook";

/** One file per region, `prices/<region>.json`. A missing type, component or section is unpriced, never zero. */
export interface PriceTable {
  readonly schemaVersion: number;
  readonly region: string;
  readonly currency: string;
  readonly term: string;
  readonly hoursPerMonth: number;
  readonly note: string;
  readonly ec2LinuxOnDemand: RateTable;
  readonly sagemaker: Readonly<Record<string, Readonly<Partial<Record<Component, Rate>>>>>;
  readonly sagemakerMlStorage?: RateTable;
  readonly ebs?: RateTable;
  readonly s3?: RateTable;
  readonly lambda?: RateTable;
  readonly network?: RateTable;
  readonly kms?: RateTable;
  readonly cloudwatch?: RateTable;
}

/** SageMaker price over EC2 price of the same type; regular enough to estimate with and to check rows by. */
export interface FamilyRatio {
  readonly families: readonly string[];
  /** `all`, `larger` (everything above xlarge), or the sizes. */
  readonly sizes: string | readonly string[];
  readonly ratio: number;
}

const listed: readonly PriceTable[] = [apSouth1, euCentral1, euWest1, usEast1, usEast2, usWest2];

const tables: ReadonlyMap<string, PriceTable> = new Map(listed.map((table) => [table.region, table]));

/** Regions with a table, sorted. */
export const pricedRegions: readonly string[] = [...tables.keys()].sort();

/** The region's table; `undefined` where there is none, which callers report as unpriced. */
export function priceTable(region: string): PriceTable | undefined {
  return tables.get(region);
}

/** The ratio rule for a family and size; `undefined` for irregular families such as inf2 and trn1. */
export function familyRatio(family: string, size: string): number | undefined {
  const rules: readonly FamilyRatio[] = ratios.rules;
  return rules.find((rule) => rule.families.includes(family) && covers(rule.sizes, size))?.ratio;
}

function covers(sizes: string | readonly string[], size: string): boolean {
  if (sizes === "all") return true;
  if (sizes === "larger") return /^\d+xlarge$/.test(size);
  return typeof sizes !== "string" && sizes.includes(size);
}

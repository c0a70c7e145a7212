import usEast1 from "./prices/us-east-1.json";

export type Confidence = "high" | "medium-high" | "medium" | "derived";

/** One number with where it comes from. `unit` is as the file writes it: `USD/hour`, `USD/GB-month`, … */
export interface Rate {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly date: string;
  readonly confidence: string;
  readonly note?: string;
}

export type RateTable = Readonly<Record<string, Rate>>;

/** One file per region, `prices/<region>.json`. A missing type, component or section is unpriced, never zero. */
export interface PriceTable {
  readonly region: string;
  readonly currency: string;
  readonly hoursPerMonth: number;
  readonly ec2LinuxOnDemand: RateTable;
  readonly sagemaker: Readonly<
    Record<string, Readonly<Partial<Record<"Hosting" | "Training" | "Notebook", Rate>>>>
  >;
  readonly sagemakerMlStorage?: RateTable;
  readonly ebs?: RateTable;
  readonly s3?: RateTable;
  readonly lambda?: RateTable;
  readonly network?: RateTable;
  readonly kms?: RateTable;
  readonly cloudwatch?: RateTable;
  readonly familyRatios: FamilyRatios;
}

/** SageMaker price over EC2 price of the same type; regular enough to estimate with and to check rows by. */
export interface FamilyRatios {
  readonly tolerance: number;
  readonly rules: readonly FamilyRatio[];
}

export interface FamilyRatio {
  readonly families: readonly string[];
  /** `all`, `larger` (everything above xlarge), or the sizes. */
  readonly sizes: string | readonly string[];
  readonly ratio: number;
}

const tables: ReadonlyMap<string, PriceTable> = new Map([[usEast1.region, usEast1]]);

/** Regions with a table, sorted. */
export const pricedRegions: readonly string[] = [...tables.keys()].sort();

/** The region's table; `undefined` where there is none, which callers report as unpriced. */
export function priceTable(region: string): PriceTable | undefined {
  return tables.get(region);
}

/** The ratio rule for a family and size; `undefined` for irregular families such as inf2 and trn1. */
export function familyRatio(table: PriceTable, family: string, size: string): number | undefined {
  return table.familyRatios.rules.find((rule) => rule.families.includes(family) && covers(rule.sizes, size))
    ?.ratio;
}

function covers(sizes: string | readonly string[], size: string): boolean {
  if (sizes === "all") return true;
  if (sizes === "larger") return /^\d+xlarge$/.test(size);
  return typeof sizes !== "string" && sizes.includes(size);
}

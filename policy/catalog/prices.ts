import { findInstanceType, instanceTypesFor, type Use, whyNot } from "./instance-types";
import {
  type Confidence,
  familyRatio,
  pricedRegions,
  priceTable,
  type Rate,
  type RateTable,
} from "./price-table";

export { pricedRegions } from "./price-table";

export interface PricedHour {
  readonly kind: "priced";
  readonly hourlyUsd: number;
  readonly source: string;
  readonly date: string;
  readonly confidence: Confidence;
}

/** EC2's price times the family ratio: close (±0.25 %) but not a quoted price. */
export interface EstimatedHour {
  readonly kind: "estimated";
  readonly hourlyUsd: number;
  readonly basis: string;
}

/** No number exists here. Never to be read as zero. */
export interface Unpriced {
  readonly kind: "unpriced";
  readonly reason: string;
}

export type Price = PricedHour | EstimatedHour | Unpriced;

/** A rate other than an instance hour; `unit` says per what. */
export type RateOrUnpriced =
  | { readonly kind: "priced"; readonly usd: number; readonly unit: string; readonly source: string }
  | Unpriced;

const COMPONENT = {
  hosting: "Hosting",
  training: "Training",
  tuning: "Training",
  notebook: "Notebook",
} as const;

/**
 * Price of one instance hour on demand. `tuning` is billed as training.
 * Never throws: an unknown type, a use it is not sold for and a region without a table come back as `unpriced`.
 */
export function priceOf(query: { region: string; use: Use; instanceType: string }): Price {
  const { region, use, instanceType } = query;

  const type = findInstanceType(use, instanceType);
  if (type === undefined) {
    return unpriced(whyNot(use, instanceType) ?? `no ${use} type of that name`);
  }
  const table = priceTable(region);
  if (table === undefined) return unpriced(noTable(region));

  const ec2 = table.ec2LinuxOnDemand[`${type.family}.${type.size}`];
  if (use === "compute") {
    return ec2 === undefined ? unpriced(`no price of ${instanceType} in prices/${region}.json`) : priced(ec2);
  }
  const listed = table.sagemaker[instanceType]?.[COMPONENT[use]];
  if (listed !== undefined) return priced(listed);

  const ratio = familyRatio(type.family, type.size);
  if (ec2 === undefined || ratio === undefined) {
    return unpriced(
      `no ${COMPONENT[use]} price of ${instanceType} in prices/${region}.json, nor enough to estimate it`,
    );
  }
  return {
    kind: "estimated",
    hourlyUsd: roundHour(ec2.value * ratio),
    basis: `EC2 ${type.family}.${type.size} ${ec2.value} × family ratio ${ratio} (${ec2.source})`,
  };
}

/** The types for a use that have a price or an estimate, cheapest first, ties by name. */
export function cheapest(region: string, use: Use): readonly { instanceType: string; hourlyUsd: number }[] {
  return instanceTypesFor(use)
    .flatMap(({ name }) => {
      const price = priceOf({ region, use, instanceType: name });
      return price.kind === "unpriced" ? [] : [{ instanceType: name, hourlyUsd: price.hourlyUsd }];
    })
    .sort((a, b) => a.hourlyUsd - b.hourlyUsd || (a.instanceType < b.instanceType ? -1 : 1));
}

/** Newest date in the region's table, as written there (`YYYY-MM-DD`, or coarser); `undefined` without a table. */
export function pricesAsOf(region: string): string | undefined {
  const table = priceTable(region);
  if (table === undefined) return undefined;

  const rows = [
    ...Object.values(table.ec2LinuxOnDemand),
    ...Object.values(table.sagemaker).flatMap(Object.values<Rate>),
  ];
  return rows
    .map((row) => row.date)
    .sort()
    .at(-1);
}

/** USD per GB-month of the ML volume of an endpoint, notebook or training instance. */
export function mlVolumeRate(region: string, kind: "endpoint" | "notebook" | "training"): RateOrUnpriced {
  return rate(region, "sagemakerMlStorage", kind);
}

const EBS_RATES = [
  "gp2Storage",
  "gp3Storage",
  "gp3Iops",
  "gp3Throughput",
  "io1Storage",
  "io1Iops",
  "st1Storage",
  "sc1Storage",
  "standardStorage",
] as const;

export type EbsRate = (typeof EBS_RATES)[number];

export function isEbsRate(key: string): key is EbsRate {
  return EBS_RATES.some((known) => known === key);
}

/** USD per GB-, IOPS- or MiBps-month; gp3 includes 3000 IOPS and 125 MiB/s. */
export function ebsRate(region: string, kind: EbsRate): RateOrUnpriced {
  return rate(region, "ebs", kind);
}

/** USD per GB-second of provisioned concurrency kept ready, whether it is used or not. */
export function provisionedConcurrencyRate(region: string, architecture: "x86_64" | "arm64"): RateOrUnpriced {
  return rate(
    region,
    "lambda",
    architecture === "arm64" ? "provisionedConcurrencyArm" : "provisionedConcurrencyX86",
  );
}

/** USD per hour. */
export function networkRate(
  region: string,
  kind: "publicIpv4" | "interfaceEndpoint" | "natGateway",
): RateOrUnpriced {
  return rate(region, "network", kind);
}

/** USD per key-month. */
export function kmsKeyRate(region: string): RateOrUnpriced {
  return rate(region, "kms", "key");
}

/** USD per alarm-metric-month or dashboard-month. */
export function cloudwatchRate(
  region: string,
  kind: "standardAlarm" | "highResolutionAlarm" | "dashboard",
): RateOrUnpriced {
  return rate(region, "cloudwatch", kind);
}

function rate(
  region: string,
  section: "sagemakerMlStorage" | "ebs" | "lambda" | "network" | "kms" | "cloudwatch",
  key: string,
): RateOrUnpriced {
  const table = priceTable(region);
  if (table === undefined) return unpriced(noTable(region));

  const rows: RateTable | undefined = table[section];
  const row = rows?.[key];
  if (row === undefined) return unpriced(`no rate ${section}.${key} in prices/${region}.json`);
  return { kind: "priced", usd: row.value, unit: row.unit, source: row.source };
}

function priced(row: Rate): PricedHour {
  return {
    kind: "priced",
    hourlyUsd: row.value,
    source: row.source,
    date: row.date,
    confidence: row.confidence as Confidence,
  };
}

function unpriced(reason: string): Unpriced {
  return { kind: "unpriced", reason };
}

function noTable(region: string): string {
  return `no price table for region ${/^[a-z0-9-]{1,32}$/.test(region) ? region : "of that name"}; there are tables for ${pricedRegions.join(", ")}`;
}

// The Price List quotes SageMaker hours with four decimals at most.
function roundHour(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}

import { findInstanceType, type Use } from "../../policy/catalog/instance-types";
import { priceOf } from "../../policy/catalog/prices";
import type { Raw } from "./raw-config";

/** Listed types, and ceilings that none of them reaches; what is damaged stays damaged. */
export function affordable(raw: Raw): Raw {
  const regions: unknown[] = ["us-east-1", "eu-central-1", "ap-southeast-2"];
  const { ceilings, region } = raw;
  const types = Object.entries(replacements).flatMap(([section, replacement]) =>
    Object.hasOwn(raw, section) ? [[section, withPrices(raw[section], replacement)] as const] : [],
  );
  const priced = {
    ...raw,
    ...Object.fromEntries(types),
    ...(regions.includes(region) ? { region: "us-east-1" } : {}),
  };
  if (!isSection(ceilings) || !isSection(ceilings.hourlyUsd)) return priced;
  const hourlyUsd = Object.entries(ceilings.hourlyUsd).map(
    ([use, usd]) => [use, typeof usd === "number" && usd > 0 && usd <= 10_000 ? 10_000 : usd] as const,
  );
  return {
    ...priced,
    ceilings: { unpriced: "estimate", ...ceilings, hourlyUsd: Object.fromEntries(hourlyUsd) },
  };
}

interface Replacement {
  readonly use: Use;
  readonly instanceType: string;
}

const replacements: Readonly<Record<string, Replacement>> = {
  jobs: { use: "training", instanceType: "ml.m5.xlarge" },
  tuning: { use: "tuning", instanceType: "ml.m5.xlarge" },
  endpoints: { use: "hosting", instanceType: "ml.m5.xlarge" },
  notebook: { use: "notebook", instanceType: "ml.t3.medium" },
  trainingBox: { use: "compute", instanceType: "g4dn.xlarge" },
};

/** A copy in which every type that is sold but has no known price is replaced. */
function withPrices(value: unknown, replacement: Replacement): unknown {
  if (!isSection(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "instanceType" && isUnpriced(item, replacement.use)
        ? replacement.instanceType
        : withPrices(item, replacement),
    ]),
  );
}

function isUnpriced(instanceType: unknown, use: Use): boolean {
  return (
    typeof instanceType === "string" &&
    findInstanceType(use, instanceType) !== undefined &&
    priceOf({ region: "us-east-1", use, instanceType }).kind === "unpriced"
  );
}

function isSection(value: unknown): value is Raw {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

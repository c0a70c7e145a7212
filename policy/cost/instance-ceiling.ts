import { findInstanceType, USES, type Use, whyNot } from "../catalog/instance-types";
import { type Price, priceOf } from "../catalog/prices";
import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { perUse, type Settings } from "../settings";
import { UNKNOWN } from "../values";
import { alternatives } from "./alternatives";
import { ELSEWHERE, INSTANCE_READS, type InstanceUse, instanceUses } from "./instance-uses";
import { pricing } from "./pricing";

const ID = "cost-instance-ceiling";

const HOURS_PER_MONTH = 730;

const fields = {
  ...pricing,
  // One small GPU for an endpoint or job; a notebook to write in, not to train in.
  hourlyUsd: perUse(
    { hosting: 1.5, training: 1.5, tuning: 1.5, notebook: 0.25, compute: 1.1 },
    "USD per instance and hour, on demand, for each use. A type at its ceiling passes.",
  ),
};

type CeilingSettings = Settings<typeof fields>;

/** Over every type that names instance types (`instance-uses.ts`). */
export const instanceCeiling = resourceRule({
  id: ID,
  title: "Instance types within their hourly ceilings",
  sentence: "No instance type costs more per hour than its use allows, and none is without a price.",
  severity: "high",
  level: "mandatory",
  group: "cost",
  remediation:
    "Choose one of the cheaper types that the message names, or raise ceilings.hourlyUsd for the use.",
  url: "https://aws.amazon.com/sagemaker/pricing/",
  reads: INSTANCE_READS,
  fields,
  check: ({ type, properties, region }, settings) =>
    instanceUses(type, properties).flatMap((use) => judge(use, region ?? settings.region, settings)),
});

function judge(found: InstanceUse, region: string, settings: CeilingSettings): readonly Finding[] {
  const { use, path, instanceType, tenancy } = found;
  if (instanceType === UNKNOWN) return [undecided(path)];
  if (instanceType === ELSEWHERE) {
    return [
      advisory(`${path} comes from a launch template and is judged there, if this program has the template.`),
    ];
  }
  if (typeof instanceType !== "string" || instanceType === "") {
    return [
      violation(
        `${path} names no instance type, so nothing bounds its price. Name one, for instance ${allowedTypes(use, region, settings)}.`,
      ),
    ];
  }
  if (findInstanceType(use, instanceType) === undefined) {
    const text = `${path}: ${whyNot(use, instanceType)}. Cheapest for ${use}: ${allowedTypes(use, region, settings)}.`;
    return [
      settings.unpriced === "allow" && isUnlisted(use, instanceType) ? advisory(text) : violation(text),
    ];
  }
  if (tenancy === "dedicated" || tenancy === "host") {
    return unpricedFinding(found, `tenancy ${tenancy} has prices of its own`, region, settings);
  }
  return compare(found, priceOf({ region, use, instanceType }), region, settings);
}

function compare(
  found: InstanceUse,
  price: Price,
  region: string,
  settings: CeilingSettings,
): readonly Finding[] {
  if (price.kind === "unpriced") return unpricedFinding(found, price.reason, region, settings);
  if (price.kind === "estimated" && settings.unpriced === "deny") {
    const reason = `its price of ${price.hourlyUsd} is only an estimate, ${price.basis}, and unpriced is "deny"; "estimate" would take it`;
    return unpricedFinding(found, reason, region, settings);
  }

  const ceiling = settings.hourlyUsd[found.use];
  // Not `cost > ceiling`: that is false for NaN, which must not pass.
  if (price.hourlyUsd <= ceiling) return [];
  const origin = price.kind === "priced" ? `${price.source}, ${price.date}` : `estimated: ${price.basis}`;
  const over = round(price.hourlyUsd - ceiling);
  return [
    violation(
      `${found.path}: ${found.instanceType} costs ${price.hourlyUsd} USD per instance and hour in ${region} (${origin}); the ceiling for ${found.use} is ${ceiling}: ${price.hourlyUsd} − ${ceiling} = ${over} too much, and × ${HOURS_PER_MONTH} h = ${round(price.hourlyUsd * HOURS_PER_MONTH)} USD for a full month. ${wayOut(found.use, region, settings)}`,
    ),
  ];
}

function unpricedFinding(
  found: InstanceUse,
  reason: string,
  region: string,
  settings: CeilingSettings,
): readonly Finding[] {
  const text = `${found.path}: ${found.instanceType} has no price to hold against the ceiling of ${settings.hourlyUsd[found.use]} USD per hour for ${found.use} in ${region}: ${reason}.`;
  if (settings.unpriced === "allow") return [advisory(`${text} It passes because unpriced is "allow".`)];
  return [violation(`${text} ${wayOut(found.use, region, settings)}`)];
}

function allowedTypes(use: Use, region: string, { unpriced, hourlyUsd }: CeilingSettings): string {
  return alternatives({ use, region, unpriced, ceiling: hourlyUsd[use] });
}

function wayOut(use: Use, region: string, settings: CeilingSettings): string {
  return `Cheapest for ${use}: ${allowedTypes(use, region, settings)}. Choose one of them, or change ceilings.hourlyUsd.${use} (in the pack's own configuration: hourlyUsd.${use} of ${ID}).`;
}

// A name that AWS may well sell but this catalogue has not, unlike one that is sold for another use only.
function isUnlisted(use: Use, instanceType: string): boolean {
  const shape = use === "compute" ? /^[a-z0-9-]+\.[a-z0-9-]+$/ : /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/;
  return (
    shape.test(instanceType) && USES.every((other) => findInstanceType(other, instanceType) === undefined)
  );
}

function round(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}

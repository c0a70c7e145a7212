import type { PolicyConfigSchema, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { findInstanceType, USES, type Use, whyNot } from "../catalog/instance-types";
import { cheapest, type Price, priceOf } from "../catalog/prices";
import { type Finding, reportAll, unknownFinding } from "../reporting";
import { pick, UNKNOWN } from "../values";
import {
  CEILING_DEFAULTS,
  type CeilingConfig,
  type CeilingOptions,
  readCeilingConfig,
} from "./ceiling-config";
import { ELSEWHERE, type InstanceUse, instanceUses } from "./instance-uses";

const DESCRIPTION = "No instance type costs more per hour than its use allows, and none is without a price.";

const NAME = "cost-instance-ceiling";

const HOURS_PER_MONTH = 730;

const CONFIG_SCHEMA: PolicyConfigSchema = {
  properties: {
    hourlyUsd: {
      type: "object",
      description: "USD per instance and hour, on demand, for each use.",
      properties: Object.fromEntries(USES.map((use) => [use, { type: "number" as const, minimum: 0 }])),
    },
    unpriced: {
      type: "string",
      enum: ["deny", "estimate", "allow"],
      description: "What to do with a type without a listed price.",
    },
    region: { type: "string", description: "Region of resources that name none." },
  },
};

/**
 * Resource rule over every type that names instance types (`instance-uses.ts`).
 * The pack's own configuration goes over `options`, and these over the defaults.
 */
export function instanceCeiling(options: CeilingOptions = {}): ResourceValidationPolicy {
  const own = readCeilingConfig(options, CEILING_DEFAULTS);

  return {
    name: NAME,
    displayName: "Instance types within their hourly ceilings",
    description: DESCRIPTION,
    enforcementLevel: "mandatory",
    severity: "high",
    tags: ["cost"],
    url: "https://aws.amazon.com/sagemaker/pricing/",
    remediationSteps:
      "Choose one of the cheaper types that the message names, or raise ceilings.hourlyUsd for the use.",
    configSchema: CONFIG_SCHEMA,
    validateResource: (args, report) => {
      const uses = instanceUses(args.type, args.props);
      if (uses === undefined) {
        args.notApplicable("The resource names no instance type.");
        return;
      }
      const { config, problems } = readCeilingConfig(args.getConfig(), own.config);
      const region = regionOf(args, config);
      const wrong = [...own.problems, ...problems].map((problem) =>
        violation(
          `The configuration of ${NAME} is wrong: ${problem}. Correct it; until then the ceilings do not hold as meant.`,
        ),
      );
      reportAll(report, DESCRIPTION, [...wrong, ...uses.flatMap((use) => judge(use, region, config))]);
    },
  };
}

function judge(found: InstanceUse, region: string, config: CeilingConfig): readonly Finding[] {
  const { use, path, instanceType, tenancy } = found;
  if (instanceType === UNKNOWN) return [unknownFinding(path)];
  if (instanceType === ELSEWHERE) {
    return [
      {
        level: "advisory",
        text: `${path} comes from a launch template and is judged there, if this program has the template.`,
      },
    ];
  }
  if (typeof instanceType !== "string" || instanceType === "") {
    return [
      violation(
        `${path} names no instance type, so nothing bounds its price. Name one, for instance ${alternatives(use, region, config)}.`,
      ),
    ];
  }
  if (findInstanceType(use, instanceType) === undefined) {
    const text = `${path}: ${whyNot(use, instanceType)}. Cheapest for ${use}: ${alternatives(use, region, config)}.`;
    return [config.unpriced === "allow" && isUnlisted(use, instanceType) ? advisory(text) : violation(text)];
  }
  if (tenancy === "dedicated" || tenancy === "host") {
    return unpricedFinding(found, `tenancy ${tenancy} has prices of its own`, region, config);
  }
  return compare(found, priceOf({ region, use, instanceType }), region, config);
}

function compare(
  found: InstanceUse,
  price: Price,
  region: string,
  config: CeilingConfig,
): readonly Finding[] {
  if (price.kind === "unpriced") return unpricedFinding(found, price.reason, region, config);
  if (price.kind === "estimated" && config.unpriced === "deny") {
    const reason = `its price of ${price.hourlyUsd} is only an estimate, ${price.basis}, and unpriced is "deny"; "estimate" would take it`;
    return unpricedFinding(found, reason, region, config);
  }

  const ceiling = config.hourlyUsd[found.use];
  // Not `cost > ceiling`: that is false for NaN, which must not pass.
  if (price.hourlyUsd <= ceiling) return [];
  const origin = price.kind === "priced" ? `${price.source}, ${price.date}` : `estimated: ${price.basis}`;
  const over = round(price.hourlyUsd - ceiling);
  return [
    violation(
      `${found.path}: ${found.instanceType} costs ${price.hourlyUsd} USD per instance and hour in ${region} (${origin}); the ceiling for ${found.use} is ${ceiling}: ${price.hourlyUsd} − ${ceiling} = ${over} too much, and × ${HOURS_PER_MONTH} h = ${round(price.hourlyUsd * HOURS_PER_MONTH)} USD for a full month. ${wayOut(found.use, region, config)}`,
    ),
  ];
}

function unpricedFinding(
  found: InstanceUse,
  reason: string,
  region: string,
  config: CeilingConfig,
): readonly Finding[] {
  const text = `${found.path}: ${found.instanceType} has no price to hold against the ceiling of ${config.hourlyUsd[found.use]} USD per hour for ${found.use} in ${region}: ${reason}.`;
  if (config.unpriced === "allow") return [advisory(`${text} It passes because unpriced is "allow".`)];
  return [violation(`${text} ${wayOut(found.use, region, config)}`)];
}

function wayOut(use: Use, region: string, config: CeilingConfig): string {
  return `Cheapest for ${use}: ${alternatives(use, region, config)}. Choose one of them, or change ceilings.hourlyUsd.${use} (in the pack's own configuration: hourlyUsd.${use} of ${NAME}).`;
}

function alternatives(use: Use, region: string, config: CeilingConfig): string {
  const allowed = cheapest(region, use).filter(
    ({ instanceType, hourlyUsd }) =>
      hourlyUsd <= config.hourlyUsd[use] &&
      (config.unpriced !== "deny" || priceOf({ region, use, instanceType }).kind === "priced"),
  );
  if (allowed.length === 0) return "none is within the ceiling";
  return allowed
    .slice(0, 3)
    .map(({ instanceType, hourlyUsd }) => `${instanceType} ${hourlyUsd}`)
    .join(", ");
}

// A name that AWS may well sell but this catalogue has not, unlike one that is sold for another use only.
function isUnlisted(use: Use, instanceType: string): boolean {
  const shape = use === "compute" ? /^[a-z0-9-]+\.[a-z0-9-]+$/ : /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/;
  return (
    shape.test(instanceType) && USES.every((other) => findInstanceType(other, instanceType) === undefined)
  );
}

function regionOf(args: ResourceValidationArgs, config: CeilingConfig): string {
  const own = pick(args.props, ["region"]).region;
  const provider = args.provider === undefined ? undefined : pick(args.provider.props, ["region"]).region;
  return (
    ([own, provider].find((region) => typeof region === "string" && region !== "") as string | undefined) ??
    config.region
  );
}

function advisory(text: string): Finding {
  return { level: "advisory", text };
}

function violation(text: string): Finding {
  return { level: "violation", text };
}

function round(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}

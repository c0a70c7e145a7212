import type { Use } from "../../policy/catalog/instance-types";
import { cheapest, provisionedConcurrencyRate } from "../../policy/catalog/prices";
import type { StackConfig } from "../config/schema/stack";
import { isProduction } from "./production";

/**
 * Configuration of the pack `sagemaker-guard` for one environment: its ceilings come from the reviewed stack file, so
 * that there is one place to change them. The form is that of Pulumi's `--policy-pack-config` file.
 */
export function policyConfig({
  ceilings,
  environment,
  region,
}: Pick<StackConfig, "ceilings" | "environment" | "region">): PolicyConfig {
  const { hourlyUsd, jobUsd, monthlyUsd, unpriced } = ceilings;
  const pricing = { enforcementLevel: MANDATORY, unpriced, region };
  // No part of a stack may cost more than the stack.
  const part = { ...pricing, monthlyUsd };
  return {
    "cost-instance-ceiling": { ...pricing, hourlyUsd: { ...hourlyUsd } },
    "cost-training-job-ceiling": { ...pricing, jobUsd },
    "cost-tuning-job-ceiling": { ...pricing, jobUsd },
    "cost-endpoint-ceiling": part,
    "cost-scaling-max-set": { enforcementLevel: MANDATORY, ...mostPaidFor(monthlyUsd, region) },
    "cost-endpoint-max-ceiling": part,
    "cost-provisioned-concurrency-ceiling": part,
    "cost-provisioned-concurrency-max-ceiling": part,
    "cost-notebook-ceiling": part,
    "cost-compute-ceiling": part,
    "cost-volume-ceiling": part,
    "cost-schedule-tag": { enforcementLevel: "advisory", production: isProduction(environment) },
    "cost-stack-ceiling": part,
    // The stack file states how long each job may take, and its ceiling pays for it; here stands only what AWS takes.
    "training-max-runtime": {
      enforcementLevel: MANDATORY,
      maximumSeconds: LONGEST_JOB_SECONDS,
      maximumWaitSeconds: LONGEST_JOB_SECONDS,
    },
  };
}

type Setting = string | number | boolean | { readonly [use in Use]: number };

/** Policy name to the properties of its configuration schema. */
export type PolicyConfig = Readonly<Record<string, { readonly [property: string]: Setting }>>;

// Written out, so that the file reads as it acts.
const MANDATORY = "mandatory";

// API_StoppingCondition: 28 days.
const LONGEST_JOB_SECONDS = 28 * 24 * 3600;

const HOURS_PER_MONTH = 730;
// The smallest memory of a function (API_CreateFunction).
const SMALLEST_GB = 0.125;
// What the pack's settings take at most.
const MOST = 1_000_000;

/**
 * How many of the cheapest instances, and of the smallest environments, a month's ceiling pays for: whoever scales to more cannot stay below
 * it. Where the region has no price, the pack's own limits hold.
 */
function mostPaidFor(monthlyUsd: number, region: string): { instances?: number; environments?: number } {
  const [instance] = cheapest(region, "hosting");
  const environment = provisionedConcurrencyRate(region, "arm64");
  const most = (unitMonthlyUsd: number) => Math.min(MOST, Math.floor(monthlyUsd / unitMonthlyUsd));
  return {
    ...(instance === undefined ? {} : { instances: most(instance.hourlyUsd * HOURS_PER_MONTH) }),
    ...(environment.kind === "unpriced"
      ? {}
      : { environments: most(environment.usd * SMALLEST_GB * 3600 * HOURS_PER_MONTH) }),
  };
}

import type { StackConfig } from "../../infra/config/schema/stack";
import type { JsonValue } from "../../plan/json-value";
import type { CeilingUse, PlannedResource } from "../../plan/plan";
import type { CostReport } from "../../policy/catalog/estimate";
import type { Use } from "../../policy/catalog/instance-types";
import { priceOf } from "../../policy/catalog/prices";

/** What instances of a resource are used for; the ceiling `hourlyUsd.<use>` is about their type's price. */
const uses: Readonly<Record<string, Use>> = {
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": "hosting",
  "aws:sagemaker/trainingJob:TrainingJob": "training",
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": "tuning",
  "aws:sagemaker/notebookInstance:NotebookInstance": "notebook",
  "aws:ec2/instance:Instance": "compute",
};

const jobUses: ReadonlySet<Use | undefined> = new Set<Use>(["training", "tuning"]);

/** The ceilings of a stack by the names of the plan: `hourlyUsd.hosting`. */
export function ceilingsOf({ ceilings }: StackConfig): Record<string, number> {
  return {
    monthlyUsd: ceilings.monthlyUsd,
    jobUsd: ceilings.jobUsd,
    ...Object.fromEntries(Object.entries(ceilings.hourlyUsd).map(([use, usd]) => [`hourlyUsd.${use}`, usd])),
  };
}

/** The dearest instance type of each use, and the dearest job at its longest: what comes closest to each ceiling. */
export function largestUses(
  resources: readonly Pick<PlannedResource, "urn" | "type" | "inputs">[],
  cost: Pick<CostReport, "region" | "lines">,
): Record<string, CeilingUse> {
  const largest: Record<string, CeilingUse> = {};
  const raise = (ceiling: string, use: CeilingUse) => {
    const known = largest[ceiling];
    if (known === undefined || use.amount > known.amount) largest[ceiling] = use;
  };
  for (const { type, inputs } of resources) {
    const use = uses[type];
    if (use === undefined) continue;
    for (const instanceType of instanceTypesIn(inputs)) {
      const price = priceOf({ region: cost.region, use, instanceType });
      if (price.kind !== "unpriced") raise(`hourlyUsd.${use}`, { amount: price.hourlyUsd, of: instanceType });
    }
  }
  const typeOf = new Map(resources.map(({ urn, type }) => [urn, type]));
  for (const line of cost.lines) {
    const use = uses[typeOf.get(line.urn) ?? ""];
    if (jobUses.has(use)) raise("jobUsd", { amount: line.worstMonthly, of: line.urn });
  }
  return largest;
}

function instanceTypesIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(instanceTypesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "instanceType" && typeof item === "string" ? [item] : instanceTypesIn(item),
  );
}

import type { StackConfig } from "../config/schema/stack";

/** Key that the budget filters by; the policy pack and the cost reports know it too. */
export const stackTagKey = "sagemaker-ops:stack";

/** Tags of every resource, set once on the provider. Values are strings of at most 256 characters. */
export function stackTags(
  { environment, owner, costCentre }: Pick<StackConfig, "environment" | "owner" | "costCentre">,
  project: string,
): Record<string, string> {
  return {
    [stackTagKey]: `${project}/${environment}`,
    environment,
    owner,
    "cost-centre": costCentre,
    "managed-by": "pulumi",
  };
}

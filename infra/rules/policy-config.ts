import type { StackConfig } from "../config/schema/stack";

/**
 * Configuration of the pack `sagemaker-guard` for one environment: its ceilings come from the reviewed stack file, so
 * that there is one place to change them. The form is that of Pulumi's `--policy-pack-config` file.
 */
export function policyConfig({ ceilings, region }: Pick<StackConfig, "ceilings" | "region">): PolicyConfig {
  return {
    "cost-instance-ceiling": {
      // Without a level of its own the SDK turns a configured policy into an advisory.
      enforcementLevel: "mandatory",
      hourlyUsd: { ...ceilings.hourlyUsd },
      unpriced: ceilings.unpriced,
      region,
    },
  };
}

/** Policy name to the properties of its configuration schema. */
export type PolicyConfig = Readonly<
  Record<string, { readonly [property: string]: string | { readonly [use: string]: number } }>
>;

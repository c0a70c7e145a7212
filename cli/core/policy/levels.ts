import { type EnforcementLevel, effectiveConfig, type PolicyPackConfig } from "../../../plan/policy-config";
import { type PackPolicies, packFromSources } from "./pack-policies";

/** The level of each rule of the pack under a configuration; `undefined` for what is no rule of it. */
export function levelsUnder(
  config: PolicyPackConfig,
  { policies }: PackPolicies = packFromSources(),
): (rule: string) => EnforcementLevel | undefined {
  const { config: effective } = effectiveConfig(policies, {}, config);
  return (rule) => effective.get(rule)?.level;
}

import { type EnforcementLevel, effectiveConfig, type PolicyPackConfig } from "../../../plan/policy-config";
import { packPolicies } from "./pack-policies";

/** The level of each rule of the pack under a configuration; `undefined` for what is no rule of it. */
export function levelsUnder(config: PolicyPackConfig): (rule: string) => EnforcementLevel | undefined {
  const { config: effective } = effectiveConfig(packPolicies(), {}, config);
  return (rule) => effective.get(rule)?.level;
}

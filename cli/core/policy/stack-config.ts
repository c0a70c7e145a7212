import { ConfigError, type Problem } from "../../../infra/config/problem";
import type { StackConfig } from "../../../infra/config/schema/stack";
import { policyConfig } from "../../../infra/rules/policy-config";
import { type PackConfig, withOverrides } from "../../../infra/rules/policy-overrides";
import { isProduction } from "../../../infra/rules/production";
import type { JsonObject } from "../../../plan/json-value";
import type { PolicyPackConfig } from "../../../plan/policy-config";
import { nearest } from "../../../policy/catalog/nearest";
import production from "../../../policy/profiles/production.json";
import { checkPolicyConfig } from "./check-config";
import { type PackPolicies, packFromSources } from "./pack-policies";

/**
 * What the pack is configured with for one stack: its ceilings, in production the levels for production, and the stack file's own
 * section `policies`.
 *
 * @param today `YYYY-MM-DD`. An exemption that has ended is no error here: the pack reports what it covered.
 * @throws ConfigError with every problem of the section.
 */
export function stackPolicyConfig(
  config: StackConfig,
  today: string,
  pack: PackPolicies = packFromSources(),
): PolicyPackConfig {
  const levels: Levels = new Map(pack.policies.map(({ name, level }) => [name, level]));
  const profile = isProduction(config.environment) ? production : {};
  const withoutOwn = withOverrides(policyConfig(config), profile, {});
  const merged = withOverrides(policyConfig(config), profile, config.policies);

  const known = Object.fromEntries(Object.entries(merged).filter(([id]) => levels.has(id)));
  const problems = [
    ...unknownRules(config.policies, levels),
    ...withoutReason(config.policies, withoutOwn, levels),
    ...checked(known, today, pack),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return withLevels(known, levels) as PolicyPackConfig;
}

/** Each rule's level where nobody configures one. */
type Levels = ReadonlyMap<string, string>;

/** Says every level, so that the file reads as it acts. */
function withLevels(config: PackConfig, levels: Levels): PackConfig {
  return Object.fromEntries(
    Object.entries(config).map(([id, entry]) => [
      id,
      typeof entry === "string" ? entry : { enforcementLevel: levels.get(id), ...entry },
    ]),
  );
}

function unknownRules(policies: StackConfig["policies"], levels: Levels): Problem[] {
  const ids = [...levels.keys()];
  return Object.keys(policies)
    .filter((id) => !levels.has(id))
    .map((id) => {
      const meant = nearest(id, ids, Math.max(2, Math.floor(id.length / 3)));
      return {
        path: `policies.${id}`,
        message: "is not a rule of the policy pack",
        received: id,
        allowed: `one of the ${ids.length} rules in docs/policy-rules.md`,
        fix: meant === undefined ? "Remove it." : `Did you mean "${meant}"?`,
      };
    });
}

/** A rule that would block and is only to tell: a safety is off, and the file has to say why. */
function withoutReason(policies: StackConfig["policies"], before: PackConfig, levels: Levels): Problem[] {
  return Object.entries(policies).flatMap(([id, { enforcementLevel, reason }]) => {
    const entry = before[id];
    const level = (typeof entry === "string" ? entry : entry?.enforcementLevel) ?? levels.get(id);
    if (enforcementLevel !== "advisory" || level !== "mandatory" || reason !== undefined) return [];
    return [
      {
        path: `policies.${id}.reason`,
        message: "is missing: the rule is mandatory here, and nobody is told why it shall not be",
        received: "nothing",
        allowed: "10 to 300 characters",
        fix: "Write a reason, or exempt single resources instead.",
      },
    ];
  });
}

function checked(merged: PackConfig, today: string, pack: PackPolicies): Problem[] {
  return checkPolicyConfig(merged as JsonObject, today, pack).errors.map((error) => {
    const [rule = "", ...rest] = error.split(": ");
    return {
      path: `policies.${rule}`,
      message: rest.join(": "),
      received: "see the problem",
      allowed: "the settings of the rule in docs/policy-rules.md",
      fix: "Write a value that is allowed.",
    };
  });
}

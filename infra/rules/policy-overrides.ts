import type { StackConfig } from "../config/schema/stack";

/** A policy's part of a `--policy-pack-config` file. */
export type PolicyEntry = string | { readonly [property: string]: unknown };

export type PackConfig = Readonly<Record<string, PolicyEntry>>;

/**
 * The configuration of the pack for one stack: what the stack's ceilings say, the levels of a profile over it, and the stack's own
 * section `policies` over both. Settings are replaced one by one, never merged inside.
 *
 * @param derived from `policyConfig`.
 * @param profile level by rule; empty outside production.
 */
export function withOverrides(
  derived: PackConfig,
  profile: Readonly<Record<string, string>>,
  policies: StackConfig["policies"],
): PackConfig {
  const merged: Record<string, PolicyEntry> = { ...derived };
  for (const [rule, enforcementLevel] of Object.entries(profile)) {
    merged[rule] = { ...asObject(merged[rule]), enforcementLevel };
  }
  for (const [rule, { enforcementLevel, exempt, settings }] of Object.entries(policies)) {
    merged[rule] = {
      ...asObject(merged[rule]),
      ...settings,
      ...(exempt.length === 0 ? {} : { exempt }),
      ...(enforcementLevel === undefined ? {} : { enforcementLevel }),
    };
  }
  return merged;
}

function asObject(entry: PolicyEntry | undefined): { readonly [property: string]: unknown } {
  if (entry === undefined) return {};
  return typeof entry === "string" ? { enforcementLevel: entry } : entry;
}

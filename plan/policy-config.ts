import { nearest } from "../policy/catalog/nearest";
import { isJsonObject, type JsonObject } from "./json-value";
import { schemaProblems, shown } from "./policy-schema";

export type EnforcementLevel = "advisory" | "mandatory" | "remediate" | "disabled";

export const enforcementLevels: readonly EnforcementLevel[] = [
  "advisory",
  "mandatory",
  "remediate",
  "disabled",
];

/** The file form of a pack's configuration: a level, or an object with `enforcementLevel` and properties. */
export type PolicyPackConfig = Record<string, string | JsonObject>;

export interface PolicySchema {
  properties: Record<string, JsonObject>;
  required: readonly string[];
}

export interface ConfigurablePolicy {
  name: string;
  level: EnforcementLevel;
  schema: PolicySchema | undefined;
}

export interface EffectiveConfig {
  level: EnforcementLevel;
  properties: JsonObject;
}

/**
 * The configuration the engine would send to a pack, or the problems for which it would refuse.
 *
 * The engine's order: defaults of the schema's top-level properties and the policy's own level, then what the pack
 * itself configures, then what was given; within each, "all" before single policies.
 * https://github.com/pulumi/pulumi/blob/master/pkg/resource/analyzer/config.go
 * Settings without a level leave a policy its own level where a file gives them; where the pack itself gives them, the SDK sends
 * the protobuf default, advisory.
 *
 * Two refusals are stricter than the engine's, which ignores both: a policy that the pack does not have, and a property
 * that the policy's schema does not declare. Each is nearly always a misspelling that would leave a rule unconfigured.
 */
export function effectiveConfig(
  policies: readonly ConfigurablePolicy[],
  initial: PolicyPackConfig,
  given: PolicyPackConfig,
): { config: Map<string, EffectiveConfig>; problems: string[] } {
  const problems: string[] = [];
  const config = new Map<string, EffectiveConfig>();
  for (const policy of policies) {
    config.set(policy.name, { level: policy.level, properties: schemaDefaults(policy.schema) });
  }
  apply(config, initial, problems);
  apply(config, given, problems);
  for (const policy of policies) {
    const effective = config.get(policy.name);
    if (effective === undefined || policy.schema === undefined) continue;
    problems.push(...settingProblems(policy.name, policy.schema, effective.properties));
  }
  return { config, problems };
}

function schemaDefaults(schema: PolicySchema | undefined): JsonObject {
  const defaults: JsonObject = {};
  for (const [key, property] of Object.entries(schema?.properties ?? {})) {
    const value = property.default;
    if (value !== undefined) defaults[key] = value;
  }
  return defaults;
}

/** Names of ESC environments; the engine takes the key out before it reads policies. */
const environments = "environments";

function apply(config: Map<string, EffectiveConfig>, layer: PolicyPackConfig, problems: string[]): void {
  const all = layer.all;
  const allLevel = all === undefined ? undefined : levelOf("all", all, problems);
  if (allLevel !== undefined) {
    for (const [name, effective] of config) config.set(name, { ...effective, level: allLevel });
  }
  for (const [name, value] of Object.entries(layer)) {
    if (name === "all" || name === environments) continue;
    if (typeof value !== "string" && !isJsonObject(value)) {
      problems.push(`${name}: ${shown(value)} is neither a level nor an object of settings`);
      continue;
    }
    const known = config.get(name);
    if (known === undefined) {
      problems.push(noSuchPolicy(name, [...config.keys()]));
      continue;
    }
    const { enforcementLevel: _level, ...properties } = isJsonObject(value) ? value : {};
    config.set(name, {
      level: levelOf(name, value, problems) ?? known.level,
      properties: { ...known.properties, ...properties },
    });
  }
}

function levelOf(name: string, value: string | JsonObject, problems: string[]): EnforcementLevel | undefined {
  const level = isJsonObject(value) ? value.enforcementLevel : value;
  if (level === undefined) return undefined;
  const known = enforcementLevels.find((candidate) => candidate === level);
  if (known === undefined) {
    problems.push(
      `${name}: ${JSON.stringify(level)} is no enforcement level; use one of ${enforcementLevels.join(", ")}`,
    );
  }
  return known;
}

/** Relevant once a policy has more settings, or a pack more policies, than fit into a line. */
const mostListed = 8;

function settingProblems(policy: string, schema: PolicySchema, properties: JsonObject): string[] {
  const missing = schema.required
    .filter((key) => properties[key] === undefined)
    .map((key) => `${policy}: "${key}" is required`);
  const declared = Object.keys(schema.properties);
  const others = Object.entries(properties).flatMap(([key, value]) => {
    const property = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (property === undefined) {
      const near = nearest(key, declared, Math.max(1, Math.min(3, Math.floor(key.length / 3))));
      const hint = near === undefined || declared.length <= mostListed ? "" : ` Did you mean "${near}"?`;
      return [
        `${policy}: "${key}" is not a setting of this policy; it has ${declared.join(", ") || "none"}${hint}`,
      ];
    }
    return schemaProblems(property, value, key).map(({ path, text }) => `${policy}: "${path}" ${text}`);
  });
  return [...missing, ...others];
}

function noSuchPolicy(name: string, known: readonly string[]): string {
  if (known.length <= mostListed) {
    return `${name}: the pack has no such policy; it has ${known.join(", ")}`;
  }
  const near = nearest(name, known, Math.max(2, Math.floor(name.length / 3)));
  return near === undefined
    ? `${name}: the pack has no such policy among its ${known.length}`
    : `${name}: the pack has no such policy; did you mean ${near}?`;
}

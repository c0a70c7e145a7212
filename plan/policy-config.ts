import { isJsonObject, type JsonObject, type JsonValue } from "./json-value";

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
 * A pack that configures a policy's settings without a level makes it advisory: the SDK sends the protobuf default.
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
    problems.push(...schemaProblems(policy.name, policy.schema, effective.properties));
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

function apply(config: Map<string, EffectiveConfig>, layer: PolicyPackConfig, problems: string[]): void {
  const all = layer.all;
  const allLevel = all === undefined ? undefined : levelOf("all", all, problems);
  if (allLevel !== undefined) {
    for (const [name, effective] of config) config.set(name, { ...effective, level: allLevel });
  }
  for (const [name, value] of Object.entries(layer)) {
    if (name === "all") continue;
    const known = config.get(name);
    if (known === undefined) {
      problems.push(`${name}: the pack has no such policy; it has ${[...config.keys()].join(", ")}`);
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
  const level = typeof value === "string" ? value : value.enforcementLevel;
  if (level === undefined) return undefined;
  const known = enforcementLevels.find((candidate) => candidate === level);
  if (known === undefined) {
    problems.push(
      `${name}: ${JSON.stringify(level)} is no enforcement level; use one of ${enforcementLevels.join(", ")}`,
    );
  }
  return known;
}

function schemaProblems(policy: string, schema: PolicySchema, properties: JsonObject): string[] {
  const missing = schema.required
    .filter((key) => properties[key] === undefined)
    .map((key) => `${policy}: "${key}" is required`);
  const declared = Object.keys(schema.properties);
  const others = Object.entries(properties).flatMap(([key, value]) => {
    const property = schema.properties[key];
    if (property === undefined) {
      return [`${policy}: "${key}" is not a setting of this policy; it has ${declared.join(", ") || "none"}`];
    }
    return valueProblems(property, value).map((problem) => `${policy}: "${key}" ${problem}`);
  });
  return [...missing, ...others];
}

/** The part of JSON Schema that pack settings use; anything else is left to the policy. */
function valueProblems(schema: JsonObject, value: JsonValue): string[] {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types[0] !== undefined && !types.some((type) => hasType(value, type as string))) {
    return [`must be ${types.join(" or ")}, got ${JSON.stringify(value)}`];
  }
  const options = schema.enum;
  if (Array.isArray(options) && !options.some((option) => JSON.stringify(option) === JSON.stringify(value))) {
    return [
      `must be one of ${options.map((option) => JSON.stringify(option)).join(", ")}, got ${JSON.stringify(value)}`,
    ];
  }
  const { minimum, maximum } = schema;
  if (typeof value === "number" && typeof minimum === "number" && value < minimum) {
    return [`must be at least ${minimum}, got ${value}`];
  }
  if (typeof value === "number" && typeof maximum === "number" && value > maximum) {
    return [`must be at most ${maximum}, got ${value}`];
  }
  const items = schema.items;
  if (Array.isArray(value) && isJsonObject(items)) return value.flatMap((item) => valueProblems(items, item));
  return [];
}

function hasType(value: JsonValue, type: string): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

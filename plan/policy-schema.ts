import { nearest } from "../policy/catalog/nearest";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value";

/** One value of a policy's settings that its schema refuses. */
export interface SchemaProblem {
  /** `hourlyUsd.hosting`, `exempt[0].until`. */
  readonly path: string;
  /** What follows the path: `must be at least 0, got -1`. */
  readonly text: string;
}

/** Keywords of JSON Schema that are checked here, as the engine checks them; any other is left to the policy. */
export const checkedKeywords: readonly string[] = [
  "additionalProperties",
  "enum",
  "items",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
  "properties",
  "required",
  "type",
];

/** Everything in `value` that `schema` refuses; never throws. */
export function schemaProblems(schema: JsonObject, value: JsonValue, path: string): readonly SchemaProblem[] {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types[0] !== undefined && !types.some((type) => hasType(value, type as string))) {
    return [{ path, text: `must be ${types.join(" or ")}, got ${shown(value)}` }];
  }
  const options = schema.enum;
  if (Array.isArray(options) && !options.some((option) => JSON.stringify(option) === JSON.stringify(value))) {
    return [
      {
        path,
        text: `must be one of ${options.map((option) => JSON.stringify(option)).join(", ")}, got ${shown(value)}`,
      },
    ];
  }
  if (typeof value === "number") return ifAny(path, numberProblem(schema, value));
  if (typeof value === "string") return ifAny(path, textProblem(schema, value));
  if (Array.isArray(value)) return listProblems(schema, value, path);
  return isJsonObject(value) ? objectProblems(schema, value, path) : [];
}

function numberProblem({ minimum, maximum }: JsonObject, value: number): string | undefined {
  if (typeof minimum === "number" && value < minimum) return `must be at least ${minimum}, got ${value}`;
  if (typeof maximum === "number" && value > maximum) return `must be at most ${maximum}, got ${value}`;
  return undefined;
}

function textProblem({ minLength, maxLength, pattern }: JsonObject, value: string): string | undefined {
  if (typeof minLength === "number" && [...value].length < minLength) {
    return `must have at least ${minLength} characters, got ${shown(value)}`;
  }
  if (typeof maxLength === "number" && [...value].length > maxLength) {
    return `must have at most ${maxLength} characters, got ${shown(value)}`;
  }
  if (typeof pattern === "string" && !new RegExp(pattern).test(value)) {
    return `must match ${pattern}, got ${shown(value)}`;
  }
  return undefined;
}

function listProblems(schema: JsonObject, value: readonly JsonValue[], path: string): SchemaProblem[] {
  const { items, minItems, maxItems } = schema;
  const length = ifAny(
    path,
    typeof minItems === "number" && value.length < minItems
      ? `must have at least ${minItems} entries, got ${value.length}`
      : typeof maxItems === "number" && value.length > maxItems
        ? `must have at most ${maxItems} entries, got ${value.length}`
        : undefined,
  );
  const inside = isJsonObject(items)
    ? value.flatMap((item, index) => schemaProblems(items, item, `${path}[${index}]`))
    : [];
  return [...length, ...inside];
}

function objectProblems(schema: JsonObject, value: JsonObject, path: string): SchemaProblem[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const known = Object.keys(properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const missing = required
    .filter((key) => typeof key === "string" && !Object.hasOwn(value, key))
    .map((key) => ({ path: `${path}.${key}`, text: "is required" }));
  const members = Object.entries(value).flatMap(([key, member]): readonly SchemaProblem[] => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (isJsonObject(property)) return schemaProblems(property, member, `${path}.${key}`);
    return schema.additionalProperties === false
      ? [{ path: `${path}.${key}`, text: `is not known; ${meant(key, known)}` }]
      : [];
  });
  return [...missing, ...members];
}

/** `did you mean region?`, else what there is. */
export function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known, Math.max(1, Math.min(8, Math.floor(word.length / 3))));
  return near === undefined ? `there are ${known.join(", ") || "none"}` : `did you mean ${near}?`;
}

/** A value as JSON, shortened. */
export function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function ifAny(path: string, text: string | undefined): SchemaProblem[] {
  return text === undefined ? [] : [{ path, text }];
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

import { z } from "zod";

/** The schema without the wrappers that only fill in a missing value. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
    ? unwrapped(schema.unwrap())
    : schema;
}

/** Whether a configuration may leave the key out. */
export function isOptional(schema: z.core.$ZodType): boolean {
  return schema._zod.optin !== undefined;
}

/**
 * Schema that a path leads to. Unions are followed by the discriminator of the input at hand; `undefined` where the
 * input chooses no branch, or the path leaves the schema.
 */
export function schemaAt(
  root: z.core.$ZodType,
  path: readonly PropertyKey[],
  input: unknown,
): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = root;
  let value = input;
  for (const key of path) {
    schema = schema === undefined ? undefined : childSchema(schema, key, value);
    value = propertyOf(value, key);
  }
  return schema === undefined ? undefined : unwrapped(schema);
}

/** Value that a path leads to, by own keys only. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => propertyOf(value, key), input);
}

/** Object schema for a value: itself, or the branch of a union that the value's discriminator chooses. */
export function objectFor(schema: z.core.$ZodType, value: unknown): z.ZodObject | undefined {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodObject) return bare;
  if (!(bare instanceof z.ZodDiscriminatedUnion)) return undefined;
  const { discriminator } = bare.def;
  const wanted = propertyOf(value, discriminator);
  return branches(bare).find((branch) => literals(branch.shape[discriminator]).includes(wanted));
}

/** Object schemas of a discriminated union, in order. */
export function branches(union: z.ZodDiscriminatedUnion): readonly z.ZodObject[] {
  return union.options.filter((option) => option instanceof z.ZodObject);
}

/** Values of a literal or an enumeration; empty for any other schema. */
export function literals(schema: z.core.$ZodType | undefined): readonly unknown[] {
  const bare = schema === undefined ? undefined : unwrapped(schema);
  if (bare instanceof z.ZodLiteral) return [...bare.values];
  if (bare instanceof z.ZodEnum) return bare.options;
  return [];
}

function childSchema(schema: z.core.$ZodType, key: PropertyKey, value: unknown): z.core.$ZodType | undefined {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodArray) return bare.element;
  if (bare instanceof z.ZodRecord) return bare.valueType;
  const { shape } = objectFor(bare, value) ?? { shape: {} as Record<string, z.core.$ZodType> };
  return typeof key === "string" && Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function propertyOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

import { asObject, UNKNOWN } from "./values";

/** The value at a path such as `resourceConfig.instanceType`: `UNKNOWN` where a part above it is, `undefined` where one is missing. */
export function at(value: unknown, path: string): unknown {
  let current = value;
  for (const name of path.split(".")) {
    if (current === UNKNOWN) return UNKNOWN;
    const holder = asObject(current);
    current = holder !== undefined && Object.hasOwn(holder, name) ? holder[name] : undefined;
  }
  return current ?? undefined;
}

/** A text that is there: not empty, and known. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** A value for a message, short and on one line. Only for properties that hold no secret. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (value === UNKNOWN) return "unknown";
  if (typeof value === "string") return value.length <= 200 ? JSON.stringify(value) : "a long text";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}

import { UNKNOWN } from "./values";

export type Truth = "true" | "false" | "missing" | "unknown" | "invalid";

/** A switch: true or false, also as the text that YAML programs and some of the provider's own properties use. */
export function truth(value: unknown): Truth {
  if (value === undefined || value === null || value === "") return "missing";
  if (value === UNKNOWN) return "unknown";
  if (value === true || value === "true") return "true";
  return value === false || value === "false" ? "false" : "invalid";
}

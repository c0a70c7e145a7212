import type { Field } from "./settings";

const FORM = "a regular expression of at most 200 characters";

/**
 * A list of regular expressions, looked for anywhere in a text unless they are anchored. It replaces the default; it does not add
 * to it.
 */
export function patterns(defaultValue: readonly string[], description: string): Field<readonly string[]> {
  return {
    default: defaultValue,
    description,
    schema: { type: "array", items: { type: "string", minLength: 1, maxLength: 200 } },
    read: (value, base) => {
      const fits = Array.isArray(value) && value.every((entry) => compile(entry) !== undefined);
      return fits
        ? { value: value as string[], problems: [] }
        : { value: base, problems: [` is not a list, each of it ${FORM}`] };
    },
  };
}

/** The first pattern that occurs in the text; capitals and small letters are the same. */
export function firstMatch(sources: readonly string[], text: string): string | undefined {
  return sources.find((source) => compile(source)?.test(text) === true);
}

function compile(source: unknown): RegExp | undefined {
  if (typeof source !== "string" || source === "" || source.length > 200) return undefined;
  try {
    return new RegExp(source, "i");
  } catch {
    // What is no regular expression is reported by the field that reads it.
    return undefined;
  }
}

import { z } from "zod";
import { kinds } from "./schema-text";
import { isOptional, objectFor } from "./schema-tree";
import { quoted } from "./shown-value";

interface Told {
  readonly message: string;
  readonly fix: string;
}

/** What to say of a value whose type the schema does not take; most are slips of YAML, such as stray quotes. */
export function wrongType(
  schema: z.core.$ZodType | undefined,
  value: unknown,
  path: readonly PropertyKey[],
): Told {
  if (path.length === 0) return { message: "is not a section", fix: "Write keys with values." };
  if (value === undefined) return { message: "is missing", fix: `Add ${quoted(String(path.at(-1)))} here.` };
  if (value === null)
    return { message: "is empty", fix: "Write a value after the colon, or remove the key." };
  switch (schema?._zod.def.type) {
    case "string":
      return {
        message: `is ${noun(value)}, not text`,
        fix:
          typeof value === "number"
            ? "Put it in quotes; without them an id loses its leading zeros."
            : typeof value === "object"
              ? "Write one piece of text."
              : "Put it in quotes.",
      };
    case "number":
      return wrongNumber(value);
    case "boolean":
      return { message: `is ${noun(value)}, not true or false`, fix: "Write true or false, without quotes." };
    case "array":
      return { message: `is ${noun(value)}, not a list`, fix: "Write it as a list: [first, second]." };
    default:
      return { message: `is ${noun(value)}, not a section`, fix: sectionFix(schema, value) };
  }
}

function sectionFix(schema: z.core.$ZodType | undefined, value: unknown): string {
  if (!(schema instanceof z.ZodDiscriminatedUnion) || !kinds(schema).includes(value)) {
    return "Write it as a section: keys with values.";
  }
  const { discriminator } = schema.def;
  const kind = String(value);
  const branch = objectFor(schema, { [discriminator]: value });
  const needsMore = Object.entries(branch?.shape ?? {}).some(
    ([key, child]) => key !== discriminator && !isOptional(child),
  );
  return `Write { ${discriminator}: ${kind}${needsMore ? ", …" : ""} }${needsMore ? " with the other keys of that kind" : ""}.`;
}

function wrongNumber(value: unknown): Told {
  if (typeof value === "number") {
    return Number.isFinite(value)
      ? { message: "is not a whole number", fix: "Write it without a fraction." }
      : { message: "is not a finite number", fix: "Write a number within the range." };
  }
  const isQuoted = typeof value === "string" && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value);
  return {
    message: `is ${noun(value)}, not a number`,
    fix: isQuoted ? "Write the number without quotes." : "Write a number.",
  };
}

function noun(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  if (typeof value === "object") return "a section";
  return `a ${typeof value}`;
}

import { z } from "zod";
import { branches, literals, unwrapped } from "./schema-tree";
import { quoted } from "./shown-value";

type Check = (z.core.$ZodChecks | z.core.$ZodCustom)["_zod"]["def"];

/** Bounds that a number, the length of a text or the size of a list must keep. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** The value itself is excluded. */
  readonly above?: number;
}

const formats: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  datetime: "a time such as 2026-01-31T12:00:00Z",
  url: "an https address such as https://example.com",
  cidrv4: "an IPv4 range such as 10.20.0.0/16",
};

/** What a schema accepts, as a phrase: `a whole number from 1 to 100`. */
export function allowedBy(schema: z.core.$ZodType): string {
  const bare = unwrapped(schema);
  const values = literals(bare);
  if (values.length > 0) return listed(values);
  if (bare instanceof z.ZodNumber) return numberText(bare);
  if (bare instanceof z.ZodBoolean) return "true or false";
  if (bare instanceof z.ZodArray) return `a list${sized(boundsOf(bare), "entry", "entries")}`;
  if (bare instanceof z.ZodRecord) return "a section of named entries";
  if (bare instanceof z.ZodObject) return `a section with the keys ${Object.keys(bare.shape).join(", ")}`;
  if (bare instanceof z.ZodDiscriminatedUnion) {
    return `a section whose ${bare.def.discriminator} is ${listed(kinds(bare))}`;
  }
  return stringText(bare);
}

/** Values of the discriminator of a union, in order. */
export function kinds(union: z.ZodDiscriminatedUnion): readonly unknown[] {
  return branches(union).flatMap((branch) => literals(branch.shape[union.def.discriminator]));
}

/** `"a", "b" or "c"`. */
export function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === "string" ? quoted(value) : String(value)));
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} or ${last}`;
}

function numberText(schema: z.ZodNumber): string {
  const isWhole = checksOf(schema).some(
    (check) => check.check === "number_format" && /int/.test(check.format),
  );
  const noun = isWhole ? "a whole number" : "a number";
  const { min, max, above } = boundsOf(schema);
  const low = above === undefined ? min : above;
  if (low === undefined && max === undefined) return noun;
  if (above !== undefined)
    return max === undefined ? `${noun} above ${above}` : `${noun} above ${above}, up to ${max}`;
  if (low === undefined) return `${noun} up to ${max}`;
  return max === undefined ? `${noun} of ${low} or more` : `${noun} from ${low} to ${max}`;
}

function stringText(schema: z.core.$ZodType): string {
  const title = z.globalRegistry.get(schema)?.title;
  if (title !== undefined) return title;
  for (const check of checksOf(schema)) {
    const own = requirement(check);
    if (own !== undefined) return own;
    const known = check.check === "string_format" ? formats[check.format] : undefined;
    if (known !== undefined) return known;
  }
  return `text${sized(boundsOf(schema), "character", "characters")}`;
}

/** The schema's own words for a format, which start with "must be". */
function requirement(check: Check): string | undefined {
  if (check.check !== "string_format" && check.check !== "custom") return undefined;
  const told = check.error?.({ code: "custom", path: [], input: undefined } as unknown as never);
  const text = typeof told === "object" && told !== null ? told.message : told;
  return text === undefined || text === null ? undefined : afterMustBe(text);
}

/** `a tag` of `must be a tag`; `undefined` for any other text. */
export function afterMustBe(text: string): string | undefined {
  return /^must be (.+)$/s.exec(text)?.[1];
}

function boundsOf(schema: z.core.$ZodType): Bounds {
  const bounds: { -readonly [K in keyof Bounds]: Bounds[K] } = {};
  for (const check of checksOf(schema)) {
    if (check.check === "greater_than") bounds[check.inclusive ? "min" : "above"] = Number(check.value);
    if (check.check === "less_than") bounds.max = Number(check.value);
    if (check.check === "min_length") bounds.min = check.minimum;
    if (check.check === "max_length") bounds.max = check.maximum;
  }
  return bounds;
}

function sized({ min, max }: Bounds, one: string, many: string): string {
  if (min === undefined && max === undefined) return "";
  if (min === undefined) return ` of at most ${max} ${max === 1 ? one : many}`;
  if (max === undefined) return ` of ${min} or more ${many}`;
  return ` of ${min} to ${max} ${many}`;
}

function checksOf(schema: z.core.$ZodType): readonly Check[] {
  const def = schema._zod.def as z.core.$ZodTypeDef & Partial<Check>;
  const own = def.check === undefined ? [] : [def as Check];
  return [...own, ...(def.checks ?? []).map((check) => check._zod.def as Check)];
}

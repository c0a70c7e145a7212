import type { PolicyConfigSchema } from "@pulumi/policy";
import { USES, type Use } from "./catalog/instance-types";
import { nearest } from "./catalog/nearest";
import { asObject, plain } from "./values";

/** One setting of a rule: what is allowed, what it is without being set, and how it is read. */
export interface Field<T> {
  readonly default: T;
  readonly description: string;
  readonly schema: PolicyConfigSchema["properties"][string];
  /** Never throws. `problems` are what follows the setting's name: ` is …`, or `.key is …`. */
  read(value: unknown, base: T): { readonly value: T; readonly problems: readonly string[] };
}

// biome-ignore lint/suspicious/noExplicitAny: the fields of one rule differ in type; `Settings` gives each its own back.
export type Fields = Readonly<Record<string, Field<any>>>;

export type Settings<F extends Fields> = { readonly [K in keyof F]: F[K]["default"] };

/** A number of zero or more, such as an amount in USD. */
export function amount(defaultValue: number, description: string): Field<number> {
  return {
    default: defaultValue,
    description,
    schema: { type: "number", minimum: 0 },
    read: (value, base) => read(readAmount(value), base, " is not a number of zero or more"),
  };
}

/** A whole number between two bounds, both included. */
export function count(
  defaultValue: number,
  description: string,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Field<number> {
  return {
    default: defaultValue,
    description,
    schema: { type: "integer", minimum, maximum },
    read: (value, base) => {
      const number = Number.isInteger(value) ? (value as number) : Number.NaN;
      const fits = number >= minimum && number <= maximum;
      return read(fits ? number : undefined, base, ` is not a whole number from ${minimum} to ${maximum}`);
    },
  };
}

export function flag(defaultValue: boolean, description: string): Field<boolean> {
  return {
    default: defaultValue,
    description,
    schema: { type: "boolean" },
    read: (value, base) =>
      read(typeof value === "boolean" ? value : undefined, base, " is neither true nor false"),
  };
}

export function choice<const T extends string>(
  options: readonly T[],
  defaultValue: NoInfer<T>,
  description: string,
): Field<T> {
  return {
    default: defaultValue,
    description,
    schema: { type: "string", enum: [...options] },
    read: (value, base) =>
      read(
        options.find((option) => option === value),
        base,
        ` is none of ${options.join(", ")}`,
      ),
  };
}

/** A text that is not empty and matches. `form` says in words what matches, such as `a region's name`. */
export function text(
  defaultValue: string,
  description: string,
  { pattern, form }: { readonly pattern: RegExp; readonly form: string },
): Field<string> {
  return {
    default: defaultValue,
    description,
    schema: { type: "string", pattern: pattern.source },
    read: (value, base) =>
      read(typeof value === "string" && pattern.test(value) ? value : undefined, base, ` is not ${form}`),
  };
}

/** A list of texts, each matching. It replaces the default; it does not add to it. */
export function texts(
  defaultValue: readonly string[],
  description: string,
  { pattern, form }: { readonly pattern: RegExp; readonly form: string },
): Field<readonly string[]> {
  return {
    default: defaultValue,
    description,
    schema: { type: "array", items: { type: "string", pattern: pattern.source } },
    read: (value, base) => {
      const fits =
        Array.isArray(value) && value.every((entry) => typeof entry === "string" && pattern.test(entry));
      return read(fits ? (value as string[]) : undefined, base, ` is not a list, each of it ${form}`);
    },
  };
}

/** An amount for each use of an instance type; a use that is left out keeps its default. */
export function perUse(
  defaultValue: Readonly<Record<Use, number>>,
  description: string,
): Field<Readonly<Record<Use, number>>> {
  return {
    default: defaultValue,
    description,
    schema: {
      type: "object",
      properties: Object.fromEntries(USES.map((use) => [use, { type: "number" as const, minimum: 0 }])),
      additionalProperties: false,
    },
    read: (value, base) => {
      const amounts = asObject(value);
      if (amounts === undefined) return { value: base, problems: [" is no object of a number per use"] };

      const result = { ...base };
      const problems = unknownKeys(amounts, USES).map((problem) => `.${problem}`);
      for (const use of USES) {
        if (amounts[use] === undefined) continue;
        const usd = readAmount(amounts[use]);
        if (usd === undefined) problems.push(`.${use} is not a number of zero or more`);
        else result[use] = usd;
      }
      return { value: result, problems };
    },
  };
}

/**
 * The settings over `base`, with everything that is wrong in them as sentences. The engine fills in defaults only at the top level and
 * lets misspelt keys pass (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/analyzer.go), so both are done
 * here: a mistyped ceiling must not become the default unnoticed. Never throws, and echoes nothing but names of settings.
 */
export function readSettings<F extends Fields>(
  fields: F,
  value: unknown,
  base: Settings<F> = defaultsOf(fields),
): { readonly settings: Settings<F>; readonly problems: readonly string[] } {
  const raw = asObject(plain(value)) ?? {};
  const settings: Record<string, unknown> = { ...base };
  const problems = unknownKeys(raw, [...Object.keys(fields), "enforcementLevel"]);

  for (const [name, field] of Object.entries(fields)) {
    if (raw[name] === undefined) continue;
    const result = field.read(raw[name], base[name]);
    settings[name] = result.value;
    problems.push(...result.problems.map((problem) => `${name}${problem}`));
  }
  return { settings: settings as Settings<F>, problems };
}

export function defaultsOf<F extends Fields>(fields: F): Settings<F> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.default]),
  ) as Settings<F>;
}

function unknownKeys(holder: object, known: readonly string[]): string[] {
  return Object.keys(holder)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known, 3);
      const shown = /^\w{1,40}$/.test(key) ? key : "a key";
      return `${shown} is not known${meant === undefined ? `; there are ${known.join(", ")}` : `; did you mean ${meant}?`}`;
    });
}

function readAmount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function read<T>(value: T | undefined, base: T, problem: string): { value: T; problems: readonly string[] } {
  return value === undefined ? { value: base, problems: [problem] } : { value, problems: [] };
}

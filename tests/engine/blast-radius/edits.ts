import { z } from "zod";
import { parseStackConfig } from "../../../infra/config/parse";
import { branches, literals, unwrapped, valueAt } from "../../../infra/config/schema-tree";
import type { Raw } from "../../support/raw-config";
import { digestOf } from "../support/settings";
import { configurationKeys, type Key, placeOf } from "./keys";
import { alongside, productionLike, samples, values } from "./samples";

/** One change of one key, between two configurations that the schema accepts. */
export interface Edit {
  readonly path: string;
  /** Undefined: the key is not set, and has no default. */
  readonly from: unknown;
  readonly to: unknown;
  readonly before: Raw;
  readonly after: Raw;
}

/** Not tabled: another region is another environment, and the AWS provider decides what a change of its own region means. */
export const leftOut: readonly string[] = ["region"];

/**
 * At least one edit of every key of the schema; of a `kind`, one for each other kind.
 *
 * @throws Error that names a key for which no value is known that the schema would accept.
 */
export function editsOfAllKeys(): Edit[] {
  const whole = productionLike();
  return configurationKeys()
    .filter(({ path }) => !leftOut.includes(path))
    .flatMap((key) => editsOf(key, whole));
}

function editsOf(key: Key, whole: Raw): Edit[] {
  const { raw: before, section, name } = placeOf(key, whole);
  const parsed = section(parseStackConfig(before) as unknown as Raw);
  const from = valueAt(parsed, [name]);
  const wanted = wantedValues(key, from);
  const edits: Edit[] = [];
  for (const to of wanted.alternatives) {
    const after = structuredClone(before);
    if (wanted.kind === "branch") {
      const inner = section(after);
      const keep = Object.keys(inner);
      for (const one of keep) delete inner[one];
      Object.assign(
        inner,
        structuredClone(samples[`${key.path.replace(/\.kind$/, "")}(${String(to)})`] ?? { kind: to }),
      );
      alongside[`${key.path}=${String(to)}`]?.(after);
    } else {
      section(after)[name] = to;
      alongside[key.path]?.(after);
    }
    if (isAccepted(after)) edits.push({ path: key.path, from, to, before, after });
    if (wanted.kind === "value" && edits.length === 1) return edits;
  }
  if (wanted.kind === "value" || edits.length < wanted.alternatives.length)
    throw new Error(
      `An edit of ${key.path} is not accepted; its value is ${JSON.stringify(from)}: give another in samples.ts.`,
    );
  return edits;
}

interface Wanted {
  readonly kind: "branch" | "value";
  /** Of a value the first that is accepted is taken, of branches all. */
  readonly alternatives: readonly unknown[];
}

function wantedValues({ path, schema }: Key, from: unknown): Wanted {
  if (Object.hasOwn(values, path)) return { kind: "value", alternatives: [values[path]] };
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const all = branches(bare).map(({ shape }) => literals(shape[bare.def.discriminator])[0]);
    return { kind: "branch", alternatives: all.filter((kind) => kind !== from) };
  }
  return { kind: "value", alternatives: others(bare, from, path) };
}

function others(schema: z.core.$ZodType, from: unknown, path: string): readonly unknown[] {
  if (typeof from === "boolean") return [!from];
  if (typeof from === "number" && literals(schema).length === 0)
    return Number.isInteger(from) ? [from + 1, from - 1, from / 2] : [from / 2, from * 2];
  const allowed = literals(schema);
  if (allowed.length > 0) return allowed.filter((value) => value !== from);
  if (/[rR]eason$/.test(path)) return ["Another reason to be shown"];
  if (/Digest$|\.digest$/.test(path)) return [digestOf("e")];
  return [];
}

function isAccepted(raw: Raw): boolean {
  try {
    parseStackConfig(raw);
    return true;
  } catch {
    return false;
  }
}

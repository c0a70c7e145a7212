import { z } from "zod";
import { stackSchema } from "../../../infra/config/schema/stack";
import { branches, literals, unwrapped } from "../../../infra/config/schema-tree";
import type { Raw } from "../../support/raw-config";
import { given, samples } from "./samples";

/** A step from the stack's configuration to one of its keys. */
type Step =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "entry" }
  | { readonly kind: "branch"; readonly discriminator: string; readonly value: string };

/** A key whose value is not a section. */
export interface Key {
  /** `endpoints.<name>.serving(instances).routing`. */
  readonly path: string;
  readonly steps: readonly Step[];
  readonly schema: z.core.$ZodType;
}

/** Every key that a stack file may set, as the schema has them; of a union the discriminator and what each branch adds. */
export function configurationKeys(): Key[] {
  return keysBelow(stackSchema, "", []);
}

function keysBelow(schema: z.core.$ZodType, path: string, steps: readonly Step[]): Key[] {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodObject) return keysOf(bare.shape, path, steps);
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = bare.def;
    return [
      {
        path: `${path}.${discriminator}`,
        steps: [...steps, { kind: "key", key: discriminator }],
        schema: bare,
      },
      ...branches(bare).flatMap(({ shape }) => {
        const { [discriminator]: kind, ...rest } = shape;
        const value = String(literals(kind)[0]);
        return keysOf(rest, `${path}(${value})`, [...steps, { kind: "branch", discriminator, value }]);
      }),
    ];
  }
  if (bare instanceof z.ZodRecord && isSection(bare.valueType))
    return keysBelow(bare.valueType, `${path}.<name>`, [...steps, { kind: "entry" }]);
  return [{ path, steps, schema: bare }];
}

function keysOf(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  path: string,
  steps: readonly Step[],
): Key[] {
  return Object.entries(shape).flatMap(([key, child]) =>
    keysBelow(child, path === "" ? key : `${path}.${key}`, [...steps, { kind: "key", key }]),
  );
}

function isSection(schema: z.core.$ZodType): boolean {
  const bare = unwrapped(schema);
  return bare instanceof z.ZodObject || bare instanceof z.ZodDiscriminatedUnion;
}

/** Where a key is in one configuration. */
export interface Place {
  /** The configuration, with what the key needs around it. */
  readonly raw: Raw;
  /** The section that has the key. */
  readonly section: (raw: Raw) => Raw;
  /** The key's own name. */
  readonly name: string;
}

/**
 * A copy of a configuration in which the key can be set: its section is there, and of the kind that has the key.
 *
 * @throws Error where `samples` has no section to put there.
 */
export function placeOf({ path, steps }: Key, whole: Raw): Place {
  const raw = structuredClone(whole);
  const keys: string[] = [];
  let section: Raw = raw;
  let shown = "";
  const enter = (name: string) => {
    section[name] ??= sampleFor(shown);
    section = section[name] as Raw;
    keys.push(name);
  };
  for (const [index, step] of steps.entries()) {
    if (step.kind === "key") {
      shown = shown === "" ? step.key : `${shown}.${step.key}`;
      given[shown]?.(raw);
      if (index === steps.length - 1) return { raw, section: sectionAt(keys), name: step.key };
      enter(step.key);
    } else if (step.kind === "entry") {
      shown = `${shown}.<name>`;
      enter(Object.keys(section)[0] ?? "added");
    } else {
      shown = `${shown}(${step.value})`;
      if (section[step.discriminator] === step.value) continue;
      for (const key of Object.keys(section)) delete section[key];
      Object.assign(section, sampleFor(shown));
      given[shown]?.(raw);
    }
  }
  throw new Error(`${path} leads nowhere.`);
}

function sectionAt(keys: readonly string[]): Place["section"] {
  return (raw) => keys.reduce<Raw>((inner, key) => inner[key] as Raw, raw);
}

function sampleFor(shown: string): Raw {
  return structuredClone(samples[shown] ?? {});
}

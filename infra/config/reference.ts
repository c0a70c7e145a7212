import { z } from "zod";
import { stackSchema } from "./schema/stack";
import { allowedBy, listed } from "./schema-text";
import { branches, isOptional, literals, unwrapped } from "./schema-tree";

/** A table of the reference: one object, or the branches of one union. */
interface Table {
  readonly path: string;
  readonly about: string;
  readonly rows: readonly Row[];
  /** Tables of the sections inside, in order. */
  readonly inside: readonly Table[];
}

interface Row {
  /** Values of the discriminator in whose branches the key exists; empty outside unions. */
  readonly kinds: readonly string[];
  readonly key: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly about: string;
}

const introduction = `# Configuration

An environment is described by one file, \`Pulumi.<stack>.yaml\`. Every key below stands there under \`sagemaker-ops:\`, as in
\`sagemaker-ops:owner: ml-platform\`; the region is the provider's own key, \`aws:region\`. Keys that do not exist are errors.
Besides the ranges listed here, relations between keys are checked, such as a canary on a single instance; the message
of each says what would be accepted. All problems are reported at once, and nothing is created while there is one.

\`<name>\` stands for a name of your choice: 1 to 20 lower-case letters, digits or single hyphens, starting with a letter.
Where a section has a \`kind\`, the first column says with which kind a key exists.

This page is generated from the schema in \`infra/config/schema\`; \`npm run docs\` writes it anew.
`;

/** The configuration reference as Markdown, generated from the schema: the same on every machine. */
export function configurationReference(): string {
  const entries = Object.entries(stackSchema.shape);
  const leaves = entries
    .filter(([, schema]) => !isSection(schema))
    .map(([key, schema]) => row([], key, schema));
  const sections = entries.filter(([, schema]) => isSection(schema));

  const contents = sections.map(([key]) => `- [\`${key}\`](#${key.toLowerCase()})`);
  const top = ["## Names and tags", "", ...tableLines(leaves.map(withRegionKey))];
  const chapters = sections.flatMap(([key, schema]) => [
    "",
    ...tableText(tableOf(key, schema), 2, isOptional(schema)),
  ]);
  return `${[introduction, ...contents, "", ...top, ...chapters].join("\n")}\n`;
}

/** JSON Schema (draft 2020-12) of what may be written; relations between keys and custom checks are not in it. */
export function configurationJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(stackSchema, { io: "input" });
  return { $schema, title: "Configuration of a sagemaker-ops environment", ...rest };
}

function tableOf(path: string, schema: z.core.$ZodType): Table {
  const about = descriptionOf(schema);
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodRecord) {
    const entry = tableOf(`${path}.<name>`, bare.valueType);
    return { ...entry, about: [about, entry.about].filter((text) => text !== "").join(" ") };
  }
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = bare.def;
    const parts = branches(bare).map((branch) => {
      const kind = String(literals(branch.shape[discriminator])[0]);
      const keys = Object.entries(branch.shape).filter(([key]) => key !== discriminator);
      return { kind, keys };
    });
    const shared = sharedKeys(parts);
    return {
      path,
      about,
      rows: [
        ...parts
          .filter(({ keys }) => keys.length === 0)
          .map(({ kind }) => ({
            kinds: [kind],
            key: "",
            allowed: "no further key",
            fallback: "",
            about: "",
          })),
        ...shared.map(({ kinds, key, schema: child }) => row(kinds, key, child)),
      ],
      inside: shared.flatMap(({ kinds, key, schema: child }) =>
        inner(`${path}(${kinds.join(", ")})`, [[key, child]]),
      ),
    };
  }
  const keys = Object.entries(bare instanceof z.ZodObject ? bare.shape : {});
  return { path, about, rows: keys.map(([key, child]) => row([], key, child)), inside: inner(path, keys) };
}

interface Shared {
  readonly kinds: string[];
  readonly key: string;
  readonly schema: z.core.$ZodType;
}

interface Branch {
  readonly kind: string;
  readonly keys: readonly (readonly [string, z.core.$ZodType])[];
}

/** Keys of the branches of a union; one that several branches declare alike comes once, with all their kinds. */
function sharedKeys(parts: readonly Branch[]): Shared[] {
  const found: Shared[] = [];
  for (const { kind, keys } of parts) {
    for (const [key, schema] of keys) {
      const alike = found.find((item) => item.key === key && isAlike(item.schema, schema));
      if (alike === undefined) found.push({ kinds: [kind], key, schema });
      else alike.kinds.push(kind);
    }
  }
  return found;
}

function isAlike(one: z.core.$ZodType, other: z.core.$ZodType): boolean {
  const text = (schema: z.core.$ZodType) => JSON.stringify(row([], "", schema));
  return text(one) === text(other) && (unwrapped(one) === unwrapped(other) || !isSection(one));
}

function inner(path: string, keys: readonly (readonly [string, z.core.$ZodType])[]): Table[] {
  return keys.filter(([, child]) => isSection(child)).map(([key, child]) => tableOf(`${path}.${key}`, child));
}

/** Objects, unions and records of objects get a table of their own; records of plain values are a row. */
function isSection(schema: z.core.$ZodType): boolean {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodRecord) return isSection(bare.valueType);
  return bare instanceof z.ZodObject || bare instanceof z.ZodDiscriminatedUnion;
}

function row(kinds: readonly string[], key: string, schema: z.core.$ZodType): Row {
  return {
    kinds,
    key,
    allowed: typeText(schema),
    fallback: fallbackText(schema),
    about: descriptionOf(schema),
  };
}

function withRegionKey(item: Row): Row {
  return item.key === "region" ? { ...item, key: "aws:region" } : item;
}

function typeText(schema: z.core.$ZodType): string {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodRecord && isSection(bare)) return "sections by name";
  if (bare instanceof z.ZodRecord) return `${allowedBy(bare.valueType)}, by ${allowedBy(bare.keyType)}`;
  if (bare instanceof z.ZodObject) return "section";
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const values = branches(bare).flatMap((branch) => literals(branch.shape[bare.def.discriminator]));
    return `section of kind ${listed(values)}`;
  }
  return bare instanceof z.ZodArray ? `${allowedBy(bare)}, each ${typeText(bare.element)}` : allowedBy(bare);
}

function fallbackText(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const value: unknown = schema.def.defaultValue;
    const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    return isEmpty && !Array.isArray(value) ? "empty" : `\`${inline(value)}\``;
  }
  return isOptional(schema) ? "none" : "**required**";
}

/** A value as it is written in YAML's inline form. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${inline(item)}`)
      .join(", ")} }`;
  }
  return String(value);
}

function descriptionOf(schema: z.core.$ZodType): string {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return isWrapper ? descriptionOf(schema.unwrap()) : "";
}

function tableText({ path, about, rows, inside }: Table, level: number, mayBeAbsent = true): string[] {
  const heading = level === 2 ? path.replace(".<name>", "") : `\`${path}\``;
  const where = level === 2 && path.endsWith(".<name>") ? [`Keys of \`${path}\`:`, ""] : [];
  return [
    `${"#".repeat(level)} ${heading}`,
    "",
    ...(about === "" ? [] : [about, ""]),
    ...(mayBeAbsent ? [] : ["This section is required.", ""]),
    ...where,
    ...tableLines(rows),
    ...inside.flatMap((child) => ["", ...tableText(child, 3)]),
  ];
}

function tableLines(rows: readonly Row[]): string[] {
  const hasKinds = rows.some(({ kinds }) => kinds.length > 0);
  const cells = rows.map(({ kinds, key, allowed, fallback, about }) => [
    ...(hasKinds ? [kinds.map((kind) => `\`${kind}\``).join(", ")] : []),
    key === "" ? "" : `\`${key}\``,
    allowed,
    fallback,
    about,
  ]);
  const head = [...(hasKinds ? ["kind"] : []), "key", "allowed", "default", "what it is"];
  return [head, head.map(() => "---"), ...cells].map((line) => `| ${line.map(escaped).join(" | ")} |`);
}

/** Markdown takes `|` for a border anywhere in a table, and `<` for HTML outside code. */
function escaped(cell: string): string {
  return cell
    .replaceAll("|", "\\|")
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replaceAll("<", "\\<") : part))
    .join("`");
}

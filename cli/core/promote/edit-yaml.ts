import { isDeepStrictEqual } from "node:util";
import { isAlias, isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import { CommandError } from "../exit-status";

/** A text, a number, or a section of them. */
export type YamlValue = string | number | { readonly [key: string]: string | number };

/** A value to put at a path; `undefined` takes the key away. */
export interface YamlEdit {
  readonly path: readonly string[];
  readonly value: YamlValue | undefined;
}

type PlainMap = YAMLMap<unknown, unknown>;

/**
 * The text of a YAML document with some values changed and every other character as it was: comments, order, quotes and blank lines.
 * The sections that the paths lead through must be there.
 *
 * @param file how messages name the document.
 * @throws CommandError where a section is missing or is not written out, as behind an alias; nothing is changed then.
 */
export function editYaml(text: string, edits: readonly YamlEdit[], file: string): string {
  const opened = edits.reduce((current, { path }) => withOpened(current, path.slice(0, -1), file), text);
  const edited = edits.reduce((current, edit) => editOne(current, edit, file), opened);
  const wanted = edits.reduce<unknown>(
    (content, { path, value }) => withValue(content, path, value),
    parseDocument(text).toJS(),
  );
  const document = parseDocument(edited);
  if (document.errors.length > 0 || !isDeepStrictEqual(document.toJS(), wanted))
    throw new CommandError(
      `${file} is written in a way that this command cannot edit. Write ${edits.map(({ path }) => path.at(-1)).join(" and ")} into ${edits[0]?.path.slice(0, -1).join(".")} by hand.`,
    );
  return edited;
}

function editOne(text: string, { path, value }: YamlEdit, file: string): string {
  const section = sectionAt(text, path.slice(0, -1), file);
  const key = path.at(-1) ?? "";
  const pair = pairOf(section, key);
  if (value === undefined) return pair === undefined ? text : without(text, section, pair);
  if (pair === undefined) return withAdded(text, section, key, value);
  // Key by key, so that what stands beside each stays.
  if (typeof value === "object" && isMap(pair.value)) {
    const gone = pair.value.items
      .map((item) => nameOf(item as Pair))
      .filter((name) => !Object.hasOwn(value, name))
      .map((name) => ({ path: [...path, name], value: undefined }));
    const kept = Object.entries(value).map(([name, one]) => ({ path: [...path, name], value: one }));
    return [...kept, ...gone].reduce((current, edit) => editOne(current, edit, file), text);
  }
  const node = requireNode(pair.value, path, file);
  const [start, end] = rangeOf(node);
  return text.slice(0, start) + inline(value) + text.slice(end);
}

function sectionAt(text: string, path: readonly string[], file: string): PlainMap {
  let node: unknown = parseDocument(text).contents;
  path.forEach((key, index) => {
    node = isMap(node) ? pairOf(node, key)?.value : undefined;
    requireNode(node, path.slice(0, index + 1), file);
  });
  if (isMap(node)) return node;
  throw new CommandError(`${file}: ${path.join(".")} must be a section. Write it as one.`);
}

function requireNode(node: unknown, path: readonly string[], file: string): Node {
  if (isAlias(node))
    throw new CommandError(
      `${file}: ${path.join(".")} is an alias. Write its value out, so that it can be changed.`,
    );
  if (isMap(node) || isScalar(node)) return node;
  throw new CommandError(`${file} has no section ${path.join(".")} that could be changed. Write it out.`);
}

function pairOf(map: PlainMap, key: string): Pair | undefined {
  return map.items.find((item) => nameOf(item) === key);
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : "";
}

/** A section in brackets on one line becomes one of lines, as what is added would make the line too long to review. */
function withOpened(text: string, path: readonly string[], file: string): string {
  const section = sectionAt(text, path, file);
  const [start, end] = rangeOf(section);
  const source = text.slice(start, end);
  const parent = sectionAt(text, path.slice(0, -1), file);
  const key = pairOf(parent, path.at(-1) ?? "")?.key;
  if (section.flow !== true || parent.flow === true || section.items.length === 0 || source.includes("\n"))
    return text;
  const indent = " ".repeat(columnOf(text, rangeOf(key as Node)[0]) + 2);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = section.items.map((item) => {
    const entry = text.slice(rangeOf(item.key as Node)[0], endOf(item, text));
    return newline + indent + entry;
  });
  const rest = lineEnd(text, end);
  const comment = text.slice(end, rest).trimEnd();
  return text.slice(0, start).trimEnd() + comment + lines.join("") + text.slice(rest);
}

/** After the last entry of a block, on a line of its own; before the bracket of what is written in brackets. */
function withAdded(text: string, section: PlainMap, key: string, value: YamlValue): string {
  const last = section.items.at(-1);
  if (section.flow === true) {
    const at = last === undefined ? rangeOf(section)[0] + 1 : endOf(last, text);
    return `${text.slice(0, at)}${last === undefined ? " " : ", "}${key}: ${inline(value)}${last === undefined ? " " : ""}${text.slice(at)}`;
  }
  if (last === undefined) throw new CommandError(`The section of ${key} is empty. Write it out.`);
  const indent = columnOf(text, rangeOf(last.key as Node)[0]);
  const end = lineEnd(text, endOf(last, text));
  const lines =
    typeof value === "object"
      ? [`${key}:`, ...Object.entries(value).map(([name, one]) => `  ${name}: ${inline(one)}`)]
      : [`${key}: ${inline(value)}`];
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  return (
    text.slice(0, end) + lines.map((line) => newline + " ".repeat(indent) + line).join("") + text.slice(end)
  );
}

function without(text: string, section: PlainMap, pair: Pair): string {
  const [start] = rangeOf(pair.key as Node);
  const end = endOf(pair, text);
  if (section.flow !== true) {
    const from = text.lastIndexOf("\n", start) + 1;
    return (
      text.slice(0, from) +
      text.slice(
        Math.min(
          text.length,
          lineEnd(text, end) + (text.slice(lineEnd(text, end)).startsWith("\r\n") ? 2 : 1),
        ),
      )
    );
  }
  const index = section.items.indexOf(pair);
  const [before, after] = [section.items[index - 1], section.items[index + 1]];
  if (after !== undefined) return text.slice(0, start) + text.slice(rangeOf(after.key as Node)[0]);
  return before === undefined
    ? text.slice(0, start) + text.slice(end)
    : text.slice(0, endOf(before, text)) + text.slice(end);
}

function endOf({ key, value }: Pair, text: string): number {
  return isMap(value) && value.flow !== true && value.items.length > 0
    ? endOf(value.items.at(-1) as Pair, text)
    : // A text of several lines ends with its last line's end.
      text.slice(0, rangeOf((value ?? key) as Node)[1]).trimEnd().length;
}

function rangeOf({ range }: Node): readonly [start: number, end: number] {
  if (range === undefined || range === null) throw new Error("A node of a parsed document has no range.");
  return [range[0], range[1]];
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Where the line of an offset ends; what follows a value there is a comment. */
function lineEnd(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  if (found < 0) return text.length;
  return text[found - 1] === "\r" ? found - 1 : found;
}

/**
 * Texts are always in quotes: Pulumi reads YAML 1.1, where a time, `on` or `1_0` without them is no text, and the plan reads 1.2,
 * where each is.
 */
function inline(value: YamlValue): string {
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, one]) => `${name}: ${inline(one)}`);
  return `{ ${entries.join(", ")} }`;
}

function withValue(content: unknown, path: readonly string[], value: YamlValue | undefined): unknown {
  const [key = "", ...rest] = path;
  const section = { ...(content as Record<string, unknown>) };
  if (rest.length > 0) section[key] = withValue(section[key], rest, value);
  else if (value === undefined) delete section[key];
  else section[key] = value;
  return section;
}

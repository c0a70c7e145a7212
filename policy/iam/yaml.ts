import { plain } from "../values";
import { flow, isComplete, NotUnderstood, scalar, tagged } from "./yaml-flow";

/**
 * Reads the part of YAML in which CloudFormation templates are written: block and flow collections, quoted, plain and block scalars,
 * comments, and tags such as `!Sub`, which come out as `{"Fn::Sub": …}`. The pack carries no parser of the whole language; for anchors,
 * aliases, merge keys, several documents and what is not understood the answer is `undefined`, never a guess. Scalars stay text, which
 * is what a policy has. Never throws.
 */
export function parseYaml(text: string): { readonly value: unknown } | undefined {
  const lines = linesOf(text);
  if (lines === undefined) return undefined;
  try {
    const reader = new Reader(lines);
    const value = reader.block(0);
    return reader.done() ? { value: plain(value) } : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Line {
  readonly indent: number;
  /** Without indent and, outside of block scalars, without comment. */
  readonly text: string;
  readonly raw: string;
}

function linesOf(text: string): Line[] | undefined {
  const raws = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const first = raws.findIndex((raw) => !/^\s*(?:#|%|$)/.test(raw));
  const start = /^---\s*$/.test(raws[first] ?? "") ? first : -1;
  const body = raws.slice(start + 1);
  if (body.some((raw) => /^(?:---|\.\.\.)(?:\s|$)/.test(raw))) return undefined;
  if (body.some((raw) => /^ *\t/.test(raw))) return undefined;
  return body.map((raw) => ({
    indent: raw.length - raw.trimStart().length,
    text: withoutComment(raw.trim()),
    raw,
  }));
}

class Reader {
  private at = 0;

  constructor(private readonly lines: Line[]) {}

  done(): boolean {
    return this.peek() === undefined;
  }

  /** The collection or scalar that begins at the next line, if that is indented by `least` or more. */
  block(least: number): unknown {
    const line = this.peek();
    if (line === undefined || line.indent < least) return null;
    if (/^-(?:\s|$)/.test(line.text)) return this.sequence(line.indent);
    if (keyOf(line.text) !== undefined) return this.mapping(line.indent);
    this.at += 1;
    return this.inline(line.text, line.indent - 1);
  }

  private sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (
      let line = this.peek();
      line?.indent === indent && /^-(?:\s|$)/.test(line.text);
      line = this.peek()
    ) {
      const rest = line.text.slice(1).trimStart();
      if (rest === "") {
        this.at += 1;
        items.push(this.block(indent + 1));
      } else {
        // "- key: value" begins a mapping where its key stands.
        const inner = indent + line.text.length - rest.length;
        if (keyOf(rest) !== undefined || /^-(?:\s|$)/.test(rest)) {
          this.lines[this.at] = { ...line, indent: inner, text: rest };
          items.push(this.block(inner));
        } else {
          this.at += 1;
          items.push(this.inline(rest, indent));
        }
      }
    }
    return items;
  }

  private mapping(indent: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let line = this.peek(); line?.indent === indent; line = this.peek()) {
      const found = keyOf(line.text);
      if (found === undefined) throw new NotUnderstood();
      this.at += 1;
      entries.push([found.key, this.value(found.rest, indent)]);
    }
    if (entries.some(([key]) => key === "<<") || new Set(entries.map(([key]) => key)).size < entries.length)
      throw new NotUnderstood();
    return Object.fromEntries(entries);
  }

  private value(rest: string, indent: number): unknown {
    if (rest !== "") return this.inline(rest, indent);
    const next = this.peek();
    // A list may stand as far left as its key.
    if (next?.indent === indent && /^-(?:\s|$)/.test(next.text)) return this.sequence(indent);
    return this.block(indent + 1);
  }

  /** What stands on the line of its key or dash, and goes on below as long as it is indented more than that. */
  private inline(text: string, indent: number): unknown {
    const tag = /^!([\w:]+)(?:\s+|$)(.*)$/s.exec(text);
    if (tag !== null) return tagged(tag[1] ?? "", this.value(tag[2] ?? "", indent));
    if (/^[&*]/.test(text)) throw new NotUnderstood();
    if (/^[|>]/.test(text)) return this.blockScalar(text, indent);

    let whole = text;
    while (!isComplete(whole)) {
      const next = this.peek();
      if (next === undefined) throw new NotUnderstood();
      whole += ` ${next.text}`;
      this.at += 1;
    }
    if (/^[[{"']/.test(whole)) return flow(whole);
    for (let next = this.peek(); next !== undefined && next.indent > indent; next = this.peek()) {
      if (keyOf(next.text) !== undefined) throw new NotUnderstood();
      whole += ` ${next.text}`;
      this.at += 1;
    }
    return scalar(whole);
  }

  private blockScalar(header: string, indent: number): string {
    const taken: string[] = [];
    let line = this.lines[this.at];
    while (line !== undefined && (line.raw.trim() === "" || line.indent > indent)) {
      taken.push(line.raw);
      this.at += 1;
      line = this.lines[this.at];
    }
    const depth = Math.min(
      ...taken.filter((raw) => raw.trim() !== "").map((raw) => raw.length - raw.trimStart().length),
    );
    return taken
      .map((raw) => raw.slice(depth))
      .join(header.startsWith("|") ? "\n" : " ")
      .trimEnd();
  }

  private peek(): Line | undefined {
    while (this.lines[this.at]?.text === "") this.at += 1;
    return this.lines[this.at];
  }
}

function keyOf(text: string): { readonly key: string; readonly rest: string } | undefined {
  const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?:\s+(.*))?$/s.exec(text);
  if (quoted !== null) return { key: String(flow(quoted[1] ?? "")), rest: quoted[2] ?? "" };
  const bare = /^([^\s"'[\]{}#&*!|>%@`,-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+(.*))?$/s.exec(text);
  return bare === null ? undefined : { key: bare[1] ?? "", rest: bare[2] ?? "" };
}

function withoutComment(text: string): string {
  if (text.startsWith("#")) return "";
  let quote = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote !== "") {
      if (quote === '"' && character === "\\") index += 1;
      else if (character === quote) quote = "";
    } else if ((character === '"' || character === "'") && /(?:^|[\s[{,:(-])$/.test(text.slice(0, index))) {
      quote = character;
    } else if (character === "#" && /\s/.test(text[index - 1] ?? "")) return text.slice(0, index).trimEnd();
  }
  return text;
}

/** Thrown within the reader of YAML where it does not understand; it never leaves `parseYaml`. */
export class NotUnderstood extends Error {}

/** A value under one of CloudFormation's tags, in the long form. */
export function tagged(tag: string, value: unknown): unknown {
  if (tag === "Ref" || tag === "Condition") return { [tag]: value };
  return { [`Fn::${tag}`]: value };
}

/** Whether all brackets and quotes that a flow value opens are closed. */
export function isComplete(text: string): boolean {
  if (!/^[[{"']/.test(text)) return true;
  let depth = 0;
  let quote = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote !== "") {
      if (quote === '"' && character === "\\") index += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
  }
  return depth <= 0 && quote === "";
}

/** A value in brackets, braces or quotes. @throws NotUnderstood where it is none. */
export function flow(text: string): unknown {
  let at = 0;
  const space = () => {
    while (/\s/.test(text[at] ?? "")) at += 1;
  };
  const one = (stops: RegExp): unknown => {
    space();
    const character = text[at];
    if (character === "[") return list();
    if (character === "{") return map();
    if (character === '"' || character === "'") return quoted(character);
    const from = at;
    if (character === "!") {
      const tag = /^!([\w:]+)\s+/.exec(text.slice(at));
      if (tag === null) throw new NotUnderstood();
      at += tag[0].length;
      return tagged(tag[1] ?? "", one(stops));
    }
    while (at < text.length && !stops.test(text[at] ?? "")) at += 1;
    return scalar(text.slice(from, at).trim());
  };
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    for (space(); text[at] !== "]"; space()) {
      if (at >= text.length) throw new NotUnderstood();
      items.push(one(/[,\]]/));
      space();
      if (text[at] === ",") at += 1;
      else if (text[at] !== "]") throw new NotUnderstood();
    }
    at += 1;
    return items;
  };
  const map = (): Record<string, unknown> => {
    const entries: [string, unknown][] = [];
    at += 1;
    for (space(); text[at] !== "}"; space()) {
      const key = keyIn();
      entries.push([key, one(/[,}]/)]);
      space();
      if (text[at] === ",") at += 1;
      else if (text[at] !== "}") throw new NotUnderstood();
    }
    at += 1;
    return Object.fromEntries(entries);
  };
  const keyIn = (): string => {
    const character = text[at];
    if (character === '"' || character === "'") {
      const key = quoted(character);
      space();
      if (text[at] !== ":") throw new NotUnderstood();
      at += 1;
      return key;
    }
    const found = /^([^,[\]{}"']+?)\s*:\s/.exec(text.slice(at));
    if (found === null) throw new NotUnderstood();
    at += found[0].length;
    return found[1] ?? "";
  };
  const quoted = (mark: string): string => {
    const pattern = mark === '"' ? /^"(?:[^"\\]|\\.)*"/s : /^'(?:[^']|'')*'/s;
    const [whole] = pattern.exec(text.slice(at)) ?? [];
    if (whole === undefined) throw new NotUnderstood();
    at += whole.length;
    if (mark === "'") return whole.slice(1, -1).replaceAll("''", "'");
    return unescaped(whole);
  };

  const value = one(/$^/);
  space();
  if (at < text.length) throw new NotUnderstood();
  return value;
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted.replace(/\\x([0-9a-fA-F]{2})/g, "\\u00$1")));
  } catch {
    // An escape that JSON has not.
    throw new NotUnderstood();
  }
}

/** A plain scalar: text, or nothing. */
export function scalar(text: string): unknown {
  return text === "" || text === "~" || text === "null" ? null : text;
}

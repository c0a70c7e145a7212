import { isPlaceholder } from "./placeholder";
import { type Hint, hintOf } from "./secret-name";
import { secretsByShape } from "./token-shapes";

/** Where a secret stands and what it looks like; never the secret, nor a part of it. */
export interface FoundSecret {
  /** A phrase with its article, such as `a GitHub token`. */
  readonly kind: string;
  /** From 1. */
  readonly line: number;
}

const KINDS: Readonly<Record<Hint, string>> = {
  password: "a password",
  token: "a secret key or token",
};

/** What a named value looks like, if a secret; the name counts unless `anyName`. */
export function secretInValue(name: string, value: string, anyName = false): string | undefined {
  // SageMaker's SDK writes hyperparameters as JSON, so a text has quotes of its own.
  const text = value.trim().replace(/^(["'])(.*)\1$/s, "$2");
  const hint = anyName ? undefined : hintOf(name);
  if (hint !== undefined && !isPlaceholder(text) && fits(hint, text)) return KINDS[hint];
  return secretsInText(text)[0]?.kind;
}

/** The secrets in a script or another text, also in what it holds as base64, one for each line and kind. */
export function secretsInText(text: string): readonly FoundSecret[] {
  const found = [
    ...inPlainText(text),
    ...embedded(text).flatMap(({ decoded, index }) =>
      inPlainText(decoded).map(({ kind }) => ({ kind, index })),
    ),
  ];
  const lines = lineNumbers(text);
  const unique = new Map(
    found.map(({ kind, index }) => [`${lines(index)} ${kind}`, { kind, line: lines(index) }]),
  );
  return [...unique.values()].sort((left, right) => left.line - right.line);
}

interface At {
  readonly kind: string;
  readonly index: number;
}

function inPlainText(text: string): readonly At[] {
  return [...secretsByShape(text), ...assignments(text), ...options(text), ...basicCredentials(text)];
}

// NAME=value, name: "value", "name" => 'value'. The value ends at the quote, or where a shell or a program would end it.
const ASSIGNMENT =
  /(?<![\w.])([A-Za-z_][\w.-]{0,80})["']?\]?([ \t]{0,8})(=>|:=|=|:)([ \t]{0,8})(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})'|([^\s"'`,;)}\]]{1,2000}))/g;

function assignments(text: string): readonly At[] {
  return [...text.matchAll(ASSIGNMENT)].flatMap((match) => {
    const [whole, name = "", before = "", operator = "", after = "", double, single, bare] = match;
    const hint = hintOf(name);
    const value = double ?? single ?? bare ?? "";
    if (hint === undefined || isPlaceholder(value) || !fits(hint, value) || value === name) return [];

    const next = text.charAt(match.index + whole.length);
    const shell = operator === "=" && before === "" && after === "" && next !== "," && next !== ")";
    return bare !== undefined && isCode(value, shell) ? [] : [{ kind: KINDS[hint], index: match.index }];
  });
}

// Without quotes a program means a variable, a type, a call or an expression; only a shell means the text itself.
function isCode(value: string, shell: boolean): boolean {
  if (/^[A-Za-z_$][\w$.]*[([{<]/.test(value)) return true;
  if (shell) return /^(?:os|process|self|this|args|config|settings|env)\./.test(value);
  if (/^[([{/!&|+]/.test(value) || /^[A-Za-z_$][\w$]*\??\.[A-Za-z_$]/.test(value)) return true;
  return /^[A-Za-z_$][\w$]*$/.test(value) && isMadeOfWords(value);
}

// CreateOAuth2Token, but not aB3dE5fG7h.
function isMadeOfWords(identifier: string): boolean {
  const parts = identifier.split(/(?<=[a-z])(?=[A-Z])|[_$\d]+/).filter((part) => part !== "");
  return parts.length > 0 && parts.reduce((sum, part) => sum + part.length, 0) / parts.length >= 3;
}

const OPTION =
  /(?<!\S)--?([A-Za-z][\w-]{0,60})[ \t]{1,8}(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})'|([^\s"'`;|&-][^\s"'`;|&]{0,2000}))/g;

function options(text: string): readonly At[] {
  return [...text.matchAll(OPTION)].flatMap((match) => {
    const [, name = "", double, single, bare] = match;
    const hint = hintOf(name);
    const value = double ?? single ?? bare ?? "";
    return hint === undefined || isPlaceholder(value) || !fits(hint, value)
      ? []
      : [{ kind: KINDS[hint], index: match.index }];
  });
}

const BASIC = /\bcurl\b[^\n]{0,400}?[ \t](?:-u|--user)[ \t=]{1,4}["']?[^\s:"']{1,100}:([^\s"']{4,200})/g;

function basicCredentials(text: string): readonly At[] {
  return [...text.matchAll(BASIC)]
    .filter(([, password = ""]) => !isPlaceholder(password))
    .map(({ index }) => ({ kind: KINDS.password, index }));
}

function fits(hint: Hint, value: string): boolean {
  const text = value.trim();
  if (/\s/.test(text)) return false;
  if (hint === "password") return !/^\d{1,5}$/.test(text);
  return text.length >= 8 && !isWords(text) && looksMade(text);
}

// The name of a secret: words and small numbers, such as prod/breeds-db-1 or BreedsDatabase.
function isWords(text: string): boolean {
  return text
    .split(/[-_/.:]/)
    .every((part) => /^(?:v?\d{1,4})?$/.test(part) || (/^[A-Za-z]+$/.test(part) && isMadeOfWords(part)));
}

function looksMade(text: string): boolean {
  if (/^\d+(?:\.\d+)?$/.test(text)) return false;
  return new Set(text).size >= 6 && (/\d/.test(text) || /[^\w./:-]/.test(text) || /[a-z].*[A-Z]/.test(text));
}

const BASE64 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}(?:\r?\n[A-Za-z0-9+/]{4,})*={0,2}/g;

function embedded(text: string): readonly { readonly decoded: string; readonly index: number }[] {
  return [...text.matchAll(BASE64)].flatMap(({ 0: run, index }) => {
    const decoded = Buffer.from(run, "base64").toString("utf8");
    return isReadable(decoded) ? [{ decoded, index }] : [];
  });
}

/** Text and no binary data that happens to decode: printable, and no character that UTF-8 could not read. */
export function isReadable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters tell binary data from text.
  return text !== "" && !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f\ufffd]/.test(text);
}

function lineNumbers(text: string): (index: number) => number {
  const starts = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (index) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((starts[middle] ?? Number.POSITIVE_INFINITY) < index) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

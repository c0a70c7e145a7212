const longest = 60;

/** Of a longer text not even the beginning is shown: it is a file or a key in the wrong place. */
const longestShown = 2000;

/** What stands in a message instead of a value that may be a secret. */
export const hidden = "(hidden: it may be a secret)";

const secretKey = /secret|passw(?:or)?d|passphrase|token|credential|private.?key|api.?key|access.?key/i;

/** Digests are long and random, and public. */
const digestKey = /digest$/i;
const digest = /^(?:sha256:)?[0-9a-f]*$/i;

/**
 * Shapes of credentials: AWS access key ids, private keys, tokens with a known prefix, and any long unbroken run of
 * hexadecimal, alphanumeric or mixed-case base64 characters. Better one harmless value hidden than one secret in a CI log.
 */
const secretShapes = [
  /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/i,
  /-----BEGIN/,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|pul-|eyJ)[\w-]{10}/,
  /[A-Za-z0-9]{32}/,
];
const base64Run = /[A-Za-z0-9+/=_-]{32,}/g;

/** A value as a message may show it: JSON of at most 60 characters, containers by their size, never a secret. */
export function shownValue(value: unknown, path: readonly PropertyKey[]): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      if (value.length > longestShown) return `text of ${value.length} characters`;
      return isSecret(value, path) ? hidden : quoted(value);
    case "number":
      return underSecretKey(path) ? hidden : String(value);
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null (an empty entry)";
      return Array.isArray(value)
        ? `a list of ${count(value.length, "entry", "entries")}`
        : `a section of ${count(Object.keys(value).length, "key", "keys")}`;
    default:
      return `a ${typeof value}`;
  }
}

/** Text in quotes, shortened, with control and direction characters escaped, so that it cannot disturb a terminal. */
export function quoted(text: string): string {
  const whole = text.length <= longest;
  const json = JSON.stringify(whole ? text : text.slice(0, longest)).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  if (json.length <= longest && whole) return json;

  const size = whole ? "" : ` (${text.length} characters)`;
  return `${json.slice(0, longest - 2 - size.length)}…"${size}`;
}

/** Key path as people write it: `jobs.single.market.kind`, `alarms.emails[0]`, `quotas.hostingInstances["ml.m5.large"]`. */
export function shownPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "(the whole configuration)";
  return path.reduce<string>((text, key, index) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    // The region is the one key that stands under another namespace in the stack's file.
    if (index === 0 && name === "region") return "aws:region";
    if (/^[\w-]{1,60}$/.test(name) && !isSecret(name, [])) return index === 0 ? name : `${text}.${name}`;
    return `${text}[${shownKey(name)}]`;
  }, "");
}

/** Name of a key in quotes, hidden where somebody has pasted a secret in its place. */
export function shownKey(name: string): string {
  return isSecret(name, []) ? hidden : quoted(name);
}

/** Whether a text must not be repeated to anyone. */
export function isSecret(text: string, path: readonly PropertyKey[]): boolean {
  if (underSecretKey(path) || text.length > longestShown) return true;
  const last = path.at(-1);
  if (typeof last === "string" && digestKey.test(last) && digest.test(text)) return false;
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return false;
  if (secretShapes.some((shape) => shape.test(text))) return true;
  return (text.match(base64Run) ?? []).some(
    (run) => /[A-Z]/.test(run) && /[a-z]/.test(run) && /[0-9+/=]/.test(run),
  );
}

function underSecretKey(path: readonly PropertyKey[]): boolean {
  return path.some((key) => typeof key === "string" && secretKey.test(key));
}

function count(size: number, one: string, many: string): string {
  return `${size} ${size === 1 ? one : many}`;
}

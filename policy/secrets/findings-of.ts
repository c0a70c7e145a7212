import { advisory, type Finding, undecided, violation } from "../findings";
import { texts } from "../settings";
import { asObject, UNKNOWN } from "../values";
import { type FoundSecret, secretInValue, secretsInText } from "./detect";
import { decodeScript } from "./script-text";

/** The remedy, for all rules of this area. */
export const SECRET_REMEDY =
  "Keep it in Secrets Manager or Parameter Store, give the program its ARN and the permission to read it, and replace the secret, which was written down.";

/** The setting of the rules that look at named values. */
export const ignoredNames = {
  ignoredNames: texts(
    [],
    "Names whose values are no secrets though they sound so. A value that shows as a secret by its own shape still counts.",
    { pattern: /^[\w.-]{1,128}$/, form: "a name" },
  ),
};

/** A map of names to values. Names are told, values never. */
export function mapFindings(value: unknown, path: string, ignored: readonly string[]): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  const entries = Object.entries(asObject(value) ?? {}).map(([name, entry], index) => ({
    name,
    entry,
    label: labelOf(name, index),
  }));

  const unknown = entries.filter(({ entry }) => entry === UNKNOWN).map(({ label }) => label);
  const found = entries.flatMap(({ name, entry, label }) => {
    const kind = secretInValue(name, textOf(entry), ignored.includes(name));
    return kind === undefined
      ? []
      : [
          violation(
            `${path}.${label} looks like ${kind}, for everybody to read who may describe the resource. ${SECRET_REMEDY}`,
          ),
        ];
  });
  return unknown.length === 0 ? found : [...found, undecided(`${path}: ${unknown.join(", ")}`)];
}

/** A script or user data. Line and kind are told, the text never. */
export function scriptFindings(value: unknown, path: string, form: "text" | "base64"): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  if (typeof value !== "string") return [];

  const script = form === "base64" ? decodeScript(value) : { kind: "text" as const, text: value };
  if (script.kind === "unreadable") {
    return [
      advisory(
        `${path} is neither text nor compressed text, so nobody can tell here whether it holds secrets.`,
      ),
    ];
  }
  const secrets = secretsInText(script.text);
  if (secrets.length === 0) return [];
  return [
    violation(
      `${path} holds ${listed(secrets)}, for everybody to read who may describe the resource or log in to it. ${SECRET_REMEDY}`,
    ),
  ];
}

const SHOWN = 5;

function listed(secrets: readonly FoundSecret[]): string {
  const shown = secrets.slice(0, SHOWN).map(({ kind, line }) => `what looks like ${kind} in line ${line}`);
  const rest = secrets.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

function textOf(entry: unknown): string {
  if (typeof entry === "string") return entry;
  return typeof entry === "number" ? String(entry) : "";
}

// A name is the program's own word, unless somebody has put the secret there.
function labelOf(name: string, index: number): string {
  return /^[A-Za-z_][\w.-]{0,127}$/.test(name) && secretsInText(name).length === 0
    ? name
    : `(entry ${index + 1})`;
}

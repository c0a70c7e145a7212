import { z } from "zod";
import { nearest } from "../../policy/catalog/nearest";
import type { Problem } from "./problem";
import { afterMustBe, allowedBy, listed } from "./schema-text";
import { branches, objectFor, schemaAt, unwrapped, valueAt } from "./schema-tree";
import { hidden, isSecret, quoted, shownKey, shownPath, shownValue } from "./shown-value";
import { wrongType } from "./wrong-type";

type Path = readonly PropertyKey[];

/** A problem in the making: the value at `path` is shown unless `received` says otherwise. */
interface Told {
  readonly path: Path;
  readonly message: string;
  readonly allowed?: string | undefined;
  readonly received?: string;
  readonly fix?: string | undefined;
}

const sizeUnits: Readonly<Record<string, readonly [string, string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

const useAllowed = "Write a value that is allowed.";

/** The problems behind one issue of zod: one, or one per unknown key. */
export function problemsOf(issue: z.core.$ZodIssue, root: z.core.$ZodType, input: unknown): Problem[] {
  const schema = schemaAt(root, issue.path, input);
  return tell(issue, schema, valueAt(input, issue.path), input).map((told) => finish(told, schema, input));
}

function tell(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType | undefined,
  value: unknown,
  input: unknown,
): Told[] {
  const { path } = issue;
  switch (issue.code) {
    case "invalid_type":
      return [{ path, ...wrongType(schema, value, path) }];
    case "too_small":
    case "too_big": {
      const bound = issue.code === "too_small" ? issue.minimum : issue.maximum;
      const unit = sizeUnits[issue.origin];
      const isSize = unit !== undefined;
      const [less, more] = isSize ? ["too short", "too long"] : ["too small", "too large"];
      const limit = `${issue.code === "too_small" ? "at least" : "at most"} ${bound}${isSize ? ` ${unit[bound === 1 ? 0 : 1]}` : ""}`;
      const strict = issue.inclusive === false ? ", which is itself excluded" : "";
      return [
        {
          path,
          message: `is ${issue.code === "too_small" ? less : more}: ${limit}${strict}`,
          fix: isSize ? "Change its length." : "Write a number within the range.",
        },
      ];
    }
    case "invalid_format":
      return [{ path, ...form(issue.message) }];
    case "invalid_value":
      return [{ path, message: "is not one of the possible values", ...choice(issue.values, value) }];
    case "invalid_union":
      return [unknownKind(path, schemaAbove(path, issue), value, issue)];
    case "invalid_key": {
      const name = path.at(-1);
      const why = issue.issues[0]?.message ?? "";
      return [
        {
          path,
          message: `is not a valid name here${afterMustBe(why) === undefined && why !== "" ? `: ${why}` : ""}`,
          received: shownKey(String(name)),
          allowed: afterMustBe(why) ?? customText(issue.issues[0], "allowed") ?? "another name",
          fix: "Rename the entry, and whatever refers to it.",
        },
      ];
    }
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], schema, valueAt(input, path)));
    case "custom":
      return [
        {
          path,
          ...form(issue.message),
          ...defined("allowed", customText(issue, "allowed")),
          ...defined("fix", customText(issue, "fix")),
        },
      ];
    default:
      return [{ path, message: issue.message }];
  }
}

function finish(
  { path, message, allowed, received, fix }: Told,
  schema: z.core.$ZodType | undefined,
  input: unknown,
): Problem {
  const value = valueAt(input, path);
  // A message may quote the value it is about.
  const safe =
    typeof value === "string" && value !== "" && isSecret(value, path)
      ? message.replaceAll(value, hidden)
      : message;
  return {
    path: shownPath(path),
    message: safe,
    received: received ?? shownValue(value, path),
    allowed: allowed ?? (schema === undefined ? "see docs/configuration.md" : allowedBy(schema)),
    fix: fix ?? useAllowed,
  };
}

/** What the schema says of a form, "must be …", goes to what is allowed; zod's own words say too little. */
function form(message: string): { message: string; allowed?: string } {
  const required = afterMustBe(message);
  if (required !== undefined) return { message: "does not have the right form", allowed: required };
  return { message: message.startsWith("Invalid ") ? "does not have the right form" : message };
}

function defined<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
}

function choice(values: readonly unknown[], value: unknown): { allowed: string; fix?: string } {
  const names = values.filter((item) => typeof item === "string");
  const meant = typeof value === "string" ? nearest(value, names, 3) : undefined;
  const isQuoted = typeof value === "string" && values.includes(Number(value));
  const fix =
    meant !== undefined
      ? `Did you mean ${quoted(meant)}?`
      : isQuoted
        ? "Write the number without quotes."
        : undefined;
  return { allowed: listed(values), ...(fix === undefined ? {} : { fix }) };
}

function unknownKind(
  path: Path,
  discriminator: string,
  value: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
): Told {
  const options = "options" in issue && Array.isArray(issue.options) ? issue.options : [];
  if (options.length === 0) return { path, message: "fits none of the possible forms" };
  const { allowed, fix } = choice(options, value);
  return value === undefined
    ? {
        path,
        message: "is missing",
        allowed,
        fix: `Say which one it is, for instance ${discriminator}: ${String(options[0])}.`,
      }
    : { path, message: `is not a ${discriminator} that exists here`, allowed, fix };
}

function schemaAbove(path: Path, issue: z.core.$ZodIssueInvalidUnion): string {
  return issue.discriminator ?? String(path.at(-1));
}

function unknownKey(path: Path, schema: z.core.$ZodType | undefined, around: unknown): Told {
  const key = String(path.at(-1));
  const object = schema === undefined ? undefined : objectFor(schema, around);
  const known = Object.keys(object?.shape ?? {});
  const meant = nearest(key, known, Math.max(1, Math.min(3, Math.floor(key.length / 2))));
  const home = object === undefined ? undefined : homeOf(key, object);
  return {
    path,
    message: "is not a key that exists here",
    allowed: `the keys ${known.map((name) => (path.length === 1 && name === "region" ? "aws:region" : name)).join(", ")}`,
    fix:
      meant !== undefined
        ? `Did you mean ${quoted(meant)}?`
        : home !== undefined
          ? `Move it into ${quoted(home)}.`
          : "Remove it.",
  };
}

/** Key of the object under which the wanted key exists, one level down: `serving` for a misplaced `instanceType`. */
function homeOf(key: string, object: z.ZodObject): string | undefined {
  return Object.entries(object.shape).find(([, child]) => {
    const bare = unwrapped(child);
    const objects =
      bare instanceof z.ZodObject ? [bare] : bare instanceof z.ZodDiscriminatedUnion ? branches(bare) : [];
    return key !== "kind" && objects.some(({ shape }) => Object.hasOwn(shape, key));
  })?.[0];
}

function customText(issue: z.core.$ZodIssue | undefined, name: "allowed" | "fix"): string | undefined {
  const value: unknown = issue?.code === "custom" ? issue.params?.[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

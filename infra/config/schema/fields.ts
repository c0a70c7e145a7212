import { z } from "zod";
import { type Use, whyNot } from "../../../policy/catalog/instance-types";

/** What a check found wrong with a value that has the right type. */
export interface Finding {
  /** Path of the offending key, relative to the object that is checked. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** What would be accepted. */
  readonly allowed: string;
  /** The next step, where it is not simply "use an allowed value". */
  readonly fix?: string;
}

/** A relation between keys of one object. It runs as soon as the keys it reads are sound. */
export interface Check<T> {
  readonly reads: readonly (keyof T & string)[];
  /** Records among them where the entries that are not sound are left out, and the relation runs on the others. */
  readonly leavesOut?: readonly (keyof T & string)[];
  /** Records among them whose entries may be anything, since only their names are read. */
  readonly namesOf?: readonly (keyof T & string)[];
  readonly find: (value: T) => readonly Finding[];
}

/**
 * Adds relations between keys to an object schema.
 *
 * zod skips refinements when any key of the object is wrong; here a relation is skipped only when a key it
 * reads is wrong, so that one run reports every problem.
 */
export function withChecks<S extends z.ZodObject>(schema: S, checks: readonly Check<z.output<S>>[]): S {
  return schema.superRefine(
    (value, context) => {
      // All are found before the first is added: what a relation adds must not silence the next.
      const findings = checks.flatMap((check) => {
        const sound = soundPart(value as z.output<S>, check, context.issues);
        return sound === undefined ? [] : check.find(sound);
      });
      for (const { path, message, allowed, fix } of findings) {
        context.addIssue({
          code: "custom",
          path: [...path],
          message,
          params: { allowed, ...(fix === undefined ? {} : { fix }) },
        });
      }
    },
    { when: ({ value }) => typeof value === "object" && value !== null },
  ) as S;
}

/** The value without what a relation must not see; `undefined` if it cannot run. */
function soundPart<T extends object>(
  value: T,
  { reads, leavesOut = [], namesOf = [] }: Check<T>,
  issues: readonly z.core.$ZodRawIssue[],
): T | undefined {
  const isObject = !issues.some(({ code, path = [] }) => code !== "unrecognized_keys" && path.length === 0);
  if (!isObject) return undefined;

  const wrong = issues.flatMap(({ code, path = [] }): [string, string | undefined, boolean][] =>
    code === "unrecognized_keys" || path.length === 0
      ? []
      : [[String(path[0]), path.length > 1 ? String(path[1]) : undefined, code === "custom"]],
  );
  const stops = ([key, entry]: (typeof wrong)[number]) =>
    reads.some((read) => read === key) &&
    (entry === undefined || ![...leavesOut, ...namesOf].some((tolerant) => tolerant === key));
  if (wrong.some(stops)) return undefined;

  const sound = { ...value };
  for (const key of leavesOut) {
    // A value of the right type that breaks a rule of its own is as good as any other for a relation.
    const unsound = new Set(
      wrong.flatMap(([at, entry, isRule]) => (at === key && !isRule && entry !== undefined ? [entry] : [])),
    );
    const kept = Object.entries(value[key] as object).filter(([name]) => !unsound.has(name));
    sound[key] = Object.fromEntries(kept) as T[typeof key];
  }
  return sound;
}

/** A list that names nothing twice: duplicates would become two resources, or be refused by AWS. */
export function distinct<T extends z.ZodArray>(list: T, what: string): T {
  return list.superRefine((values: readonly unknown[], context) => {
    const seen = new Set<unknown>();
    values.forEach((value, index) => {
      if (!seen.has(value)) {
        seen.add(value);
        return;
      }
      context.addIssue({
        code: "custom",
        path: [index],
        message: `names ${what} twice`,
        params: { allowed: "each entry once", fix: "Remove one of the two." },
      });
    });
  }) as T;
}

/** A short lower-case name that may become part of an AWS resource name. */
export function shortName(maximumLength: number) {
  return z
    .string()
    .regex(new RegExp(`^[a-z](?:-?[a-z0-9]){0,${maximumLength - 1}}$`), {
      error: `must be 1 to ${maximumLength} lower-case letters, digits or single hyphens, starting with a letter and not ending with a hyphen`,
    })
    .max(maximumLength);
}

/** Name of a job, model, endpoint or schedule: part of physical names that AWS limits to 63 characters. */
export const entryName = shortName(20);

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "must be a SHA-256 digest: 64 lower-case hexadecimal digits" });

export const email = z.email().max(254);

export const positiveUsd = z.number().positive().max(1_000_000);

/** Why a safety is off; it ends in the plan and in review, so it has to say something. */
export const reason = z
  .string()
  .trim()
  .min(10)
  .max(300)
  .describe("Why this safety is off; shown in the plan and kept in the file's history.");

export const accountId = z
  .string()
  .regex(/^\d{12}$/, { error: "must be a 12-digit AWS account id in quotes" });

/** S3 key prefix that ends in a slash. */
export const keyPrefix = z
  .string()
  .max(200)
  .regex(/^(?:[A-Za-z0-9!_.*'()-]+\/)+$/, {
    error: "must be an S3 prefix such as dogImages/, ending in a slash",
  });

/** General purpose bucket name, without dots (they break TLS host names). */
export const bucketName = z
  .string()
  .regex(/^(?!xn--|sthree-|amzn-s3-demo-)(?!.*--)[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/, {
    error: "must be 3 to 63 lower-case letters, digits or single hyphens",
  })
  .refine((name) => !/-s3alias$|--ols-s3$|--x-s3$/.test(name), {
    error: "must not end in a suffix that S3 reserves",
  });

/** An instance type that AWS sells for the given use. */
export function instanceType(use: Use) {
  const allowed = `${words[use][0]} such as ${words[use][1]}`;
  return z
    .string()
    .superRefine((name, context) => {
      const problem = whyNot(use, name);
      if (problem !== undefined) {
        context.addIssue({ code: "custom", message: problem, params: { allowed } });
      }
    })
    .meta({ title: allowed });
}

const words: Readonly<Record<Use, readonly [string, string]>> = {
  hosting: ["an instance type for endpoints", "ml.m5.large"],
  training: ["an instance type for training jobs", "ml.m5.xlarge"],
  tuning: ["an instance type for tuning jobs", "ml.m5.xlarge"],
  notebook: ["an instance type for notebooks", "ml.t3.medium"],
  compute: ["an EC2 instance type", "g4dn.xlarge"],
};

/** Six-field expression of Application Auto Scaling and EventBridge Scheduler: `cron(0 20 ? * MON-FRI *)`. */
export const cronExpression = z
  .string()
  .regex(/^cron\((?:\S+ ){5}\S+\)$/, {
    error: "must be cron(minutes hours day-of-month month day-of-week year)",
  })
  .refine((text) => isCron(text), { error: "has a field out of range, or none or both day fields set to ?" });

/**
 * IANA time zone in its exact spelling, checked against the zones this Node knows. Node also takes other spellings
 * and offsets such as +01:00, which Application Auto Scaling and EventBridge Scheduler refuse.
 */
export const timeZone = z
  .string()
  .refine((zone) => isTimeZone(zone), { error: "must be an IANA time zone such as Europe/Berlin or UTC" });

function isTimeZone(zone: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){0,2}$/.test(zone)) return false;
  try {
    const known = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
    // An alias resolves to another name; the same name in other capitals is a misspelling.
    return known === zone || known.toLowerCase() !== zone.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const cronRanges: readonly (readonly [number, number, RegExp?])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12, /^(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)$/],
  [1, 7, /^(?:SUN|MON|TUE|WED|THU|FRI|SAT)$/],
  [1970, 2199],
];

function isCron(text: string): boolean {
  const fields = text.slice("cron(".length, -1).split(" ");
  const dayWildcards = [fields[2], fields[4]].filter((field) => field === "?").length;
  return dayWildcards === 1 && fields.every((field, index) => isCronField(field, index));
}

function isCronField(field: string, index: number): boolean {
  if (field === "?") return index === 2 || index === 4;
  const range = cronRanges[index];
  if (range === undefined) return false;
  const [low, high, names] = range;
  const isValue = (value: string) =>
    names?.test(value) === true || (/^\d+$/.test(value) && Number(value) >= low && Number(value) <= high);
  return field.split(",").every((part) => {
    const [span = "", step] = part.split("/");
    if (step !== undefined && !/^[1-9]\d*$/.test(step)) return false;
    if (span === "*") return true;
    if (index === 2 && /^(?:L|LW|(?:[12]?\d|3[01])W)$/.test(span)) return true;
    if (index === 4 && /^[1-7](?:L|#[1-5])$/.test(span)) return true;
    const [from = "", to, ...rest] = span.split("-");
    return rest.length === 0 && isValue(from) && (to === undefined || isValue(to));
  });
}

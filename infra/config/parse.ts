import type { z } from "zod";
import { problemsOf } from "./explain-issue";
import { deepFreeze, plainCopy, type Unusable } from "./plain-copy";
import { ConfigError, type Problem } from "./problem";
import { type StackConfig, stackSchema } from "./schema/stack";
import { shownPath } from "./shown-value";

export { ConfigError, explain, type Problem } from "./problem";

/**
 * Checks one environment and fills in its defaults. The result is frozen to its leaves.
 *
 * @param raw Sections by name, as `rawFromPulumi` gives them; anything at all is safe to pass.
 * @throws {ConfigError} With every problem, sorted by path. Never anything else.
 */
export function parseStackConfig(raw: Readonly<Record<string, unknown>>): StackConfig {
  const { copy, unusable } = plainCopy(raw);
  const result = stackSchema.safeParse(copy);
  if (result.success && unusable.length === 0) return deepFreeze(result.data);

  const problems: Problem[] = [
    ...unusable.map(({ path, ...told }) => ({ ...told, path: shownPath(path) })),
    ...telling(result.error?.issues ?? [], unusable).flatMap((issue) => problemsOf(issue, stackSchema, copy)),
  ];
  throw new ConfigError(sorted(problems));
}

/**
 * A value of a wrong form also fails what was only asked of well-formed values, such as a length or a lookup. Of
 * several issues about one path the first about its form stands; without one, all. What is left out of the copy is
 * told already.
 */
function telling(
  issues: readonly z.core.$ZodIssue[],
  unusable: readonly Unusable[],
): readonly z.core.$ZodIssue[] {
  const told = new Set(unusable.map(({ path }) => JSON.stringify(path)));
  const form = new Map<string, z.core.$ZodIssue>();
  for (const issue of issues) {
    const key = JSON.stringify(issue.path);
    if (isAboutForm(issue) && !form.has(key)) form.set(key, issue);
  }
  return issues.filter((issue) => {
    if (told.has(JSON.stringify(issue.path))) return false;
    const first = form.get(JSON.stringify(issue.path));
    return first === undefined || first === issue || issue.code === "unrecognized_keys";
  });
}

function isAboutForm(issue: z.core.$ZodIssue): boolean {
  // zod holds integers to the safe range as well; the schema's own bound says more.
  const isSafeRange = (issue.code === "too_big" || issue.code === "too_small") && "note" in issue;
  return issue.code !== "custom" && issue.code !== "unrecognized_keys" && !isSafeRange;
}

/** By path and message, by code unit: the same in every locale, and for every order of the keys. */
function sorted(problems: readonly Problem[]): Problem[] {
  const key = ({ path, message }: Problem) => `${path}\u0000${message}`;
  return [...problems].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

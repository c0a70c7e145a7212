/** `*` is any text, `?` any character. Greedy with one point of return: linear in practice, never exponential. */
export function glob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;

  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      resume = t;
      p += 1;
    } else if (pattern[p] === "?" || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}

/** A pattern of the elements Resource and NotResource, taken apart once. */
export interface ArnPattern {
  readonly text: string;
  /** `*`, or an ARN of nothing but wildcards. */
  readonly everything: boolean;
  /** It has all of an ARN's colons, so that no wildcard can reach over one. */
  readonly complete: boolean;
  /** What the last segment begins with, before any wildcard. */
  readonly start: string;
  /** The kind of resource that the last segment begins with. @default - a wildcard leaves it open */
  readonly kind: string | undefined;
  /** Partition, service, region, account and resource; what an incomplete ARN lacks is `*`. */
  readonly segments: readonly [string, string, string, string, string];
}

// Stands for `${*}`, `${?}` and `${$}`, which are those characters themselves. No name of a resource has any of them.
const LITERAL = "\u0000";
const VARIABLE = "\u0001";

/**
 * @param variables What `${aws:…}` counts as. `open`, for what is allowed: any text, but in the name of a resource one text, since it
 * limits the grant to it. `closed`, for what is taken away: nothing that any resource is called.
 */
export function arnPattern(pattern: string, variables: "open" | "closed"): ArnPattern {
  const trimmed = pattern.trim();
  const text = trimmed.includes("${") ? resolveVariables(trimmed, variables) : trimmed;
  const [, partition = "*", service = "*", region = "*", account = "*", ...rest] = text.split(":");
  const resource = rest.length === 0 ? "*" : rest.join(":");
  const segments = [partition, service, region, account, resource] as const;
  // `**` and `arn:*` say the same as `*`; what is no ARN at all stands for itself.
  const everything = isStars(text) || (text.startsWith("arn:") && segments.every(isStars));
  const start = literalStart(resource);
  return { text, everything, complete: rest.length > 0, start, kind: kindOf(start), segments };
}

/** What stands before the name in the last part of an ARN, `model` of `model/{name}`; `undefined` where there is nothing. */
export function kindOf(resource: string): string | undefined {
  const at = resource.search(/[/:]/);
  return at < 0 ? undefined : resource.slice(0, at);
}

/**
 * Whether the pattern surely takes in the ARN: segment by segment, no wildcard reaching over a colon. For what a Deny or a NotResource
 * takes away.
 */
export function surelyMatches(pattern: ArnPattern, arn: readonly string[]): boolean {
  if (pattern.everything) return true;
  if (!pattern.text.startsWith("arn:") || arn[5]?.startsWith(pattern.start) !== true) return false;
  return pattern.segments.every((segment, index) => glob(segment, arn[index + 1] ?? ""));
}

/**
 * Whether the pattern may take in the ARN, for what an Allow grants: AWS lets a `*` at the end of a segment reach over colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function mayMatch(pattern: ArnPattern, arn: readonly string[]): boolean {
  return surelyMatches(pattern, arn) || glob(pattern.text, arn.join(":"));
}

/** Whether the pattern takes in an ARN of the service that ends so, in some partition, region and account; quick to say no. */
export function mayMatchSomewhere(
  { complete, start, segments }: ArnPattern,
  service: string,
  end: string,
): boolean {
  if (!complete || end.includes(":")) return true;
  return end.startsWith(start) && glob(segments[4], end) && glob(segments[1], service);
}

/** Whether the pattern surely takes in every ARN of the service that ends so, wherever it stands. */
export function surelyMatchesEverywhere(
  { everything, text, segments }: ArnPattern,
  service: string,
  end: string,
): boolean {
  if (everything) return true;
  const [partition, wanted, region, account, resource] = segments;
  const anywhere = [partition, region, account].every(isStars);
  return text.startsWith("arn:") && anywhere && glob(wanted, service) && glob(resource, end);
}

/** The patterns of one element Action or NotAction. */
export interface ActionPatterns {
  /** @param action In lower case. */
  matches(action: string): boolean;
}

/** Actions are compared in lower case, as IAM ignores their case. */
export function actionPatterns(patterns: readonly string[] | undefined): ActionPatterns | undefined {
  if (patterns === undefined) return undefined;
  const lower = patterns.map((pattern) => pattern.trim().toLowerCase());
  const exact = new Set(lower);
  const open = lower
    .filter((pattern) => /[*?]/.test(pattern))
    .map((pattern) => ({ pattern, start: literalStart(pattern) }));
  return {
    matches: (action) =>
      exact.has(action) ||
      open.some(({ pattern, start }) => action.startsWith(start) && glob(pattern, action)),
  };
}

/** Texts that the pattern takes in: those of the usual ones, and the pattern without its wildcards, as all usual ones may be taken away. */
export function samplesOf(pattern: string, usual: readonly string[]): readonly string[] {
  if (isStars(pattern)) return usual;
  if (!/[*?]/.test(pattern)) return [pattern];
  return [...new Set([...usual.filter((text) => glob(pattern, text)), withoutWildcards(pattern)])];
}

export function withoutWildcards(pattern: string): string {
  return pattern.replaceAll("*", "").replaceAll("?", "0");
}

function isStars(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}

function literalStart(pattern: string): string {
  const at = pattern.search(/[*?]/);
  return at < 0 ? pattern : pattern.slice(0, at);
}

// A variable has colons and slashes of its own, so it is taken out before the pattern is taken apart.
function resolveVariables(pattern: string, variables: "open" | "closed"): string {
  const plain = pattern.replace(/\$\{[*?$]\}/g, LITERAL).replace(/\$\{[^}]*\}/g, VARIABLE);
  if (variables === "closed") return plain.replaceAll(VARIABLE, LITERAL);

  const [arn = "", partition = "", service = "", region = "", account = "", ...rest] = plain.split(":");
  const [kind = "", ...name] = rest.join(":").split("/");
  const open = [arn, partition, service, region, account, kind].map((part) => part.replaceAll(VARIABLE, "*"));
  const last = [open.pop() ?? "", ...name.map((part) => part.replaceAll(VARIABLE, "variable"))].join("/");
  return [...open, last].join(":").replace(/:+$/, "");
}

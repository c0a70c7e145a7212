import type { Statement } from "./document";

/** A power to look for: an action and a representative resource. */
export interface Canary {
  /** `service:Action` */
  readonly action: string;
  /** What follows `arn:<partition>:<service>:<region>:<account>:`, for a resource with an ordinary, made-up name. */
  readonly resource: string;
}

export interface Verdict {
  readonly canary: Canary;
  /** The Allow that decides. */
  readonly statement: Statement;
}

/** Where a canary may stand. A region and an account that nobody names show whether a Deny covers all of them. */
interface Places {
  readonly partition: string;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
}

// Enough for any real document; it bounds the work for a hostile one.
const MAX_PLACES = 8;

/**
 * Whether the statements could ever allow the canary: some Allow matches, and no unconditional Deny takes it back.
 * Conditions of an Allow are taken as met, since who calls and how is not known here; a conditional Deny is taken as not
 * applying. Policy variables in an Allow count as wildcards, in a Deny as text.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(statements: readonly Statement[], canary: Canary): Verdict | undefined {
  const denies = statements.filter(
    (statement) =>
      statement.effect === "Deny" && !statement.conditional && matchesAction(statement, canary.action),
  );
  const places = placesOf(denies);

  const statement = statements.find(
    (candidate) =>
      candidate.effect === "Allow" &&
      matchesAction(candidate, canary.action) &&
      reachable(candidate, canary, places).some((arn) => !denies.some((deny) => matchesArn(deny, arn))),
  );
  return statement === undefined ? undefined : { canary, statement };
}

// Taken from the Denies alone: so an Allow more can only add to what is reached.
function placesOf(denies: readonly Statement[]): Places {
  const fields = denies
    .flatMap(({ resource, notResource }) => [...(resource ?? []), ...(notResource ?? [])])
    .map((pattern) => pattern.split(":"))
    .filter((parts) => parts.length >= 6);
  const named = (index: number) =>
    [...new Set(fields.map((parts) => parts[index] ?? ""))].filter(
      (field) => field !== "" && !/[*?]/.test(field),
    );

  return {
    partition: named(1)[0] ?? "aws",
    regions: ["us-east-1", "zz-canary-1", ...named(3)].slice(0, MAX_PLACES),
    accounts: ["123456789012", "000000000000", ...named(4)].slice(0, MAX_PLACES),
  };
}

/** Concrete ARNs of the canary's kind that an Allow reaches. */
function reachable(allow: Statement, canary: Canary, places: Places): readonly string[] {
  if (allow.resource === undefined) {
    return arnsOf(canary, places).filter(
      (arn) => !(allow.notResource ?? ["*"]).some((pattern) => glob(anyPartition(pattern), arn)),
    );
  }
  return allow.resource.map(openVariables).flatMap((pattern) => {
    const [, partition, , region, account, ...rest] = pattern.split(":");
    if (rest.length === 0) return arnsOf(canary, places).filter((arn) => glob(pattern, arn));

    // A document for one partition, region or account is judged there: a copy of full access for eu-west-1 is full access.
    const there = {
      partition: samples(partition, [places.partition])[0] ?? "",
      regions: samples(region, places.regions),
      accounts: samples(account, places.accounts),
    };
    return arnsOf(canary, there).filter((arn) => glob(pattern, arn));
  });
}

// The usual texts that the field's pattern matches; if there is none, the pattern with its wildcards taken out, which it matches.
function samples(field: string | undefined, usual: readonly string[]): readonly string[] {
  const pattern = field ?? "*";
  const fitting = usual.filter((text) => glob(pattern, text));
  return fitting.length > 0 ? fitting : [pattern.replaceAll("*", "").replaceAll("?", "0")];
}

function arnsOf(canary: Canary, { partition, regions, accounts }: Places): readonly string[] {
  const service = canary.action.split(":")[0] ?? "";
  return regions.flatMap((region) =>
    accounts.map((account) => `arn:${partition}:${service}:${region}:${account}:${canary.resource}`),
  );
}

function matchesArn(deny: Statement, arn: string): boolean {
  if (deny.resource !== undefined) return deny.resource.some((pattern) => glob(pattern, arn));
  return deny.notResource !== undefined && !deny.notResource.some((pattern) => glob(pattern, arn));
}

function matchesAction(statement: Statement, action: string): boolean {
  const matches = (pattern: string) => glob(pattern.toLowerCase(), action.toLowerCase());
  if (statement.action !== undefined) return statement.action.some(matches);
  return statement.notAction !== undefined && !statement.notAction.some(matches);
}

// What NotResource leaves out in another partition it leaves out in the one that the canary stands in.
function anyPartition(pattern: string): string {
  return pattern.replace(/^arn:[^:]*:/, "arn:*:");
}

function openVariables(pattern: string): string {
  return pattern.replace(/\$\{[^}]*\}/g, "*");
}

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

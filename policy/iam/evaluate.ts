import { holds, type RequestContext } from "./conditions";
import type { Statement } from "./document";
import {
  type ActionPatterns,
  type ArnPattern,
  actionPatterns,
  arnPattern,
  kindOf,
  mayMatch,
  mayMatchSomewhere,
  samplesOf,
  surelyMatches,
  surelyMatchesEverywhere,
  withoutWildcards,
} from "./patterns";

/** A power to look for: an action on any resource of a kind. */
export interface Canary {
  /** `service:Action` */
  readonly action: string;
  /** The last part of the ARN, `{name}` for the name: `model/{name}`, `function:{name}`. */
  readonly resource: string;
  /** Resources of IAM have no region. @default true */
  readonly regional?: boolean;
  /** What the request says under condition keys that keep their meaning; every other condition is taken as met. @default {} */
  readonly context?: RequestContext;
}

export interface Verdict {
  readonly canary: Canary;
  /** The Allows that decide. */
  readonly statements: readonly Statement[];
}

/** Statements made ready for many questions. */
export interface Permissions {
  readonly allows: readonly Compiled[];
  readonly denies: readonly Compiled[];
  readonly places: Places;
  /** What was found about resources asked for before: many actions share one. */
  readonly near: Map<string, Near>;
  /** Statements that resources of a kind may concern, by kind; most documents name few kinds. */
  readonly byKind: Map<string, Sides>;
}

interface Sides {
  readonly allows: readonly Compiled[];
  readonly denies: readonly Compiled[];
}

interface Compiled {
  readonly statement: Statement;
  readonly action: ActionPatterns | undefined;
  readonly notAction: ActionPatterns | undefined;
  readonly resource: readonly ArnPattern[] | undefined;
  readonly notResource: readonly ArnPattern[] | undefined;
}

/** The statements that concern a resource, wherever it stands. */
interface Near extends Sides {
  /** Those that deny it in all places. */
  readonly sweeping: readonly Compiled[];
}

/** Where a canary may stand. A region and an account that nobody names show whether a Deny covers all of them. */
interface Places {
  readonly partitions: readonly string[];
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
}

/**
 * Made-up names without a common letter or shape. A power over most of them is one over resources of any name: a prefix of a team takes
 * in one of them at most, and leaving out the names of one team leaves most of them.
 */
const NAMES = ["canary", "Zulu7", "model-x1", "0-prod", "q"];

// Enough for any real document; they bound the work for a hostile one.
const MAX_PARTITIONS = 3;
const MAX_NAMED = 4;

/** @param home The partition of the deployment, where it is known. ARNs that name another are judged there. */
export function permissionsOf(statements: readonly Statement[], home = "aws"): Permissions {
  const known = ready.get(statements);
  if (known?.home === home) return known.permissions;
  const permissions = prepare(statements, home);
  ready.set(statements, { home, permissions });
  return permissions;
}

/** Several rules ask about the same document. */
const ready = new WeakMap<
  readonly Statement[],
  { readonly home: string; readonly permissions: Permissions }
>();

function prepare(statements: readonly Statement[], home: string): Permissions {
  const compiled = statements.map(compile);
  const patterns = compiled.flatMap(({ resource, notResource }) => [
    ...(resource ?? []),
    ...(notResource ?? []),
  ]);
  const granted = compiled.flatMap(({ statement, resource }) =>
    statement.effect === "Allow" ? (resource ?? []) : [],
  );
  return {
    near: new Map(),
    byKind: new Map(),
    allows: compiled.filter(({ statement }) => statement.effect === "Allow"),
    denies: compiled.filter(({ statement }) => statement.effect === "Deny"),
    places: {
      // Only what an Allow names: what is left out in China leaves nothing out elsewhere.
      partitions: [...new Set([home, ...named(granted, 0)])].slice(0, MAX_PARTITIONS),
      regions: ["us-east-1", "zz-canary-1", ...named(patterns, 2).slice(0, MAX_NAMED)],
      accounts: ["123456789012", "000000000000", ...named(patterns, 3).slice(0, MAX_NAMED)],
    },
  };
}

/**
 * Whether the canary could ever be allowed: some Allow takes it in, and no Deny that surely applies takes it back, for most names.
 *
 * - Conditions of an Allow are taken as met, since who calls and how is not known here, and those of a Deny as not met; only keys in the
 *   canary's context, such as `iam:PassedToService`, keep their meaning.
 * - Policy variables: `arnPattern` of patterns.ts.
 * - A document for one partition, region or account is judged there: a copy of full access for eu-west-1 is full access.
 *
 * More statements that allow never make a verdict go away, and an unconditional Deny never makes one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(permissions: Permissions, canary: Canary): Verdict | undefined {
  const action = canary.action.toLowerCase();
  const context = canary.context ?? {};
  const allowed = remembered(
    (allow) =>
      allowsAction(allow, action) &&
      allow.statement.conditions.every((condition) => holds(condition, context) !== false),
  );
  const denied = remembered(
    (deny) =>
      deniesAction(deny, action) &&
      deny.statement.conditions.every((condition) => holds(condition, context) === true),
  );

  const deciding: Statement[] = [];
  for (const name of NAMES) {
    const end = canary.resource.replace("{name}", name);
    const { allows, denies, sweeping } = nearTo(permissions, serviceOf(canary), end);
    const able = allows.filter(allowed);
    if (able.length === 0 || sweeping.some(denied)) continue;
    const against = denies.filter(denied);
    const decides = able.find((allow) => reaches(allow, against, canary, end, permissions.places));
    if (decides !== undefined) deciding.push(decides.statement);
  }
  return deciding.length * 2 > NAMES.length ? { canary, statements: [...new Set(deciding)] } : undefined;
}

/** The same answer without asking again: most statements concern a resource of any name, or none. */
function remembered(decide: (compiled: Compiled) => boolean): (compiled: Compiled) => boolean {
  const known = new Map<Compiled, boolean>();
  return (compiled) => {
    const answer = known.get(compiled) ?? decide(compiled);
    known.set(compiled, answer);
    return answer;
  };
}

function nearTo(permissions: Permissions, service: string, end: string): Near {
  const key = `${service}:${end}`;
  const known = permissions.near.get(key);
  if (known !== undefined) return known;

  const { allows, denies } = ofKind(permissions, end);
  const concerns = ({ resource, notResource }: Compiled) =>
    notResource !== undefined ||
    resource?.some((pattern) => mayMatchSomewhere(pattern, service, end)) === true;
  const found = {
    allows: allows.filter(concerns),
    denies: denies.filter(concerns),
    sweeping: denies.filter((deny) => deniesEverywhere(deny, service, end)),
  };
  permissions.near.set(key, found);
  return found;
}

function ofKind(permissions: Permissions, end: string): Sides {
  const kind = kindOf(end);
  // Behind a colon of its own anything may be meant: `mayMatchSomewhere`.
  if (kind === undefined || end.includes(":")) return permissions;
  const known = permissions.byKind.get(kind);
  if (known !== undefined) return known;

  const mayBe = ({ resource, notResource }: Compiled) =>
    resource === undefined ||
    notResource !== undefined ||
    resource.some((pattern) => !pattern.complete || pattern.kind === undefined || pattern.kind === kind);
  const { allows, denies } = permissions;
  const found = { allows: allows.filter(mayBe), denies: denies.filter(mayBe) };
  permissions.byKind.set(kind, found);
  return found;
}

function reaches(
  allow: Compiled,
  against: readonly Compiled[],
  canary: Canary,
  end: string,
  places: Places,
): boolean {
  if (against.length === 0 && allow.resource?.some(({ everything }) => everything) === true) return true;

  const open = (arn: readonly string[]) => !against.some((deny) => deniesArn(deny, arn));
  const exceptions = allow.notResource;
  if (exceptions !== undefined) {
    const found = arnsOf(canary, end, places).some(
      (arn) => !exceptions.some((pattern) => surelyMatches(pattern, arn)) && open(arn),
    );
    if (found) return true;
  }
  const service = serviceOf(canary);
  return (allow.resource ?? []).some(
    (pattern) =>
      mayMatchSomewhere(pattern, service, end) &&
      arnsOf(canary, end, placesWithin(pattern, places)).some((arn) => mayMatch(pattern, arn) && open(arn)),
  );
}

function placesWithin({ segments: [partition, , region, account] }: ArnPattern, places: Places): Places {
  return {
    partitions: samplesOf(partition, places.partitions),
    regions: samplesOf(region, places.regions),
    accounts: samplesOf(account, places.accounts),
  };
}

function arnsOf(
  canary: Canary,
  end: string,
  { partitions, regions, accounts }: Places,
): readonly (readonly string[])[] {
  const service = serviceOf(canary);
  return partitions.flatMap((partition) =>
    (canary.regional === false ? [""] : regions).flatMap((region) =>
      accounts.map((account) => ["arn", partition, service, region, account, end]),
    ),
  );
}

function serviceOf({ action }: Canary): string {
  return action.slice(0, action.indexOf(":"));
}

function deniesArn({ resource, notResource }: Compiled, arn: readonly string[]): boolean {
  if (resource !== undefined && !resource.some((pattern) => surelyMatches(pattern, arn))) return false;
  if (resource === undefined && notResource === undefined) return false;
  // Within what may be left out nothing is surely taken back.
  return !(notResource ?? []).some((pattern) => mayMatch(pattern, arn));
}

function deniesEverywhere({ resource, notResource }: Compiled, service: string, end: string): boolean {
  const all =
    resource === undefined || resource.some((pattern) => surelyMatchesEverywhere(pattern, service, end));
  return all && !(notResource ?? []).some((pattern) => mayMatchSomewhere(pattern, service, end));
}

function allowsAction({ action, notAction }: Compiled, wanted: string): boolean {
  return action?.matches(wanted) === true || notAction?.matches(wanted) === false;
}

function deniesAction({ action, notAction }: Compiled, wanted: string): boolean {
  if (action === undefined && notAction === undefined) return false;
  return action?.matches(wanted) !== false && notAction?.matches(wanted) !== true;
}

function compile(statement: Statement): Compiled {
  const allows = statement.effect === "Allow";
  const granted = (pattern: string) => arnPattern(pattern, allows ? "open" : "closed");
  const excepted = (pattern: string) => arnPattern(pattern, allows ? "closed" : "open");
  return {
    statement,
    action: actionPatterns(statement.action),
    notAction: actionPatterns(statement.notAction),
    resource: statement.resource?.map(granted),
    notResource: statement.notResource?.map(excepted),
  };
}

// Also what a pattern takes in, so that what a Deny leaves open beside it is looked at.
function named(patterns: readonly ArnPattern[], segment: 0 | 2 | 3): readonly string[] {
  const distinct = new Set(patterns.map(({ segments }) => segments[segment]));
  const texts = Array.from(distinct, withoutWildcards);
  return [...new Set(texts.filter((text) => text !== "" && !text.includes("${")))];
}

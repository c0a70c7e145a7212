/**
 * Whether a power could ever be used, found the slow way: every request of a small world is listed, each statement is turned into regular
 * expressions and picks its requests out of the list, and the sets are added and taken away. Written from the IAM User Guide ("Policy
 * evaluation logic", "IAM JSON policy elements"), sharing no code and no method with the pack.
 *
 * The world has to have all partitions, regions and accounts that the policies name, and one that they do not. Conditions: only
 * `StringEquals` on `iam:PassedToService` is understood, and that the request says; any other may hold for an Allow and need not for a
 * Deny. Not covered: policy variables, incomplete ARNs.
 */
export interface NaiveStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface World {
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
}

export interface Power {
  readonly action: string;
  /** Such as `model/canary`. */
  readonly resource: string;
  readonly regional: boolean;
  readonly passedTo?: string;
}

export function couldEver(statements: readonly NaiveStatement[], power: Power, world: World): boolean {
  const requests = new Set(arnsOf(statements, power, world));
  const granted = new Set<string>();
  for (const statement of statements) {
    if (statement.Effect === "Allow" && condition(statement, power) !== "no")
      for (const arn of picked(statement, power, requests)) granted.add(arn);
  }
  for (const statement of statements) {
    if (statement.Effect === "Deny" && condition(statement, power) === "yes")
      for (const arn of picked(statement, power, requests)) granted.delete(arn);
  }
  return granted.size > 0;
}

function arnsOf(
  statements: readonly NaiveStatement[],
  { action, resource, regional }: Power,
  { regions, accounts }: World,
): string[] {
  const named = statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Resource }) => list(Resource))
    .flatMap((pattern) => /^arn:([a-z-]+):/.exec(pattern)?.[1] ?? []);
  const arns: string[] = [];
  for (const partition of new Set(["aws", ...named]))
    for (const region of regional ? regions : [""])
      for (const account of accounts)
        arns.push(`arn:${partition}:${action.replace(/:.*/, "")}:${region}:${account}:${resource}`);
  return arns;
}

function picked(statement: NaiveStatement, { action }: Power, requests: ReadonlySet<string>): string[] {
  const { Action, NotAction, Resource, NotResource } = statement;
  const inAction = list(Action ?? NotAction).some((pattern) => expression(pattern, "i").test(action));
  if (inAction !== (Action !== undefined)) return [];
  const patterns = list(Resource ?? NotResource).map((pattern) => arnExpression(pattern));
  return [...requests].filter(
    (arn) => patterns.some((pattern) => pattern.test(arn)) === (Resource !== undefined),
  );
}

function condition({ Condition = {} }: NaiveStatement, { passedTo }: Power): "yes" | "no" | "perhaps" {
  let answer: "yes" | "perhaps" = "yes";
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, wanted] of Object.entries(keys)) {
      if (operator === "StringEquals" && key === "iam:PassedToService" && passedTo !== undefined) {
        if (!list(wanted as string).includes(passedTo)) return "no";
      } else answer = "perhaps";
    }
  }
  return answer;
}

const expressions = new Map<string, RegExp>();

function arnExpression(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? newArnExpression(pattern);
  expressions.set(pattern, known);
  return known;
}

function newArnExpression(pattern: string): RegExp {
  if (pattern === "*") return /^/;
  const parts = pattern.split(":");
  const head = parts.slice(0, 5).map((part) => source(part, "[^:]"));
  return new RegExp(`^${[...head, source(parts.slice(5).join(":"), "[^]")].join(":")}$`);
}

function expression(pattern: string, flags: string): RegExp {
  return new RegExp(`^${source(pattern, "[^]")}$`, flags);
}

function source(pattern: string, any: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\/-]/g, "\\$&")
    .replaceAll("*", `${any}*`)
    .replaceAll("?", any);
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

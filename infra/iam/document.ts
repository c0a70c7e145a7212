export type ConditionValue = string | readonly string[];

/** Operator, then key: `{ StringEquals: { "aws:SourceAccount": "123456789012" } }`. */
export type Condition = Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;

export type Principal =
  | "*"
  | { readonly Service: ConditionValue }
  | { readonly AWS: ConditionValue }
  | { readonly Service: ConditionValue; readonly AWS: ConditionValue };

/** One permission. `Principal` only in trust and resource policies; `Resource` in all but trust policies. */
export interface Statement {
  /** Letters and digits, unique in its document. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/**
 * Where a document is attached, and how long AWS lets it be there, in characters without white space.
 *
 * Source: IAM and STS quotas (a trust policy may be raised to 4,096); Amazon S3 bucket policies, 20 KB; KMS key
 * policy document size, 32 KB; SNS topic policy, 30 KB.
 */
const maximumCharacters = {
  role: 10_240,
  managed: 6_144,
  trust: 2_048,
  bucket: 20_480,
  key: 32_768,
  topic: 30_720,
} as const;

export type PolicyKind = keyof typeof maximumCharacters;

/** An allowing statement of an identity policy. */
export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Condition,
): Statement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

/**
 * A document in one canonical form: statements by Sid, lists sorted and without duplicates, so that the order in
 * which a program collects its permissions never shows up as a difference in a preview.
 *
 * @throws Error when there is no statement, a Sid is malformed or used twice, or a list is empty.
 */
export function policyDocument(statements: readonly Statement[]): PolicyDocument {
  if (statements.length === 0) {
    throw new Error(
      "A policy document needs at least one statement: give it a grant, or leave the policy out.",
    );
  }
  const seen = new Set<string>();
  for (const { Sid, Action, Resource } of statements) {
    if (!/^[0-9A-Za-z]+$/.test(Sid)) {
      throw new Error(`The Sid ${JSON.stringify(Sid)} is not allowed: use letters and digits only.`);
    }
    if (seen.has(Sid)) {
      throw new Error(`Two statements have the Sid "${Sid}": pass all resources to one call of the grant.`);
    }
    seen.add(Sid);
    if (Action.length === 0 || Resource?.length === 0) {
      throw new Error(`Statement "${Sid}" has an empty Action or Resource list: leave the statement out.`);
    }
  }
  return {
    Version: "2012-10-17",
    Statement: [...statements].sort((a, b) => byCodeUnit(a.Sid, b.Sid)).map(canonical),
  };
}

/**
 * JSON of a document, the same text for the same permissions.
 *
 * @param kind where the document is attached. @default "role", an inline policy of a role
 * @throws Error when AWS would refuse the document for its size.
 */
export function renderPolicy(document: PolicyDocument, kind: PolicyKind = "role"): string {
  const json = JSON.stringify({ Version: document.Version, Statement: document.Statement.map(canonical) });
  const maximum = maximumCharacters[kind];
  // IAM does not count white space.
  const characters = json.replace(/\s/g, "").length;
  if (characters > maximum) {
    const sids = document.Statement.map(({ Sid }) => Sid).join(", ");
    throw new Error(
      `A ${kind} policy has ${characters} characters; AWS allows ${maximum} (statements: ${sids}). ` +
        "Name fewer resources in it, or split the role.",
    );
  }
  return json;
}

function canonical({ Sid, Effect, Principal, Action, Resource, Condition }: Statement): Statement {
  return {
    Sid,
    Effect,
    ...(Principal === undefined ? {} : { Principal: canonicalPrincipal(Principal) }),
    Action: sorted(Action),
    ...(Resource === undefined ? {} : { Resource: sorted(Resource) }),
    ...(Condition === undefined ? {} : { Condition: canonicalCondition(Condition) }),
  };
}

function canonicalPrincipal(principal: Principal): Principal {
  if (principal === "*") return principal;
  return Object.fromEntries(
    entriesByKey(principal).map(([type, value]) => [type, canonicalValue(value)]),
  ) as Principal;
}

function canonicalCondition(condition: Condition): Condition {
  return Object.fromEntries(
    entriesByKey(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(entriesByKey(keys).map(([key, value]) => [key, canonicalValue(value)])),
    ]),
  );
}

function canonicalValue(value: ConditionValue): ConditionValue {
  return typeof value === "string" ? value : sorted(value);
}

function entriesByKey<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => byCodeUnit(a, b));
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort(byCodeUnit);
}

/** Independent of the machine's locale. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A naive IAM policy evaluator for tests, written from the IAM User Guide ("Policy evaluation logic", "IAM JSON policy
 * elements") and sharing no code with the program. It reads policy JSON, as AWS would.
 *
 * It throws on anything that it does not know, so that a policy never passes by not being understood. Not covered, as no
 * policy here has them: NotPrincipal, policy variables, negated and set operators, boundaries, SCPs, session policies.
 */

export interface AccessRequest {
  readonly action: string;
  /** ARN, or "*" for actions without a resource. */
  readonly resource: string;
  /** Condition keys and their single values. @default {} */
  readonly context?: Readonly<Record<string, string>>;
  /** Who asks; needed where a resource policy is given. */
  readonly principal?: { readonly service: string } | { readonly arn: string };
}

export interface AttachedPolicies {
  /** JSON of the caller's own policies. @default [] */
  readonly identity?: readonly string[];
  /** JSON of the policies of the resource. @default [] */
  readonly resource?: readonly string[];
}

export type Decision = "allow" | "explicit deny" | "implicit deny";

interface RawStatement {
  readonly [element: string]: unknown;
}

const knownElements = new Set([
  "Sid",
  "Effect",
  "Principal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

export function decide(policies: AttachedPolicies, request: AccessRequest): Decision {
  const identity = matching(policies.identity ?? [], request).map((statement) => ({
    effect: effectOf(statement),
    reach: "whole" as const,
  }));
  const resource = matching(policies.resource ?? [], request).flatMap((statement) => {
    const reach = principalReach(statement.Principal, request);
    return reach === "none" ? [] : [{ effect: effectOf(statement), reach }];
  });

  if ([...identity, ...resource].some(({ effect }) => effect === "Deny")) return "explicit deny";
  const byIdentity = identity.length > 0;
  const byResource = resource.some(({ reach }) => reach === "whole");
  if (request.action.toLowerCase().startsWith("kms:") && policies.resource !== undefined) {
    // A key is not open to the account's IAM policies unless its own policy says so.
    return byResource || (byIdentity && resource.length > 0) ? "allow" : "implicit deny";
  }
  return byIdentity || byResource ? "allow" : "implicit deny";
}

export function isAllowed(policies: AttachedPolicies, request: AccessRequest): boolean {
  return decide(policies, request) === "allow";
}

function matching(documents: readonly string[], request: AccessRequest): RawStatement[] {
  return documents.flatMap((json) => {
    const { Version, Statement } = JSON.parse(json) as RawStatement;
    if (Version !== "2012-10-17") throw new Error(`unknown policy version ${String(Version)}`);
    const statements = (Array.isArray(Statement) ? Statement : [Statement]) as RawStatement[];
    return statements.filter((statement) => applies(statement, request));
  });
}

function applies(statement: RawStatement, { action, resource, context = {} }: AccessRequest): boolean {
  for (const element of Object.keys(statement)) {
    if (!knownElements.has(element)) throw new Error(`unknown element ${element}`);
  }
  const actions = list(statement.Action ?? statement.NotAction);
  const actionFits = actions.some((pattern) => glob(pattern.toLowerCase(), action.toLowerCase()));
  if (actionFits === (statement.Action === undefined)) return false;
  const named = statement.Resource ?? statement.NotResource;
  // Trust policies have no resource: the role itself is meant.
  if (named !== undefined) {
    const resourceFits = list(named).some((pattern) => pattern === "*" || arnFits(pattern, resource));
    if (resourceFits === (statement.Resource === undefined)) return false;
  }
  return conditionsHold(statement.Condition, context);
}

function conditionsHold(condition: unknown, context: Readonly<Record<string, string>>): boolean {
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).every(
    ([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        conditionHolds(operator, values.get(key.toLowerCase()), list(wanted)),
      ),
  );
}

function conditionHolds(operator: string, got: string | undefined, wanted: readonly string[]): boolean {
  if (operator === "Null") return wanted.some((value) => (value === "true") === (got === undefined));
  const ifExists = operator.endsWith("IfExists");
  if (got === undefined) return ifExists;
  const compare = comparisons[ifExists ? operator.slice(0, -"IfExists".length) : operator];
  if (compare === undefined) throw new Error(`unknown condition operator ${operator}`);
  return wanted.some((value) => compare(value, got));
}

const comparisons: Readonly<Record<string, (wanted: string, got: string) => boolean>> = {
  StringEquals: (wanted, got) => wanted === got,
  StringLike: glob,
  ArnEquals: arnFits,
  ArnLike: arnFits,
  Bool: (wanted, got) => wanted.toLowerCase() === got.toLowerCase(),
  NumericLessThan: (wanted, got) => Number(got) < Number(wanted),
};

/** "delegated": the account is named, whose own policies then decide. */
function principalReach(
  principal: unknown,
  { principal: who }: AccessRequest,
): "whole" | "delegated" | "none" {
  if (principal === undefined) throw new Error("a resource policy needs a Principal");
  if (who === undefined) throw new Error("say who asks: a resource policy is given");
  if (principal === "*") return "whole";
  const { Service, AWS, ...others } = principal as Record<string, unknown>;
  if (Object.keys(others).length > 0) throw new Error(`unknown principal ${JSON.stringify(others)}`);
  if ("service" in who) return list(Service ?? []).includes(who.service) ? "whole" : "none";
  const named = list(AWS ?? []);
  if (named.includes(who.arn)) return "whole";
  return named.includes(`arn:aws:iam::${who.arn.split(":")[4]}:root`) ? "delegated" : "none";
}

function effectOf(statement: RawStatement): "Allow" | "Deny" {
  const effect = statement.Effect;
  if (effect !== "Allow" && effect !== "Deny") throw new Error(`unknown effect ${String(effect)}`);
  return effect;
}

function list(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.map((item) => {
    if (typeof item !== "string") throw new Error(`expected text, got ${JSON.stringify(item)}`);
    if (item.includes("${")) throw new Error(`policy variables are not known: ${item}`);
    return item;
  });
}

/** Each of the six parts of an ARN is compared by itself; only the last may contain colons. */
function arnFits(pattern: string, arn: string): boolean {
  const [wanted, got] = [parts(pattern), parts(arn)];
  return (
    wanted.length === 6 && got.length === 6 && wanted.every((part, index) => glob(part, got[index] ?? ""))
  );
}

function parts(arn: string): string[] {
  const pieces = arn.split(":");
  return pieces.length < 6 ? pieces : [...pieces.slice(0, 5), pieces.slice(5).join(":")];
}

function glob(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue } from "./json-value";
import { secretPlaceholder, unknownPlaceholder } from "./wire";

/** One statement, with single values made lists. */
export interface PolicyStatement {
  effect: "Allow" | "Deny";
  actions: string[];
  notActions?: string[];
  resources: string[];
  notResources?: string[];
  /** Of a resource or trust policy: ARNs, services, "*". */
  principals: string[];
  /** Operator → condition key → values. */
  conditions?: Record<string, Record<string, string[]>>;
}

/** Statements of a policy document, given as text or object; a note instead where it cannot be read. */
export function parsePolicy(document: JsonValue | undefined): {
  statements: PolicyStatement[];
  note?: string;
} {
  if (document === undefined) return { statements: [], note: "no policy document" };
  if (document === unknownPlaceholder)
    return { statements: [], note: "the policy is not known until deployment" };
  if (document === secretPlaceholder) return { statements: [], note: "the policy is a secret" };
  let parsed: JsonValue = document;
  if (typeof document === "string") {
    try {
      parsed = JSON.parse(document) as JsonValue;
    } catch (cause) {
      if (cause instanceof SyntaxError) return { statements: [], note: "the policy is not valid JSON" };
      throw cause;
    }
  }
  if (!isJsonObject(parsed)) return { statements: [], note: "the policy is no JSON object" };
  const statements = isJsonObject(parsed.Statement) ? [parsed.Statement] : parsed.Statement;
  if (!Array.isArray(statements)) return { statements: [], note: "the policy has no Statement" };
  return { statements: statements.filter(isJsonObject).map(statement) };
}

/** "sagemaker.amazonaws.com", or with the condition keys that limit it. */
export function trustsOf(statement: PolicyStatement): string[] {
  const keys = Object.values(statement.conditions ?? {}).flatMap((condition) => Object.keys(condition));
  const limit = keys.length === 0 ? "" : ` (limited by ${[...new Set(keys)].sort(byCodeUnit).join(", ")})`;
  const denied = statement.effect === "Deny" ? "never " : "";
  return statement.principals.map((principal) => `${denied}${principal}${limit}`);
}

export function conditionsOf(value: JsonValue | undefined): PolicyStatement["conditions"] {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return undefined;
  return Object.fromEntries(
    Object.keys(value)
      .sort(byCodeUnit)
      .map((operator) => {
        const keys = value[operator];
        const entries = isJsonObject(keys) ? Object.entries(keys) : [];
        return [
          operator,
          Object.fromEntries(
            entries.sort(([a], [b]) => byCodeUnit(a, b)).map(([key, item]) => [key, strings(item)]),
          ),
        ];
      }),
  );
}

function statement(raw: JsonObject): PolicyStatement {
  const conditions = conditionsOf(raw.Condition);
  return {
    effect: raw.Effect === "Deny" ? "Deny" : "Allow",
    actions: strings(raw.Action),
    ...(raw.NotAction === undefined ? {} : { notActions: strings(raw.NotAction) }),
    resources: strings(raw.Resource),
    ...(raw.NotResource === undefined ? {} : { notResources: strings(raw.NotResource) }),
    principals: principals(raw.Principal, "").concat(principals(raw.NotPrincipal, "everyone but ")),
    ...(conditions === undefined ? {} : { conditions }),
  };
}

function principals(value: JsonValue | undefined, lead: string): string[] {
  if (value === undefined) return [];
  if (!isJsonObject(value)) return strings(value).map((principal) => lead + principal);
  return Object.values(value)
    .flatMap(strings)
    .map((principal) => lead + principal)
    .sort(byCodeUnit);
}

function strings(value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((item) =>
    typeof item === "string" ? item : JSON.stringify(item),
  );
}

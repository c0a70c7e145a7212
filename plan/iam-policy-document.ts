import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue } from "./json-value";

/**
 * The JSON that `aws.iam.getPolicyDocument` renders, from its arguments.
 *
 * Mirrors the provider: version 2012-10-17 by default, element order Sid, Effect, Action, NotAction, Resource,
 * NotResource, Principal, NotPrincipal, Condition, lists of one written as a string, `overridePolicyDocuments`
 * replacing statements with the same Sid.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
export function renderPolicyDocument(inputs: JsonObject): string {
  const statements: JsonObject[] = [];
  for (const source of sourceDocuments(inputs, "source")) statements.push(...source);
  for (const statement of objects(inputs.statements)) merge(statements, renderStatement(statement));
  for (const override of sourceDocuments(inputs, "override")) {
    for (const statement of override) merge(statements, statement);
  }
  const document: JsonObject = { Version: inputs.version ?? "2012-10-17" };
  if (typeof inputs.policyId === "string") document.Id = inputs.policyId;
  document.Statement = statements;
  return JSON.stringify(document, undefined, 2);
}

function sourceDocuments(inputs: JsonObject, kind: "source" | "override"): JsonObject[][] {
  const many = inputs[`${kind}PolicyDocuments`];
  const one = inputs[`${kind}Json`];
  const documents = [...(Array.isArray(many) ? many : []), ...(typeof one === "string" ? [one] : [])];
  return documents
    .filter((json): json is string => typeof json === "string" && json !== "")
    .map((json) => {
      const parsed = JSON.parse(json) as JsonValue;
      const statement = isJsonObject(parsed) ? parsed.Statement : undefined;
      return isJsonObject(statement) ? [statement] : objects(statement);
    });
}

function merge(statements: JsonObject[], statement: JsonObject): void {
  const sid = statement.Sid;
  const index = typeof sid === "string" && sid !== "" ? statements.findIndex((s) => s.Sid === sid) : -1;
  if (index === -1) statements.push(statement);
  else statements[index] = statement;
}

function renderStatement(statement: JsonObject): JsonObject {
  const rendered: JsonObject = {};
  if (typeof statement.sid === "string" && statement.sid !== "") rendered.Sid = statement.sid;
  rendered.Effect = statement.effect ?? "Allow";
  for (const [key, name] of [
    ["actions", "Action"],
    ["notActions", "NotAction"],
    ["resources", "Resource"],
    ["notResources", "NotResource"],
  ] as const) {
    const values = strings(statement[key]);
    if (values.length > 0) rendered[name] = oneOrMany(values);
  }
  for (const [key, name] of [
    ["principals", "Principal"],
    ["notPrincipals", "NotPrincipal"],
  ] as const) {
    const principals = objects(statement[key]);
    if (principals.length > 0) rendered[name] = renderPrincipals(principals);
  }
  const conditions = objects(statement.conditions);
  if (conditions.length > 0) rendered.Condition = renderConditions(conditions);
  return rendered;
}

function renderPrincipals(principals: JsonObject[]): JsonValue {
  const everyone = principals.some((p) => p.type === "*" && strings(p.identifiers).includes("*"));
  if (everyone && principals.length === 1) return "*";
  const byType = new Map<string, string[]>();
  for (const principal of principals) {
    const type = String(principal.type);
    byType.set(type, [...(byType.get(type) ?? []), ...strings(principal.identifiers)]);
  }
  return Object.fromEntries(
    [...byType.keys()]
      .sort(byCodeUnit)
      .map((type) => [type, oneOrMany([...new Set(byType.get(type))].sort(byCodeUnit))]),
  );
}

function renderConditions(conditions: JsonObject[]): JsonObject {
  const rendered: Record<string, JsonObject> = {};
  for (const condition of conditions) {
    const test = String(condition.test);
    const variable = String(condition.variable);
    const values = [...listOf(rendered[test]?.[variable]), ...strings(condition.values)];
    rendered[test] = { ...rendered[test], [variable]: oneOrMany(values) };
  }
  return rendered;
}

function oneOrMany(values: string[]): JsonValue {
  return values.length === 1 ? (values[0] as string) : values;
}

function listOf(value: JsonValue | undefined): string[] {
  return typeof value === "string" ? [value] : strings(value);
}

function strings(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

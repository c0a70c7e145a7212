import type { JsonObject } from "../../../plan/json-value";
import type { ConfigurablePolicy } from "../../../plan/policy-config";
import type { Rule } from "../../../policy/rule";
import { schemaOf } from "../../../policy/rule";
import { rules } from "../../../policy/rules";

/** The pack's rules as the engine sees them, without starting the pack. */
export function packPolicies(of: readonly Rule[] = rules): readonly ConfigurablePolicy[] {
  return of.map((rule) => ({
    name: rule.id,
    level: rule.level === "mandatory" ? "mandatory" : "advisory",
    schema: {
      properties: schemaOf(rule.fields).properties as unknown as Record<string, JsonObject>,
      required: [],
    },
  }));
}

/** The levels of `profiles/production.json`: what is advisory elsewhere and mandatory in production. */
export function productionProfile(of: readonly Rule[] = rules): Readonly<Record<string, "mandatory">> {
  return Object.fromEntries(
    of.filter(({ level }) => level === "production").map(({ id }) => [id, "mandatory"] as const),
  );
}

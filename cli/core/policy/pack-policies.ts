import type { JsonObject } from "../../../plan/json-value";
import type { ConfigurablePolicy } from "../../../plan/policy-config";
import type { Rule } from "../../../policy/rule";

/** What a configuration of the pack is held against. */
export interface PackPolicies {
  readonly policies: readonly ConfigurablePolicy[];
  /** What a rule's own reading of its settings refuses beyond the schema. @default - nothing is read */
  readonly problemsOf?: (rule: string, settings: JsonObject) => readonly string[];
}

/** The pack from its sources. They take longer to load than the compiled pack, which a plan has at hand (`OpenPack.policies`). */
export function packFromSources(): PackPolicies {
  const { rules } = require("../../../policy/rules") as typeof import("../../../policy/rules");
  const { readSettings } = require("../../../policy/settings") as typeof import("../../../policy/settings");
  return {
    policies: packPolicies(rules),
    problemsOf: (id, settings) => {
      const rule = rules.find((candidate) => candidate.id === id);
      return rule === undefined ? [] : readSettings(rule.fields, settings).problems;
    },
  };
}

/** The rules as the engine sees them. */
function packPolicies(rules: readonly Rule[]): readonly ConfigurablePolicy[] {
  const { schemaOf } = require("../../../policy/rule") as typeof import("../../../policy/rule");
  return rules.map((rule) => ({
    name: rule.id,
    level: rule.level === "mandatory" ? "mandatory" : "advisory",
    schema: {
      properties: schemaOf(rule.fields).properties as unknown as Record<string, JsonObject>,
      required: [],
    },
  }));
}

/** The levels of `profiles/production.json`: what is advisory elsewhere and mandatory in production. */
export function productionProfile(rules: readonly Rule[]): Readonly<Record<string, "mandatory">> {
  return Object.fromEntries(
    rules.filter(({ level }) => level === "production").map(({ id }) => [id, "mandatory"] as const),
  );
}

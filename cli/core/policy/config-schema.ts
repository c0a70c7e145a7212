import { enforcementLevels } from "../../../plan/policy-config";
import { type Rule, schemaOf } from "../../../policy/rule";
import { defaultsOf } from "../../../policy/settings";

const level = {
  description:
    "mandatory blocks, advisory only tells; no rule of this pack changes a resource, so remediate acts as mandatory.",
  enum: enforcementLevels,
};

/** JSON Schema (draft 2020-12) of a `--policy-pack-config` file for the pack, for editors and for other tools. */
export function policyConfigJsonSchema(rules: readonly Rule[]): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Configuration of the policy pack sagemaker-guard",
    type: "object",
    properties: {
      all: { ...level, description: "Level of every rule that is not named below." },
      environments: {
        description: "Names of Pulumi ESC environments; needs Pulumi Cloud.",
        type: "array",
        items: { type: "string" },
      },
      ...Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
    },
    additionalProperties: false,
  };
}

function ruleSchema({ sentence, level: own, fields }: Rule): Record<string, unknown> {
  const { properties } = schemaOf(fields);
  const defaults: Record<string, unknown> = defaultsOf(fields);
  return {
    description: `${sentence} Without configuration: ${own === "mandatory" ? "mandatory" : "advisory"}.`,
    anyOf: [
      { enum: enforcementLevels },
      {
        type: "object",
        properties: {
          enforcementLevel: level,
          ...Object.fromEntries(
            Object.entries(properties).map(([name, schema]) => [
              name,
              { ...schema, default: defaults[name] },
            ]),
          ),
        },
        additionalProperties: false,
      },
    ],
  };
}

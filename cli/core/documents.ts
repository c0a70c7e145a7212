import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationJsonSchema, configurationReference } from "../../infra/config/reference";
import { contractJsonSchema } from "../../infra/outputs";
import { contractReference } from "../../infra/outputs-reference";
import { planJsonSchema } from "../../plan/plan-schema";
import { rules } from "../../policy/rules";
import { policyConfigJsonSchema } from "./policy/config-schema";
import { productionProfile } from "./policy/pack-policies";
import { withRuleList } from "./policy/readme";
import { ruleReference } from "./policy/reference";
import { projectRoot } from "./project-root";

/** Every document that is made from the code: path from the project's root to content. */
export function documents(): Readonly<Record<string, string>> {
  return {
    "docs/configuration.md": configurationReference(),
    "docs/outputs-contract.md": contractReference(),
    "docs/policy-rules.md": ruleReference(rules),
    "docs/schemas/config.schema.json": json(configurationJsonSchema()),
    "docs/schemas/contract-v1.schema.json": json(contractJsonSchema()),
    "docs/schemas/plan.schema.json": json(planJsonSchema()),
    "docs/schemas/policy-config.schema.json": json(policyConfigJsonSchema(rules)),
    "policy/README.md": withRuleList(readFileSync(join(projectRoot, "policy/README.md"), "utf8"), rules),
    "policy/profiles/production.json": json(productionProfile(rules)),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

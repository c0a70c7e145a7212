import { configurationJsonSchema, configurationReference } from "../../infra/config/reference";
import { contractJsonSchema } from "../../infra/outputs";
import { contractReference } from "../../infra/outputs-reference";
import { planJsonSchema } from "../../plan/plan-schema";

/** Every document that is made from the code: path from the project's root to content. */
export function documents(): Readonly<Record<string, string>> {
  return {
    "docs/configuration.md": configurationReference(),
    "docs/outputs-contract.md": contractReference(),
    "docs/schemas/config.schema.json": json(configurationJsonSchema()),
    "docs/schemas/contract-v1.schema.json": json(contractJsonSchema()),
    "docs/schemas/plan.schema.json": json(planJsonSchema()),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

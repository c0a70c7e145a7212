import type { StackConfig } from "../../../infra/config/schema/stack";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";

export type ModelConfig = StackConfig["models"][string];

/** @throws CommandError where the stack's file declares no such model. */
export function declaredModel({ stack, config: { models } }: DeclaredStack, model: string): ModelConfig {
  const known = Object.hasOwn(models, model) ? models[model] : undefined;
  if (known !== undefined) return known;
  throw new CommandError(
    `Pulumi.${stack}.yaml declares no model ${model}. It declares: ${Object.keys(models).join(", ") || "none"}.`,
  );
}

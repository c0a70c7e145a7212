import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../components/context";
import { ModelRegistry } from "../components/model-registry";
import type { StackConfig } from "../config/schema/stack";
import { physicalName } from "../rules/naming";

/** Groups of the model registry by their model's name in the configuration; only where one is configured. */
export type Registries = Readonly<Record<string, ModelRegistry>>;

export function buildRegistries(
  { models }: StackConfig,
  context: StackContext,
  opts: pulumi.ComponentResourceOptions,
): Registries {
  return Object.fromEntries(
    Object.entries(models)
      .filter(([, { registry }]) => registry.kind === "group")
      .map(([name]) => [
        name,
        new ModelRegistry(name, { context, groupName: physicalName(context.naming, name) }, opts),
      ]),
  );
}

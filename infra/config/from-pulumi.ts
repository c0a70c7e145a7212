import { z } from "zod";
import { stackSchema } from "./schema/stack";
import { unwrapped } from "./schema-tree";

/**
 * Sections by name out of Pulumi's flat map, for `parseStackConfig`.
 *
 * Pulumi hands every value over as text: sections and lists as JSON, scalars as they stand. Keys whose value is text
 * stay text (`owner: "1234"`); JSON that is malformed stays text too, and parsing then reports the key.
 * Keys of the project's namespace that nobody knows are kept, so that parsing reports them; other namespaces are not ours.
 *
 * @param config Pulumi's map: `{ "aws:region": "us-east-1", "sagemaker-ops:owner": "ml-platform", … }`.
 * @param project Name of the Pulumi project, which is the namespace.
 */
export function rawFromPulumi(
  config: Readonly<Record<string, string>>,
  project: string,
): Record<string, unknown> {
  const prefix = `${project}:`;
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]): [string, unknown] => {
      const name = key.slice(prefix.length);
      // The provider's region is the only one; a second under our own namespace is reported as an unknown key.
      return name === "region" ? [key, value] : [name, decoded(name, value)];
    });
  const region = Object.hasOwn(config, "aws:region") ? [["region", config["aws:region"]] as const] : [];
  return Object.fromEntries([...region, ...own]);
}

function decoded(name: string, value: string): unknown {
  const { shape } = stackSchema;
  const schema = Object.hasOwn(shape, name) ? shape[name as keyof typeof shape] : undefined;
  if (schema === undefined || unwrapped(schema) instanceof z.ZodString) return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The baseline on the engine: the same AWS resources as another program's, written as raw provider classes, each with references to
 * those that it uses: no configuration, components, policies, costs or checks.
 */
interface Raw {
  readonly type: string;
  readonly name: string;
  /** `{ "@": [index, property] }` is an output of an earlier one. */
  readonly inputs: Record<string, unknown>;
  /** Indices of earlier ones that it waits for beside those. */
  readonly dependsOn: readonly number[];
  readonly retainOnDelete: boolean;
}

type ResourceClass = new (
  name: string,
  args: unknown,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

export = () => {
  const resources = JSON.parse(readFileSync(join(__dirname, "resources.json"), "utf8")) as Raw[];
  const made: pulumi.CustomResource[] = [];
  for (const { type, name, inputs, dependsOn, retainOnDelete } of resources) {
    const [, path = "", className = ""] = type.split(":");
    const exported = require(`@pulumi/aws/${path.split("/")[0]}`) as Record<string, ResourceClass>;
    const Resource = exported[className];
    if (Resource === undefined) throw new Error(`@pulumi/aws has no ${type}`);
    const waitsFor = dependsOn.flatMap((index) => made[index] ?? []);
    made.push(
      new Resource(name, linked(inputs, made), {
        ...(waitsFor.length === 0 ? {} : { dependsOn: waitsFor }),
        retainOnDelete,
      }),
    );
  }
  return { resources: made.length };
};

function linked(value: unknown, made: readonly pulumi.CustomResource[]): unknown {
  if (Array.isArray(value)) return value.map((item) => linked(item, made));
  if (typeof value !== "object" || value === null) return value;
  const reference = (value as { "@"?: readonly [number, string] })["@"];
  if (reference !== undefined) {
    const [index, property] = reference;
    return (made[index] as unknown as Record<string, unknown>)[property];
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, linked(item, made)]));
}

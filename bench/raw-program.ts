import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/**
 * The baseline on the engine: the same AWS resources as another program's, written as raw provider classes, each with references to
 * those that it uses: no configuration, policies, costs or checks, and no components but empty ones where `resources.json` has some.
 */
interface Raw {
  readonly type: string;
  readonly name: string;
  /** `{ "@": [index, property] }` is an output of an earlier one, `{ "@archive": folder }` a folder of the program. */
  readonly inputs: Record<string, unknown>;
  /** Indices of earlier ones that it waits for beside those. */
  readonly dependsOn: readonly number[];
  /** Index of an earlier component. */
  readonly parent: number | null;
  readonly retainOnDelete: boolean;
}

type ResourceClass = new (
  name: string,
  args: unknown,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

export = () => {
  const resources = JSON.parse(readFileSync(join(__dirname, "resources.json"), "utf8")) as Raw[];
  const made: pulumi.Resource[] = [];
  for (const { type, name, inputs, dependsOn, parent, retainOnDelete } of resources) {
    const waitsFor = dependsOn.flatMap((index) => made[index] ?? []);
    const above = parent === null ? undefined : made[parent];
    const opts = {
      ...(waitsFor.length === 0 ? {} : { dependsOn: waitsFor }),
      ...(above === undefined ? {} : { parent: above }),
    };
    if (type.startsWith("aws:")) {
      made.push(new (classOf(type))(name, linked(inputs, made), { ...opts, retainOnDelete }));
    } else {
      const component = new Component(type, name, {}, opts);
      component.end();
      made.push(component);
    }
  }
  return { resources: made.length };
};

/** `registerOutputs` is for the component itself to call. */
class Component extends pulumi.ComponentResource {
  end(): void {
    this.registerOutputs({});
  }
}

function classOf(type: string): ResourceClass {
  const [, path = "", className = ""] = type.split(":");
  const exported = require(`@pulumi/aws/${path.split("/")[0]}`) as Record<string, ResourceClass>;
  const Resource = exported[className];
  if (Resource === undefined) throw new Error(`@pulumi/aws has no ${type}`);
  return Resource;
}

function linked(value: unknown, made: readonly pulumi.Resource[]): unknown {
  if (Array.isArray(value)) return value.map((item) => linked(item, made));
  if (typeof value !== "object" || value === null) return value;
  const { "@": reference, "@archive": folder } = value as {
    readonly "@"?: readonly [number, string];
    readonly "@archive"?: string;
  };
  if (folder !== undefined) return new pulumi.asset.FileArchive(join(__dirname, folder));
  if (reference !== undefined) {
    const [index, property] = reference;
    return (made[index] as unknown as Record<string, unknown>)[property];
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, linked(item, made)]));
}

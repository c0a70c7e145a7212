import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/**
 * The baseline: registers the resources of a plan written as raw provider classes under Pulumi's own mocks, without
 * configuration, components, policies, costs or a report. Argument: a plan as JSON.
 */
interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

type ResourceClass = new (name: string, args: unknown) => pulumi.CustomResource;

async function main(file: string): Promise<void> {
  const { resources } = JSON.parse(readFileSync(file, "utf8")) as { resources: Registered[] };
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  });
  await pulumi.runtime.runInPulumiStack(async () => {
    for (const { type, name, inputs } of resources) {
      if (!type.startsWith("aws:")) continue;
      const [, path = "", className = ""] = type.split(":");
      const module = path.split("/")[0] ?? "";
      const exported = require(`@pulumi/aws/${module}`) as Record<string, ResourceClass>;
      const Resource = exported[className];
      if (Resource === undefined) throw new Error(`@pulumi/aws/${module} has no ${className}`);
      new Resource(name, withoutAssets(inputs));
    }
  });
  await pulumi.runtime.disconnect();
}

/** A plan shows archives by their digest; the baseline registers an empty one in their place. */
function withoutAssets(inputs: Record<string, unknown>): Record<string, unknown> {
  return "code" in inputs ? { ...inputs, code: new pulumi.asset.AssetArchive({}) } : inputs;
}

void main(process.argv[2] ?? "");

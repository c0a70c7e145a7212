import { readdirSync } from "node:fs";
import { rawFromPulumi } from "../../../infra/config/from-pulumi";
import { parseStackConfig } from "../../../infra/config/parse";
import { loadProject } from "../../../plan/load-project";

/** The instance types that the stack files of a project name, by region. */
export function typesInUse(root: string): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, Set<string>>();
  for (const stack of stackNames(root)) {
    const { config, project } = loadProject(root, stack);
    const parsed = parseStackConfig(rawFromPulumi(config, project));
    const known = types.get(parsed.region) ?? new Set<string>();
    for (const name of instanceTypesIn(parsed)) known.add(name);
    types.set(parsed.region, known);
  }
  return types;
}

function stackNames(root: string): string[] {
  return readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

function instanceTypesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "instanceType" && typeof item === "string" ? [item] : instanceTypesIn(item),
  );
}

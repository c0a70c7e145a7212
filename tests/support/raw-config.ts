import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { rawFromPulumi } from "../../infra/config/from-pulumi";

export type Raw = Record<string, unknown>;

/** Pulumi's flat map of one of the project's stacks: every value as text, as the engine hands it over. */
export function flatConfig(stack: "dev" | "staging" | "prod"): Record<string, string> {
  const file = readFileSync(join(__dirname, "..", "..", `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(file) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Sections of one of the project's stacks, ready for `parseStackConfig`; a fresh copy each time. */
export function rawStack(stack: "dev" | "staging" | "prod"): Raw {
  return rawFromPulumi(flatConfig(stack), "sagemaker-ops");
}

/** The least that parses: no part of the life cycle is declared. */
export function rawMinimal(): Raw {
  return {
    region: "us-east-1",
    environment: "test",
    owner: "ml-platform",
    costCentre: "breed-classifier",
    ceilings: {
      hourlyUsd: { hosting: 1, training: 1, tuning: 1, notebook: 1, compute: 1 },
      jobUsd: 10,
      monthlyUsd: 1000,
    },
    alarms: { kind: "silent", reason: "Only a test reads them" },
    budget: { kind: "none", reason: "Only a test reads it" },
  };
}

/** A copy with the value at a dotted path replaced, or its key removed where the value is `undefined`. */
export function changed(raw: Raw, path: string, value: unknown): Raw {
  const copy = structuredClone(raw);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<Raw>((section, key) => {
    section[key] ??= {};
    return section[key] as Raw;
  }, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

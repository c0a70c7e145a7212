import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

/** The `dev` stack file with `count` endpoints like its `multi`, each with its own function. */
export function withEndpoints(devFile: string, count: number): string {
  const document = parse(readFileSync(devFile, "utf8")) as { config: Record<string, unknown> };
  const endpoints = document.config["sagemaker-ops:endpoints"] as Record<string, { function: object }>;
  const multi = endpoints.multi;
  if (multi === undefined) throw new Error(`${devFile} has no endpoint "multi"`);
  const names = Array.from({ length: count }, (_, index) => `e${index}`);
  return stringify({
    config: {
      ...document.config,
      // So many endpoints cost more than an environment may.
      "sagemaker-ops:ceilings": {
        ...(document.config["sagemaker-ops:ceilings"] as object),
        monthlyUsd: 1_000_000,
      },
      "sagemaker-ops:quotas": { lambdaConcurrentExecutions: 1_000_000 },
      "sagemaker-ops:endpoints": Object.fromEntries(names.map((name) => [name, multi])),
    },
  });
}

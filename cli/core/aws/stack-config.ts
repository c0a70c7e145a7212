import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rawFromPulumi } from "../../../infra/config/from-pulumi";
import { parseStackConfig } from "../../../infra/config/parse";
import type { StackConfig } from "../../../infra/config/schema/stack";
import type { Naming } from "../../../infra/rules/naming";
import { listStacks, loadProject } from "../../../plan/load-project";

/** A stack as its file declares it. */
export interface DeclaredStack {
  readonly stack: string;
  readonly naming: Naming;
  readonly config: StackConfig;
  /** Path of `Pulumi.<stack>.yaml`. */
  readonly file: string;
  /** Its text, read before anything else: what is written later is compared with it. */
  readonly text: string;
  /** Environments of the project's other stacks: their names may begin as this one's do. */
  readonly otherEnvironments: readonly string[];
}

/**
 * Reads the stack's file.
 *
 * @throws ConfigError or PlanError that says what is wrong with it.
 */
export function readDeclaredStack(folder: string, stack: string): DeclaredStack {
  const names = new Set(readdirSync(folder));
  const file = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`].find((name) => names.has(name));
  const path = join(folder, file ?? `Pulumi.${stack}.yaml`);
  const text = file === undefined ? "" : readFileSync(path, "utf8");
  const { config: flat, project } = loadProject(folder, stack);
  const config = parseStackConfig(rawFromPulumi(flat, project));
  const otherEnvironments = listStacks(folder)
    .filter((other) => other !== stack)
    .flatMap((other) => {
      const environment = loadProject(folder, other).config[`${project}:environment`];
      return environment === undefined || environment === config.environment ? [] : [environment];
    });
  return {
    stack,
    naming: { project, environment: config.environment },
    config,
    file: path,
    text,
    otherEnvironments,
  };
}

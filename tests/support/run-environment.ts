import { join } from "node:path";
// Loaded before the first run: a run forgets the program's modules that it loaded itself, and evaluates only the entry anew.
import "../../infra/index";
import { projectRoot } from "../../cli/core/project-root";
import { withStandIns } from "../../infra/config/due";
import { type RecordedProgram, runProgram } from "../../plan/run-program";
import type { Raw } from "./raw-config";

/** The namespace of the project's configuration. */
export const project = "sagemaker-ops";
const stack = "test";

export type FlatConfig = Readonly<Record<string, string>>;

/**
 * Pulumi's map as the engine hands over such sections: every value as text. What no configuration file can hold, such as
 * `undefined` or a function, is left out or written as JSON writes it.
 */
export function flatten(raw: Raw): FlatConfig {
  return Object.fromEntries([
    ["pulumi:disable-default-providers", '["aws"]'],
    ...Object.entries(raw).flatMap(([key, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value, withoutBigInt);
      return text === undefined ? [] : [[key === "region" ? "aws:region" : `${project}:${key}`, text]];
    }),
  ]) as Record<string, string>;
}

function withoutBigInt(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

/** The same with a stand-in for every digest that is missing, so that everything is due. */
export function flattenWhole(raw: Raw): FlatConfig {
  return flatten(withStandIns(raw));
}

/**
 * The program of this project with any configuration, under the recording monitor. A second run costs a tenth of the first,
 * because the program's modules stay loaded; everything they do happens again.
 */
export function runEnvironment(config: FlatConfig): Promise<RecordedProgram> {
  return runProgram({
    project,
    stack,
    directory: projectRoot,
    entry: join(projectRoot, "infra", "index.ts"),
    config,
  });
}

/** Name of the stack that `runEnvironment` runs, for the pack. */
export const stackNames = { project, stack };

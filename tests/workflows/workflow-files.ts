import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../cli/core/project-root";

export const workflowFolder = join(projectRoot, ".github/workflows");
export const scriptFolder = join(projectRoot, ".github/scripts");

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly concurrency?: Concurrency;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean | string;
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflows: readonly Workflow[] = readdirSync(workflowFolder)
  .sort()
  .map((file) => {
    const text = readFileSync(join(workflowFolder, file), "utf8");
    return { file, text, ...(parse(text) as Omit<Workflow, "file" | "text">) };
  });

/** Every job of every workflow, named `file/job`. */
export const jobs: readonly (Job & { readonly where: string })[] = workflows.flatMap(
  ({ file, jobs: ofFile }) =>
    Object.entries(ofFile).map(([name, job]) => ({ ...job, where: `${file}/${name}` })),
);

/** Every step that runs a shell or an action. */
export const steps: readonly (Step & { readonly where: string })[] = jobs.flatMap(
  ({ where, steps: ofJob = [] }) =>
    ofJob.map((step, at) => ({ ...step, where: `${where}/${step.name ?? step.id ?? at}` })),
);

export function job(where: string): Job & { readonly where: string } {
  const found = jobs.find((candidate) => candidate.where === where);
  if (found === undefined) throw new Error(`There is no job ${where}.`);
  return found;
}

import { join } from "node:path";
import { CommandError } from "../exit-status";
import { projectRoot } from "../project-root";
import { type ChildOptions, runChild } from "../python/run-child";

export const trainingFolder = join(projectRoot, "training");

/** Ends of an output that say why. */
const shownLines = 15;

/**
 * Runs one of the training package's programs.
 *
 * @param what names the step: "The training with one process".
 * @throws CommandError, with status 1 and the end of its output, where it fails.
 */
export async function runStep(
  what: string,
  { python, args }: { readonly python: string; readonly args: readonly string[] },
  options: Omit<ChildOptions, "cwd">,
): Promise<string> {
  const { status, output } = await runChild(python, args, { ...options, cwd: trainingFolder });
  if (status === 0) return output;
  throw stepFailed(what, status === null ? "was ended by a signal" : `ended with status ${status}`, output);
}

export function stepFailed(what: string, how: string, output: string): CommandError {
  const end = output
    .trimEnd()
    .split("\n")
    .slice(-shownLines)
    .map((line) => `  ${line}`);
  return new CommandError(
    [`${what} ${how}.`, ...end, "Run it with --keep to look at what it left."].join("\n"),
    1,
  );
}

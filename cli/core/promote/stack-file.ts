import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { rawFromPulumi } from "../../../infra/config/from-pulumi";
import { parseStackConfig } from "../../../infra/config/parse";
import { loadProject } from "../../../plan/load-project";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { processMark, removeAbandoned } from "../process-mark";
import { editYaml } from "./edit-yaml";
import { whileHeld } from "./held-file";
import type { Provenance } from "./store";

/** A stack's file as it is and as it is to be. */
export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/**
 * The file with a model at another digest. Everything else stays as it is written.
 *
 * @param provenance absent: the model's own is taken away, as it belongs to another artifact.
 */
export function promotedFile(
  { file, text: before, naming }: DeclaredStack,
  model: string,
  digest: string,
  provenance: Provenance | undefined,
): FileChange {
  const section = ["config", modelsKey(before, naming.project, file), model];
  const edits = [
    { path: [...section, "digest"], value: digest },
    {
      path: [...section, "provenance"],
      value:
        provenance === undefined
          ? undefined
          : (Object.fromEntries(Object.entries(provenance)) as Record<string, string | number>),
    },
  ];
  return { file, before, after: editYaml(before, edits, basename(file)) };
}

/** Pulumi takes the project's own keys with its name, as `project:config:key`, and without. */
function modelsKey(text: string, project: string, file: string): string {
  const { config } = parseDocument(text).toJS() as { config?: Record<string, unknown> };
  const found = [`${project}:models`, `${project}:config:models`, "models"].find((key) =>
    Object.hasOwn(config ?? {}, key),
  );
  if (found !== undefined) return found;
  throw new CommandError(
    `${basename(file)} has no section ${project}:models. Declare the model there first.`,
  );
}

/**
 * Writes the file in one step: whoever reads it sees all of the change or nothing of it. Drafts of processes that were killed go.
 *
 * @throws CommandError where somebody has changed it since it was read, and ConfigError where the new one would be invalid. Nothing is
 * written then.
 */
export function writeFile({ file, before, after }: FileChange, folder: string, stack: string): void {
  const target = realpathSync(file);
  removeAbandoned(dirname(target), `.${basename(target)}.`, ".tmp");
  const unfinished = join(dirname(target), `.${basename(target)}.${processMark()}.tmp`);
  whileHeld(target, () => {
    writeFileSync(unfinished, after, { mode: statSync(target).mode });
    try {
      const { config, project } = loadProject(folder, stack, { configFile: unfinished });
      parseStackConfig(rawFromPulumi(config, project));
      if (readFileSync(target, "utf8") !== before)
        throw new CommandError(
          `${basename(file)} was changed by somebody else while this command ran; it is left as it is. Run the command again.`,
        );
      renameSync(unfinished, target);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  });
}

/** Removes what a process was killed over beside a file that has been written: for who finds that there is nothing left to write. */
export function clearBeside(file: string): void {
  whileHeld(realpathSync(file), () => {});
}

/** The lines that differ, `-` before the old and `+` before the new ones. */
export function differenceOf({ before, after }: FileChange): readonly string[] {
  const [old, next] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let from = 0;
  while (from < old.length && old[from] === next[from]) from += 1;
  let to = 0;
  while (to < Math.min(old.length, next.length) - from && old.at(-1 - to) === next.at(-1 - to)) to += 1;
  return [
    ...old.slice(from, old.length - to).map((line) => `- ${line}`),
    ...next.slice(from, next.length - to).map((line) => `+ ${line}`),
  ];
}

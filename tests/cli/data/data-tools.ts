import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Command } from "commander";
import { addDataCommand } from "../../../cli/commands/data-command";
import { type SampleSet, sampleFiles } from "../../../cli/core/data/sample-set";
import { CommandError } from "../../../cli/core/exit-status";
import type { CliResult } from "../../support/run-cli";

export const small: SampleSet = { classes: 2, perClass: 4, size: 16, seed: 7 };

/** The files of a small generated set by path; made once. */
export function smallSet(): ReadonlyMap<string, Uint8Array> {
  made ??= new Map([...sampleFiles(small)].map(({ path, bytes }) => [path, bytes()]));
  return made;
}
let made: ReadonlyMap<string, Uint8Array> | undefined;

/** A folder for the tests of one `describe`, and the data commands within this process. */
export function dataTools() {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-data-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let next = 0;

  /** A path at which nothing is yet. */
  const fresh = () => join(folder, `case-${next++}`);

  const write = (root: string, files: Iterable<readonly [string, Uint8Array]>): string => {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return root;
  };

  const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> => {
    const written: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
    const own = {
      stdout: { write: (text: string) => written.stdout.push(text) > 0 },
      stderr: { write: (text: string) => written.stderr.push(text) > 0 },
      env,
      pauseMs: 1,
      exitCode: undefined as number | undefined,
    };
    const command = new Command().exitOverride();
    addDataCommand(command, own);
    const said = (more = "") => ({
      stdout: written.stdout.join(""),
      stderr: written.stderr.join("") + more,
    });
    try {
      await command.parseAsync(["data", ...args], { from: "user" });
      return { status: own.exitCode ?? null, ...said() };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { status: error.status, ...said(error.message) };
    }
  };

  return { folder, fresh, write, run };
}

/** Contents below a folder by path, in the order of the paths. */
export function contentsOf(root: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [relative(root, file), readFileSync(file)]));
}

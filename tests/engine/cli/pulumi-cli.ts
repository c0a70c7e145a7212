import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";
import { buildOnce } from "./build-once";
import { buildKey, buildPulumi, builtVersion } from "./build-pulumi";

/** The oldest that the program takes; infra/stack/engine.ts says the same. */
const oldest = [3, 259, 0] as const;

export type PulumiCli =
  | { readonly kind: "found"; readonly path: string; readonly version: string; readonly from: CliSource }
  | { readonly kind: "none"; readonly reason: string };

type CliSource = "PATH" | "npm" | "Go module";

let wanted: Promise<PulumiCli> | undefined;

/**
 * The Pulumi CLI for the tests: the one on PATH, else an npm package `pulumi` that is installed, else one built from the public
 * Go module and kept in the user's cache. What does not run, or is too old, is passed over.
 */
export function pulumiCli(): Promise<PulumiCli> {
  wanted ??= find();
  return wanted;
}

/** Where built CLIs are kept: outside the clone, so that `git clean` and another clone do not build again. */
export function builtFolder(env: NodeJS.ProcessEnv): string {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "sagemaker-ops", `pulumi-${builtVersion}-${buildKey}`);
}

async function find(): Promise<PulumiCli> {
  const candidates: readonly (readonly [CliSource, string])[] = [
    ...(process.env.PATH ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "pulumi"))
      .filter((path) => existsSync(path))
      .map((path) => ["PATH", path] as const),
    ["npm", join(projectRoot, "node_modules/.bin/pulumi")],
  ];
  for (const [from, path] of candidates) {
    const version = versionOf(path);
    if (version !== undefined) return { kind: "found", path, version, from };
  }
  return built();
}

async function built(): Promise<PulumiCli> {
  const folder = builtFolder(process.env);
  const path = join(folder, "pulumi");
  if (!existsSync(folder)) {
    const lacking = withoutGo();
    if (lacking !== undefined)
      return { kind: "none", reason: `no Pulumi CLI on PATH or from npm, ${lacking}` };
    try {
      await buildOnce({ folder, build: (into) => buildPulumi(into, tell) });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return { kind: "none", reason: `the Pulumi CLI could not be built: ${said.replaceAll(/\s+/g, " ")}` };
    }
  }
  const version = versionOf(path);
  return version === undefined
    ? {
        kind: "none",
        reason: `the Pulumi CLI in ${folder} does not run; remove that folder to build it again`,
      }
    : { kind: "found", path, version, from: "Go module" };
}

function withoutGo(): string | undefined {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "and no Go to build one";
  }
}

/** `3.259.0`, or nothing where it does not run or is too old. */
function versionOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const { status, stdout } = spawnSync(path, ["version"], {
    encoding: "utf8",
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  });
  const found = /^v(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  return status === 0 && found !== null && isSupported(found.slice(1, 4).map(Number))
    ? found[0].slice(1)
    : undefined;
}

/** Whether a version, in three numbers, is at least the oldest that the program takes. */
export function isSupported(version: readonly number[]): boolean {
  const first = oldest.findIndex((number, at) => number !== version[at]);
  return first === -1 || (version[first] ?? 0) > (oldest[first] ?? 0);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { parseStackConfig } from "../../infra/config/parse";
import { policyConfig } from "../../infra/rules/policy-config";
import { loadProject } from "../../plan/load-project";
import { CommandError, exitStatus } from "../core/exit-status";
import { projectRoot } from "../core/project-root";

/**
 * Runs `pulumi preview` or `pulumi up` with the pack and with the ceilings of the stack's own file, so that nobody can
 * forget either. Pulumi has the terminal, and its exit status is returned.
 */
export function runPulumi(operation: "preview" | "up", stack: string, rest: readonly string[]): number {
  const { config, project } = loadProject(projectRoot, stack);
  const ceilings = policyConfig(parseStackConfig(rawFromPulumi(config, project)));
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-"));
  try {
    const file = join(folder, "policy-config.json");
    writeFileSync(file, JSON.stringify(ceilings));
    const pack = ["--policy-pack", join(projectRoot, "policy"), "--policy-pack-config", file];
    const { error, status, signal } = spawnSync("pulumi", [operation, "--stack", stack, ...pack, ...rest], {
      cwd: projectRoot,
      stdio: "inherit",
    });
    if (error !== undefined) throw notStarted(error);
    if (signal !== null) throw new CommandError(`pulumi was ended by ${signal}.`, exitStatus.violation);
    return status ?? exitStatus.violation;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function notStarted(error: NodeJS.ErrnoException): CommandError {
  return error.code === "ENOENT"
    ? new CommandError(
        "The Pulumi CLI is not installed or not on PATH. Install it (https://www.pulumi.com/docs/install/), or use " +
          "`npm run plan`, which needs neither CLI nor account.",
        exitStatus.missingTool,
      )
    : new CommandError(`pulumi could not be started: ${error.message}`, exitStatus.missingTool);
}

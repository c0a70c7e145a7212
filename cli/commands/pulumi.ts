import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { parseStackConfig } from "../../infra/config/parse";
import { loadProject } from "../../plan/load-project";
import { terminalLayout } from "../../plan/report/layout";
import { openPack } from "../../plan/run-pack";
import { updateFailures, updateFailuresText } from "../core/aws/update-failures";
import { commandText } from "../core/command-text";
import { CommandError, exitStatus } from "../core/exit-status";
import { levelsUnder } from "../core/policy/levels";
import { blocks, describeUndecided } from "../core/policy/report-undecided";
import { stackPolicyConfig } from "../core/policy/stack-config";
import { undecidedIn } from "../core/policy/undecided";
import { projectRoot } from "../core/project-root";
import { readText } from "../core/read-file";

/**
 * Runs `pulumi preview` or `pulumi up` with the pack and with what the stack's own file says about it, so that nobody can
 * forget either. Pulumi has the terminal, and its exit status is returned. Below what it says of an update that failed, the causes that
 * are known are explained.
 *
 * @param failUndecided of a preview: 1 also where a mandatory rule could not decide.
 */
export async function runPulumi(
  operation: "preview" | "up",
  stack: string,
  rest: readonly string[],
  { failUndecided = false }: { readonly failUndecided?: boolean } = {},
): Promise<number> {
  const { config, project } = loadProject(projectRoot, stack);
  const today = new Date().toISOString().slice(0, 10);
  const stackConfig = parseStackConfig(rawFromPulumi(config, project));
  const guard = await openPack(join(projectRoot, "policy"));
  const packConfig = stackPolicyConfig(stackConfig, today, guard);
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-"));
  try {
    const file = join(folder, "policy-config.json");
    const log = join(folder, "events.json");
    writeFileSync(file, JSON.stringify(packConfig));
    const pack = ["--policy-pack", join(projectRoot, "policy"), "--policy-pack-config", file];
    const reads = failUndecided || operation === "up";
    const logged = reads ? ["--event-log", log] : [];
    const args = [operation, "--stack", stack, ...pack, ...logged, ...rest];
    const { error, status, signal } = spawnSync("pulumi", args, {
      cwd: projectRoot,
      stdio: "inherit",
      // Without it the CLI does not know --event-log. Pulumi's own Automation API gives both.
      env: reads ? { ...process.env, PULUMI_DEBUG_COMMANDS: "true" } : process.env,
    });
    if (error !== undefined) throw notStarted(error);
    if (signal !== null)
      throw new CommandError(
        `pulumi was ended by ${signal}. ${operation === "up" ? `\`${commandText(["recover", "--stack", stack])}\` shows what it had begun.` : "Run it again."}`,
        exitStatus.violation,
      );
    if (status !== 0 && operation === "up" && existsSync(log))
      process.stderr.write(
        updateFailuresText(
          updateFailures(readText("The event log of pulumi", log), stack),
          terminalLayout(process.env, process.stderr),
        ),
      );
    if (status !== 0 || !failUndecided) return status ?? exitStatus.violation;

    const verdicts = undecidedIn(readText("The event log of pulumi", log), levelsUnder(packConfig, guard));
    process.stdout.write(describeUndecided(verdicts, new Set()));
    return blocks(verdicts, new Set()) ? exitStatus.violation : exitStatus.ok;
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
    : new CommandError(
        `pulumi could not be started: ${error.message}. Look whether \`pulumi version\` runs in a shell.`,
        exitStatus.missingTool,
      );
}

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../project-root";
import { findPython } from "../python/find-python";
import type { Finding } from "./finding";
import { judgeAwsCli, judgeGit, judgeNode, judgePulumi, judgePython, judgeSessionPlugin } from "./tools";

/**
 * What this computer has of what the commands need. Nothing is asked over the network.
 *
 * @param hasBox whether the stack has a training box, to which a shell is opened with the AWS CLI.
 */
export function toolFindings(env: NodeJS.ProcessEnv, hasBox: boolean): readonly Finding[] {
  const { engines } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  return [
    judgeNode(process.version, engines.node),
    judgePulumi(printedBy("pulumi", ["version"], { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" })),
    judgePython(findPython(env)),
    judgeGit(printedBy("git", ["--version"], env)),
    ...(hasBox
      ? [
          judgeAwsCli(printedBy("aws", ["--version"], env)),
          judgeSessionPlugin(printedBy("session-manager-plugin", ["--version"], env)),
        ]
      : []),
  ];
}

/** Absent where it is not installed, or does not run. */
function printedBy(tool: string, args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const { status, stdout } = spawnSync(tool, args, { env, encoding: "utf8", timeout: 30_000 });
  return status === 0 ? stdout : undefined;
}

import { spawnSync } from "node:child_process";
import { awsStatus } from "../core/aws/errors";
import { CommandError, exitStatus } from "../core/exit-status";
import { boxSession, commandLine } from "../core/operate/box-session";
import type { OperateProcess } from "../core/operate/process";
import { knownStack, type StackOptions } from "../core/operate/session";

export interface ConnectOptions extends StackOptions {
  readonly start?: boolean;
}

/** Prints the command that opens a shell on the training box, or runs it; returns the exit status. */
export function connectBox(options: ConnectOptions, own: OperateProcess = process): number {
  const session = boxSession(knownStack(options, own));
  if (options.start !== true) {
    own.stdout.write(`${commandLine(session)}\n`);
    return awsStatus.ok;
  }
  // Ctrl-C is for the shell on the box: this process must outlive it.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    const { error, status } = spawnSync(session.program, session.args, { stdio: "inherit", env: own.env });
    if (error !== undefined)
      throw new CommandError(
        (error as NodeJS.ErrnoException).code === "ENOENT"
          ? "The AWS CLI is not installed or not on PATH. Install it and its Session Manager plugin (https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html), or use the console."
          : `${commandLine(session)} could not be started: ${error.message}`,
        exitStatus.missingTool,
      );
    if (status !== 0)
      own.stderr.write(
        "The session did not start, or ended with an error. Is the box running, is the Session Manager plugin installed, and do you have ssm:StartSession on it? An idle box stops itself: start it with `aws ec2 start-instances`.\n",
      );
    return status === 0 ? awsStatus.ok : awsStatus.failed;
  } finally {
    process.removeListener("SIGINT", ignore);
  }
}

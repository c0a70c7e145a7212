import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { Command } from "commander";
import type { DataProcess } from "../../../cli/commands/data-options";
import type { DoctorProcess } from "../../../cli/commands/doctor";
import type { InvokeProcess } from "../../../cli/commands/invoke";
import type { PruneProcess } from "../../../cli/commands/prune";
import type { RollbackProcess } from "../../../cli/commands/rollback";
import type { VerifyProcess } from "../../../cli/commands/verify";
import { CommandError } from "../../../cli/core/exit-status";
import type { Interrupt, OperateProcess } from "../../../cli/core/operate/process";
import { ConfigError } from "../../../infra/config/parse";
import { setEnvironment } from "../../support/environment";
import type { CliResult } from "../../support/run-cli";
import { awsEnvironment } from "../prune/prune-tools";

/** What every command takes for its process. */
export type TestProcess = RollbackProcess &
  VerifyProcess &
  PruneProcess &
  OperateProcess &
  DoctorProcess &
  DataProcess &
  InvokeProcess;

export interface CommandRun {
  /** Folder of the Pulumi project. */
  readonly folder: string;
  /** Where the services are. */
  readonly origin: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of this process, while the command runs. @default - those that lead to `origin` */
  readonly variables?: Readonly<Record<string, string>>;
  /** @default - no terminal */
  readonly terminal?: { readonly isTTY?: boolean; readonly columns?: number };
  readonly monotonic?: () => number;
  /** What ages are counted to. @default - the clock's */
  readonly now?: Date;
  /** Is given what interrupts the command, as Ctrl-C does. */
  readonly onStart?: (interrupt: (signal: Interrupt) => void) => void;
}

/** Attempts at each call, a millisecond apart. */
export const attempts = 3;

/** Runs a command within this process; what is no error for people is thrown. */
export async function runCommand(
  add: (program: Command, own: TestProcess) => void,
  args: readonly string[],
  { folder, origin, env = {}, variables = {}, terminal = {}, monotonic, now, onStart }: CommandRun,
): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const writer = (stream: keyof typeof written) => (text: string) => {
    written[stream] += text;
    return true;
  };
  const own: TestProcess = {
    stdout: { write: writer("stdout"), ...terminal },
    stderr: { write: writer("stderr"), ...terminal, rows: 40 },
    env: { ...(terminal.columns === undefined ? { COLUMNS: "110" } : {}), ...env },
    folder,
    pollSeconds: 0.001,
    pauseMs: 1,
    clientOptions: { retryStrategy: new ConfiguredRetryStrategy(attempts, 1) },
    onInterrupt: (handler) => {
      onStart?.(handler);
      return () => {};
    },
    ...(monotonic === undefined ? {} : { monotonic }),
    ...(now === undefined ? {} : { now }),
    exitCode: undefined,
  };
  const program = new Command().exitOverride();
  add(program, own);
  const restore = setEnvironment({ ...awsEnvironment(origin, folder), ...variables });
  try {
    await program.parseAsync(args, { from: "user" });
    return { status: Number(own.exitCode), ...written };
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof ConfigError)) throw error;
    const status = error instanceof CommandError ? error.status : 2;
    return { status, stdout: written.stdout, stderr: written.stderr + error.message };
  } finally {
    restore();
  }
}

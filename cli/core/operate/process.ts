import type { ClientOptions } from "../aws/clients";

/** What the commands of this folder read and write of their process; tests give their own. */
export interface OperateProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the Pulumi project. @default - this project */
  readonly folder?: string;
  readonly clientOptions?: ClientOptions;
  /** First pause between two looks at what is changing, in seconds. @default 5 */
  readonly pollSeconds?: number;
  /** Milliseconds of a clock that nobody sets. @default performance.now */
  readonly monotonic?: () => number;
  /** Called with what is to happen when a person interrupts; returns what takes it back. @default - SIGINT and SIGTERM */
  readonly onInterrupt?: (interrupted: (signal: Interrupt) => void) => () => void;
  exitCode?: number | string | null | undefined;
}

export type Interrupt = "SIGINT" | "SIGTERM";

/** 128 and the signal's number, as a shell tells a process that a signal ended. */
export const interruptStatus: Readonly<Record<Interrupt, number>> = { SIGINT: 130, SIGTERM: 143 };

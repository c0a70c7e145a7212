import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Takes each line of stdout and stderr, without its end. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Ends the child and all that it started. */
  readonly signal?: AbortSignal;
}

export interface ChildResult {
  /** Exit status; none when a signal ended it. */
  readonly status: number | null;
  /** The end of stdout and stderr together. */
  readonly output: string;
}

export interface Child {
  readonly pid: number;
  readonly ended: Promise<ChildResult>;
  /** SIGTERM to the child and all that it started, SIGKILL after `graceMs`; resolves when nothing of it is left. */
  stop(): Promise<void>;
}

const graceMs = 5000;
const keptOutput = 200_000;

/**
 * Runs a command to its end.
 *
 * @throws the signal's reason where it was aborted, Error where the command cannot be started.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  options.signal?.throwIfAborted();
  const child = startChild(command, args, options);
  const result = await child.ended;
  if (options.signal?.aborted === true) {
    await child.stop();
    throw options.signal.reason;
  }
  return result;
}

/** Starts a command in a process group of its own, so that all that it starts can be ended with it. */
export function startChild(
  command: string,
  args: readonly string[],
  { env, cwd, onLine = () => {}, signal }: ChildOptions,
): Child {
  const child = spawn(command, args, {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = "";
  for (const name of ["stdout", "stderr"] as const) {
    let rest = "";
    const lines = child[name].setEncoding("utf8");
    lines.on("data", (chunk: string) => {
      output = (output + chunk).slice(-keptOutput);
      const parts = (rest + chunk).split(/\r?\n|\r/);
      rest = parts.pop() ?? "";
      for (const line of parts) onLine(line, name);
    });
    lines.on("end", () => {
      if (rest !== "") onLine(rest, name);
    });
  }
  const ended = new Promise<ChildResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
  // Whoever awaits `ended` sees the error; a caller that only stops the child need not.
  ended.catch(() => {});
  const stop = () => endGroup(child.pid, ended);
  const onAbort = () => void stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  const forget = () => signal?.removeEventListener("abort", onAbort);
  ended.then(forget, forget);
  return { pid: child.pid ?? 0, ended, stop };
}

async function endGroup(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined || !signalGroup(pid, "SIGTERM")) return;
  const settled = ended.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, pause(graceMs, undefined, { ref: false })]);
  for (let look = 0; signalGroup(pid, "SIGKILL") && look < 50; look++) await pause(20);
}

/** Whether there was anything to signal. */
function signalGroup(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

import { spawn } from "node:child_process";

export interface Finished {
  /** Exit status; none when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Bounds {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which it is killed, with what it started. */
  readonly timeoutMs: number;
}

/** Runs a command in a process group of its own, and leaves nothing of that group running. */
export function runBounded(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs }: Bounds,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.on("error", reject);
    child.on("exit", () => endGroup(child.pid));
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      if (late)
        reject(new Error(`${command} ${args.join(" ")} took over ${timeoutMs} ms.\n${stdout}\n${stderr}`));
      else resolve({ status, signal, stdout, stderr });
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

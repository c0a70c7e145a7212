import { setTimeout as pause } from "node:timers/promises";
import { type ChildOptions, startChild } from "../python/run-child";
import { stepFailed, trainingFolder } from "./run-step";

export interface Serving {
  readonly origin: URL;
  stop(): Promise<void>;
}

/** Loading PyTorch takes most of it, on a machine that is busy. */
const readyMs = 120_000;

/**
 * Starts the serving process and waits until it answers `/ping` with 200, as SageMaker does.
 *
 * @throws CommandError, with status 1, where it ends, or is not ready in time.
 */
export async function startServing(
  { python, args }: { readonly python: string; readonly args: readonly string[] },
  { signal, ...options }: Omit<ChildOptions, "cwd" | "onLine">,
): Promise<Serving> {
  let port: number | undefined;
  let output = "";
  const child = startChild(python, args, {
    ...options,
    ...(signal === undefined ? {} : { signal }),
    cwd: trainingFolder,
    onLine: (line) => {
      output += `${line}\n`;
      port ??= readyPort(line);
    },
  });
  let ended: number | null | undefined;
  void child.ended.then(
    ({ status }) => {
      ended = status;
    },
    () => {
      ended = null;
    },
  );
  const deadline = Date.now() + readyMs;
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (ended !== undefined) throw stepFailed("The serving process", `ended with status ${ended}`, output);
      if (Date.now() > deadline) throw stepFailed("The serving process", "was not ready in time", output);
      if (port !== undefined && (await answersPing(port)))
        return { origin: new URL(`http://127.0.0.1:${port}`), stop: child.stop };
      await pause(100);
    }
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** The port in the line that tells that it is ready; with port 0 the system chooses it. */
export function readyPort(line: string): number | undefined {
  if (!line.startsWith("{")) return undefined;
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { message, port } = told as { message?: unknown; port?: unknown };
  return message === "ready" && typeof port === "number" ? port : undefined;
}

async function answersPing(port: number): Promise<boolean> {
  try {
    const { status } = await fetch(`http://127.0.0.1:${port}/ping`, { signal: AbortSignal.timeout(5000) });
    return status === 200;
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === "TimeoutError") return false;
    throw error;
  }
}

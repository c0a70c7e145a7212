import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processMark, removeAbandoned } from "./process-mark";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Gives the work a folder that goes with it, also where Ctrl-C ends the process in the middle. The process then ends by the signal,
 * as it would have without: a shell tells 130 of Ctrl-C. Folders of processes that were killed go when the next one begins.
 */
export async function inScratchFolder<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  removeAbandoned(tmpdir(), prefix, "-");
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${processMark()}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const forget = () => {
    for (const signal of signals) process.removeListener(signal, interrupted);
  };
  const interrupted = (signal: NodeJS.Signals) => {
    forget();
    remove();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, interrupted);
  try {
    return await work(folder);
  } finally {
    forget();
    remove();
  }
}

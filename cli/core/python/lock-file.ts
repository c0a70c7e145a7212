import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "../process-mark";

export interface LockTimes {
  /** Milliseconds between two looks at another's lock. @default 500 */
  readonly pollMs?: number;
  /** Milliseconds without a sign of life after which a holder on another computer counts as ended. @default 60000 */
  readonly staleMs?: number;
}

/**
 * Runs `work` while no other process, that asks for the same lock, runs its own. A holder that was killed leaves a file, which the
 * next one takes over: at once where its process is gone, else after `staleMs` without a sign of life.
 *
 * @param onWait called once, with the process that is waited for.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { pollMs = 500, staleMs = 60_000 }: LockTimes = {},
  onWait: (holder: string) => void = () => {},
): Promise<T> {
  let told = false;
  while (!take(file, staleMs)) {
    if (!told) onWait(holderOf(file));
    told = true;
    await pause(pollMs);
  }
  const alive = setInterval(() => utimesSync(file, new Date(), new Date()), staleMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    rmSync(file, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

function take(file: string, staleMs: number): boolean {
  const own = `${file}.${process.pid}`;
  try {
    writeFileSync(own, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    // A link is made whole or not at all, so that nobody reads a lock without its holder.
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(own, { force: true });
  }
  removeIfStale(file, staleMs);
  return false;
}

function removeIfStale(file: string, staleMs: number): void {
  const seen = statSync(file, { throwIfNoEntry: false });
  if (seen === undefined) return;
  const holder = read(file);
  const gone = holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
  if (!gone && Date.now() - seen.mtimeMs <= staleMs) return;
  // Moved aside first: of two that judge alike, the slower one must not remove the lock that the faster one has taken.
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (statSync(aside).ino === seen.ino) rmSync(aside);
  else renameSync(aside, file);
}

function holderOf(file: string): string {
  const holder = read(file);
  return holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

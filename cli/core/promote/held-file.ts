import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { CommandError } from "../exit-status";
import { isAlive, processMark } from "../process-mark";

/**
 * Does what compares a file and replaces it, while no other process does: between the two calls of the system there is room for
 * another's. The lock of a process of this host that was killed is taken over.
 *
 * @throws CommandError where another process is at it. It does not wait: what that one writes is a change, and this one's fails then.
 */
export function whileHeld<T>(file: string, work: () => T): T {
  const beside = (what: string) => join(dirname(file), `.${basename(file)}.${what}.tmp`);
  const lock = beside("lock");
  if (!take(lock) && !(removeAbandoned(lock, beside(processMark())) && take(lock)))
    throw new CommandError(
      `${basename(file)} is being changed by somebody else's command; it is left as it is. Run the command again. If no other one runs, delete ${lock} first.`,
    );
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    const descriptor = openSync(lock, "wx");
    writeSync(descriptor, processMark());
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Whether the lock is away now. */
function removeAbandoned(lock: string, aside: string): boolean {
  try {
    const { ino } = statSync(lock);
    const mark = readFileSync(lock, "utf8");
    const pid = mark.startsWith(`${hostname()}-`) ? mark.slice(hostname().length + 1) : "";
    if (!/^\d+$/.test(pid) || isAlive(Number(pid))) return false;
    // Moved aside first: of two that find it so, the slower one must not remove the lock that the faster one has taken.
    renameSync(lock, aside);
    if (statSync(aside).ino === ino) rmSync(aside);
    else renameSync(aside, lock);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  return true;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

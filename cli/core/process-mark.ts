import { lstatSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Stands in the name of what only this process uses. With the host: containers that share a folder count their processes apart. */
export function processMark(): string {
  return `${hostname()}-${process.pid}`;
}

/**
 * Removes what processes of this host and user have left in a folder that were killed: whatever is named `<before><mark><after>`, with
 * the mark of a process that is no more.
 *
 * @param after begins the rest of the name.
 */
export function removeAbandoned(folder: string, before: string, after: string): void {
  const marked = `${before}${hostname()}-`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(marked)) continue;
    const [, pid, rest = ""] = /^(\d+)(.*)$/s.exec(name.slice(marked.length)) ?? [];
    if (pid === undefined || !rest.startsWith(after) || isAlive(Number(pid))) continue;
    const path = join(folder, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

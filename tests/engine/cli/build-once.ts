import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface BuildOnce {
  /** Folder that is wanted; there is none while it is not complete. */
  readonly folder: string;
  /** Fills an empty folder. Rejects where it cannot. */
  readonly build: (into: string) => Promise<void>;
  /** Milliseconds between two looks at another builder's lock. @default 1000 */
  readonly pollMs?: number;
  /** Milliseconds without a sign of life after which a builder counts as ended. @default 60000 */
  readonly staleMs?: number;
}

/**
 * Builds a folder unless it is there. Two processes that want it at once build it once: one builds beside it and renames, the
 * other waits. A builder that was killed leaves a lock without a sign of life, which the next one takes over.
 */
export async function buildOnce({
  folder,
  build,
  pollMs = 1000,
  staleMs = 60_000,
}: BuildOnce): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (!take(lock, staleMs)) {
      await pause(pollMs);
      continue;
    }
    const alive = setInterval(() => utimesSync(lock, new Date(), new Date()), staleMs / 4);
    try {
      if (!existsSync(folder)) await buildBeside(folder, build);
    } finally {
      clearInterval(alive);
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

async function buildBeside(folder: string, build: (into: string) => Promise<void>): Promise<void> {
  const unfinished = mkdtempSync(join(dirname(folder), "unfinished-"));
  try {
    await build(unfinished);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Making a folder is atomic on every file system. */
function take(lock: string, staleMs: number): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const seen = statSync(lock, { throwIfNoEntry: false });
    if (seen !== undefined && Date.now() - seen.mtimeMs > staleMs)
      rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

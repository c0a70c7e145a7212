import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CommandError } from "../exit-status";
import { withLock } from "../python/lock-file";

/**
 * Fills a folder that appears whole or not at all: the work is done beside it, and renamed. What a killed run left is removed
 * first; of two runs at once the second waits, and then finds the folder there.
 *
 * @throws CommandError where the folder is there and not empty.
 */
export async function fillFolder(folder: string, fill: (into: string) => Promise<void>): Promise<void> {
  const target = resolve(folder);
  await mkdir(dirname(target), { recursive: true });
  refuseFilled(folder);
  const into = join(dirname(target), `.${basename(target)}.unfinished`);
  await withLock(`${into}.lock`, async () => {
    refuseFilled(folder);
    rmSync(into, { recursive: true, force: true });
    await mkdir(into);
    try {
      await fill(into);
      // A rename onto an empty folder is refused on some systems; what is no longer empty is not removed.
      if (existsSync(target)) rmdirSync(target);
      renameSync(into, target);
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  });
}

/** @throws CommandError where the folder is there and not empty. */
export function refuseFilled(folder: string): void {
  if (!existsSync(folder)) return;
  let entries: readonly string[];
  try {
    entries = readdirSync(folder);
  } catch (error) {
    throw new CommandError(
      `${folder} is no folder that can be filled (${(error as NodeJS.ErrnoException).code}). Name another.`,
    );
  }
  if (entries.length > 0)
    throw new CommandError(
      `${folder} is there and holds ${entries.length} ${entries.length === 1 ? "entry" : "entries"}. Name a folder that does not exist, or remove it.`,
    );
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutants";

/**
 * The file as the mutant has it.
 *
 * @throws Error where the text to be replaced is not there exactly once.
 */
export function mutated(folder: string, { file, replaced, by }: Mutant): string {
  const parts = readFileSync(join(folder, file), "utf8").split(replaced);
  if (parts.length === 2) return parts.join(by);
  throw new Error(`${file} has this ${parts.length - 1} times, and the mutant takes it once: ${replaced}`);
}

/** @param folder of a copy: the file is written. */
export function applyMutant(folder: string, mutant: Mutant): void {
  writeFileSync(join(folder, mutant.file), mutated(folder, mutant));
}

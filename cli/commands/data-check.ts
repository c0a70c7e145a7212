import { writeFileSync } from "node:fs";
import { terminalLayout } from "../../plan/report/layout";
import { checkDataSet, type DataCheck } from "../core/data/check";
import { hashImages } from "../core/data/hash-images";
import { progressLine } from "../core/data/progress";
import { scanDataSet } from "../core/data/scan";
import { checkJson, checkText, manifestText } from "../core/data/show-check";
import { CommandError, exitStatus } from "../core/exit-status";
import type { DataProcess } from "./data-options";

export interface CheckOptions {
  readonly full?: boolean;
  readonly json?: boolean;
}

export interface ManifestOptions {
  readonly output?: string;
  readonly json?: boolean;
}

/** Judges a data set and prints what it holds; returns the exit status, 1 where there is a problem. */
export async function dataCheck(
  folder: string,
  options: CheckOptions,
  own: DataProcess = process,
): Promise<number> {
  const check = await readDataSet(folder, own.stderr);
  const layout = terminalLayout(own.env, own.stdout);
  own.stdout.write(
    options.json === true ? checkJson(check) : checkText(check, { full: options.full === true }, layout),
  );
  return check.manifest === undefined ? exitStatus.violation : exitStatus.ok;
}

/** Prints the digest of a data set that has no problem, and writes its manifest where asked; returns the exit status. */
export async function dataManifest(
  folder: string,
  options: ManifestOptions,
  own: DataProcess = process,
): Promise<number> {
  const check = await readDataSet(folder, own.stderr);
  const { manifest } = check;
  if (manifest === undefined) {
    own.stderr.write(checkText(check, { full: false }, terminalLayout(own.env, own.stderr)));
    return exitStatus.violation;
  }
  if (options.output !== undefined) writeManifest(options.output, manifest.text);
  own.stdout.write(
    options.json === true
      ? checkJson(check)
      : manifestText(check, options.output, terminalLayout(own.env, own.stdout)),
  );
  return exitStatus.ok;
}

/** Scans, reads and judges, with progress. */
export async function readDataSet(folder: string, stderr: DataProcess["stderr"]): Promise<DataCheck> {
  const scanned = scanDataSet(folder);
  const progress = progressLine(stderr, (done, all) => `${done} of ${all} images read`);
  const images = await hashImages(scanned, { onDone: progress.update });
  progress.end();
  return checkDataSet(scanned, images);
}

function writeManifest(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(`--output ${file} cannot be written (${code}). Name another file.`);
  }
}

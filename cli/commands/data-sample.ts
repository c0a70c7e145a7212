import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fillFolder } from "../core/data/place";
import { progressLine } from "../core/data/progress";
import { type SampleSet, sampleFiles, splitSizes } from "../core/data/sample-set";
import { exitStatus } from "../core/exit-status";
import { type DataProcess, wholeNumber } from "./data-options";

export interface SampleOptions {
  readonly classes: string;
  readonly perClass: string;
  readonly size: string;
  readonly seed: string;
}

/** Writes a generated data set; returns the exit status. */
export async function dataSample(
  folder: string,
  options: SampleOptions,
  own: DataProcess = process,
): Promise<number> {
  const set: SampleSet = {
    classes: wholeNumber("--classes", options.classes, 2, 10_000),
    perClass: wholeNumber("--per-class", options.perClass, 3, 1_000_000),
    size: wholeNumber("--size", options.size, 16, 4096),
    seed: wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1),
  };
  await writeSample(folder, set, own.stderr);
  const { train, valid, test } = splitSizes(set.perClass);
  own.stdout.write(
    `Wrote ${set.classes * set.perClass} images of ${set.classes} classes to ${folder}: of each class ${train} to train, ${valid} to validate and ${test} to test.\n`,
  );
  return exitStatus.ok;
}

/** Fills the folder with the set, whole or not at all. */
export async function writeSample(
  folder: string,
  set: SampleSet,
  stderr: DataProcess["stderr"],
): Promise<void> {
  const total = set.classes * set.perClass;
  const progress = progressLine(stderr, (done, all) => `${done} of ${all} images`);
  await fillFolder(folder, async (into) => {
    let done = 0;
    for (const { path, bytes } of sampleFiles(set)) {
      const file = join(into, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes());
      done += 1;
      progress.update(done, total);
      // The signs of life of the lock, and a Ctrl-C, have their turn.
      if (done % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });
  progress.end();
}

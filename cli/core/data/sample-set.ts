import { splits } from "./layout";
import { mix, sampleClassName, sampleImage } from "./sample-image";

export interface SampleSet {
  /** At least 2: with one there is nothing to tell apart. */
  readonly classes: number;
  /** Images of each class over all splits; at least 3. */
  readonly perClass: number;
  /** Side in pixels. */
  readonly size: number;
  readonly seed: number;
}

export interface SampleFile {
  /** Below the set's folder, with forward slashes. */
  readonly path: string;
  readonly bytes: () => Uint8Array;
}

/** A tenth of the mission's images validate and a tenth test; each class needs one of both. */
export function splitSizes(perClass: number): Readonly<Record<(typeof splits)[number], number>> {
  const part = Math.max(1, Math.round(perClass / 10));
  return { train: perClass - 2 * part, valid: part, test: part };
}

/** The files of a generated set in the mission's layout, in the order of splits, classes and numbers. */
export function* sampleFiles({ classes, perClass, size, seed }: SampleSet): Generator<SampleFile> {
  const sizes = splitSizes(perClass);
  const digits = Math.max(5, String(perClass).length);
  for (const [splitIndex, split] of splits.entries()) {
    for (let classIndex = 0; classIndex < classes; classIndex++) {
      const name = sampleClassName(classIndex, classes);
      const label = name.slice(name.indexOf(".") + 1);
      for (let number = 1; number <= sizes[split]; number++) {
        yield {
          path: `${split}/${name}/${label}_${String(number).padStart(digits, "0")}.jpg`,
          bytes: () => sampleImage({ classIndex, size, seed: mix(seed, splitIndex, classIndex, number) }),
        };
      }
    }
  }
}

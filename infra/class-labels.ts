import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withoutStack } from "./rules/without-stack";

const root = join(__dirname, "..");

/** Longer than any name of a class, and short enough for 10,000 of them in an archive. */
const maximumLength = 200;

/**
 * Names of a model's classes, in the order of its answer: for folders of images, sorted folder names.
 *
 * @param file JSON list of texts, below the repository's root.
 * @param classes how many there must be.
 * @throws Error that names the file, what is wrong with it and what it must hold.
 */
export function readClassLabels(file: string, classes: number, folder: string = root): readonly string[] {
  let labels: unknown;
  try {
    labels = JSON.parse(readFileSync(join(folder, file), "utf8"));
  } catch (cause) {
    throw unusable(file, cause instanceof SyntaxError ? "is not JSON" : "cannot be read", classes, cause);
  }
  if (!Array.isArray(labels)) throw unusable(file, "is not a list", classes);
  if (labels.length !== classes)
    throw unusable(file, `has ${labels.length} names, and the model ${classes} classes`, classes);
  const wrong = labels.findIndex(
    (label) => typeof label !== "string" || label.trim() === "" || label.length > maximumLength,
  );
  if (wrong >= 0)
    throw unusable(file, `has no name of 1 to ${maximumLength} characters at [${wrong}]`, classes);
  return labels as string[];
}

function unusable(file: string, problem: string, classes: number, cause?: unknown): Error {
  return withoutStack(
    new Error(
      `The file of class names ${file} ${problem}. It must be a JSON list of ${classes} names, in the order of the model's answer; ` +
        "correct it, or leave labels out of the model to answer with class numbers.",
      { cause },
    ),
  );
}

import { CommandError } from "../exit-status";
import { readText } from "../read-file";

/**
 * The names of the classes, by index: a JSON list of names, or the `class_to_idx.json` that training writes into a model, an
 * object from names to indices.
 *
 * @throws CommandError where the file holds neither.
 */
export function readClassNames(file: string): readonly string[] {
  const text = readText("--labels", file);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      `--labels ${file} is not valid JSON: ${(error as Error).message}. Correct the file.`,
    );
  }
  const names: readonly unknown[] | undefined = Array.isArray(content) ? content : byIndex(content);
  if (
    names === undefined ||
    names.length === 0 ||
    !names.every((name): name is string => typeof name === "string")
  )
    throw new CommandError(
      `--labels ${file} holds ${text.trim().slice(0, 20)}…; it must hold a JSON list of names, or an object from names to the indices 0, 1, 2 ….`,
    );
  return names;
}

function byIndex(content: unknown): readonly unknown[] | undefined {
  if (typeof content !== "object" || content === null) return undefined;
  const entries = Object.entries(content).sort(([, a], [, b]) => Number(a) - Number(b));
  return entries.every(([, index], position) => index === position)
    ? entries.map(([name]) => name)
    : undefined;
}

import { readFileSync } from "node:fs";
import { CommandError } from "./exit-status";

/**
 * @param what how the command line names the file, such as `--fixtures`.
 * @throws CommandError where it cannot be read.
 */
export function readText(what: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(
      `${what} ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Name a file that exists.`,
    );
  }
}

/** One JSON object from a file. @throws CommandError where it cannot be read or holds anything else. */
export function readJsonObject<T extends object>(what: string, file: string): T {
  const text = readText(what, file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as T;
  } catch (error) {
    throw new CommandError(
      `${what} ${file} is not valid JSON: ${(error as Error).message}. Correct the file.`,
    );
  }
  throw new CommandError(`${what} ${file} holds ${text.trim().slice(0, 20)}…; it must hold one JSON object.`);
}

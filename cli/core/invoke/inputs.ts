import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { CommandError } from "../exit-status";

/** What is asked about: an image of this computer, or a URL that the function fetches itself. */
export type Input =
  | { readonly kind: "file"; readonly name: string; readonly path: string }
  | { readonly kind: "url"; readonly name: string };

/** The endings that people give the types that are taken; what a file really is, its bytes tell. */
const imageName = /\.(?:jpe?g|png)$/i;

/**
 * The inputs that an argument of the command line names: a URL, an image file, or every JPEG and PNG below a folder, by path.
 *
 * @throws CommandError where there is none.
 */
export function inputsOf(argument: string): readonly Input[] {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(argument)) return [{ kind: "url", name: argument }];
  if (!isFolder(argument)) return [{ kind: "file", name: argument, path: argument }];
  const files = readdirSync(argument, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && imageName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0)
    throw new CommandError(
      `The folder ${argument} holds no image: no file below it ends in .jpg, .jpeg or .png. Name another folder.`,
    );
  return files.map((path) => ({ kind: "file", name: relative(argument, path), path }));
}

/** @throws CommandError where the file cannot be read. */
export function bytesOf({ path }: Extract<Input, { kind: "file" }>): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): CommandError {
  return new CommandError(
    `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Name an image file, a folder of images, or a URL.`,
  );
}

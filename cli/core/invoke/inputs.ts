import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, relative } from "node:path";
import { CommandError } from "../exit-status";

/** What is asked about: an image of this computer, or a URL (`https://…`, `s3://bucket/key`) that the function fetches itself. */
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
  const files = imagesBelow(argument).sort();
  if (files.length === 0)
    throw new CommandError(
      `The folder ${argument} holds no image: no file below it ends in .jpg, .jpeg or .png. Name another folder.`,
    );
  return files.map((path) => ({ kind: "file", name: relative(argument, path), path }));
}

/** What the system does not let read. */
export class Unreadable extends CommandError {
  /** The system's code, such as ENOENT. */
  readonly code: string;

  constructor(path: string, error: unknown) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    super(`${path} cannot be read (${code}). Name an image file, a folder of images, or a URL.`);
    this.code = code;
  }
}

/** @throws Unreadable */
export function bytesOf({ path }: Extract<Input, { kind: "file" }>): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Unreadable(path, error);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new Unreadable(path, error);
  }
}

/** Links are followed, as training follows them. One that leads nowhere is an input like others, and is told when it is read. */
function imagesBelow(folder: string, above: readonly string[] = []): string[] {
  const real = realpathSync(folder);
  // A link to a folder that it lies in would lead round and round.
  if (above.includes(real)) return [];
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statOf(path);
    if (stat?.isDirectory() === true) return imagesBelow(path, [...above, real]);
    return imageName.test(name) && stat?.isFile() !== false ? [path] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new Unreadable(folder, error);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Why it cannot be looked at, whoever reads it is told.
    return undefined;
  }
}

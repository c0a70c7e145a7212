import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type TarFile, tar } from "./rules/tar";
import { trainingProgram } from "./rules/training-spec";

export interface TrainingArchive {
  /**
   * SHA-256 of the archive before compression. zlib may compress the same bytes differently in another version of
   * Node; the digest, and with it every job's name, must not change with that.
   */
  readonly digest: string;
  /** `sourcedir.tar.gz`. */
  readonly archive: Buffer;
}

/** The training package beside this folder. */
export const trainingFolder = join(__dirname, "..", "training");

const sourceFile = /\.(?:py|toml|txt)$/;
const leftOut = /^(?:\..*|__pycache__|tests|bench|.*\.egg-info)$/;

/**
 * Packs the training package: its Python sources and requirements, not its tests, caches or documents.
 *
 * @throws Error when the folder cannot be read, or holds no training program.
 */
export function packTrainingCode(folder: string = trainingFolder): TrainingArchive {
  const files = sources(folder, "");
  if (!files.some(({ path }) => path === trainingProgram)) {
    throw new Error(
      `There is no ${trainingProgram} in ${folder}, so the jobs would have nothing to run. ` +
        "Restore the training folder, or check out the repository again.",
    );
  }
  const archive = tar(files);
  return {
    digest: createHash("sha256").update(archive).digest("hex"),
    archive: gzipSync(archive, { level: 9 }),
  };
}

function sources(folder: string, prefix: string): TarFile[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch (cause) {
    throw new Error(
      `The training package cannot be read from ${folder}. Restore the folder, or check out the repository again.`,
      { cause },
    );
  }
  return entries
    .filter(({ name }) => !leftOut.test(name))
    .flatMap((entry) => {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) return sources(join(folder, entry.name), `${path}/`);
      if (!entry.isFile() || !sourceFile.test(entry.name)) return [];
      return [{ path, content: readFileSync(join(folder, entry.name)) }];
    });
}

function list(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

import { mkdirSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from "yauzl";
import { mapConcurrently } from "./hash-images";
import { imageFault } from "./image-fault";
import { shown } from "./scan";
import {
  defaultLimits,
  type ExtractionPlan,
  planExtraction,
  type ZipEntry,
  type ZipLimits,
} from "./zip-plan";

/** Why an archive is refused: every reason that was found. */
export class ArchiveError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

export interface ExtractOptions {
  readonly limits?: ZipLimits;
  /** Leaves out files that are named as images and are none, instead of refusing the archive. */
  readonly skipBad?: boolean;
  readonly onDone?: (done: number, all: number) => void;
}

export interface Extracted {
  readonly images: number;
  readonly bytes: number;
  /** Names of what is not in the layout and stayed in the archive. */
  readonly left: readonly string[];
  /** What was named as an image and is none, each with what it is. */
  readonly bad: readonly string[];
}

/**
 * Extracts the images of a data set into an empty folder. What is left of the archive stays in it.
 *
 * @throws ArchiveError where the archive is damaged, hostile, or no data set.
 */
export async function extractZip(
  file: string,
  into: string,
  { limits = defaultLimits, skipBad = false, onDone = () => {} }: ExtractOptions = {},
): Promise<Extracted> {
  const zip = await opened(file);
  try {
    const entries = await directory(zip, limits);
    const plan = planExtraction(entries.map(described), (await stat(file)).size, limits);
    if (plan.problems.length > 0) throw new ArchiveError(plan.problems);
    const bad = await write({ zip, entries, plan, into }, onDone);
    if (bad.length > 0 && !skipBad) throw new ArchiveError(bad);
    return {
      images: plan.files.length - bad.length,
      bytes: plan.bytes,
      left: plan.left,
      bad,
    };
  } finally {
    zip.close();
  }
}

async function opened(file: string): Promise<ZipFile> {
  try {
    // Names are read as bytes and judged here: what would be mended silently, such as a backslash, is refused.
    return await openPromise(file, { autoClose: false, decodeStrings: false });
  } catch (error) {
    throw damaged(error);
  }
}

async function directory(zip: ZipFile, limits: ZipLimits): Promise<readonly Entry[]> {
  if (zip.entryCount > limits.files)
    throw new ArchiveError([
      `It has ${zip.entryCount} entries; at most ${limits.files} are taken (--max-files).`,
    ]);
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    throw damaged(error);
  }
  return entries;
}

function described(entry: Entry): ZipEntry {
  const madeOnUnix = entry.versionMadeBy >> 8 === 3;
  return {
    name: getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true),
    bytes: entry.uncompressedSize,
    compressedBytes: entry.compressedSize,
    unixType: madeOnUnix ? (entry.externalFileAttributes >>> 16) & 0xf000 : 0,
    encrypted: entry.isEncrypted(),
  };
}

interface Writing {
  readonly zip: ZipFile;
  readonly entries: readonly Entry[];
  readonly plan: ExtractionPlan;
  readonly into: string;
}

/** Returns what is named as an image and is none. */
async function write(
  { zip, entries, plan, into }: Writing,
  onDone: NonNullable<ExtractOptions["onDone"]>,
): Promise<readonly string[]> {
  const bad: string[] = [];
  let done = 0;
  for (const folder of new Set(plan.files.map(({ path }) => dirname(path))))
    mkdirSync(join(into, folder), { recursive: true });
  await mapConcurrently(plan.files, 8, async ({ index, path }) => {
    const entry = entries[index];
    if (entry === undefined) throw new Error(`There is no entry ${index}.`);
    const content = await contentOf(zip, entry, path);
    const fault = imageFault(content);
    // "wx": the folder was empty and no two names are one, so nothing may be there.
    if (fault === undefined) await writeFile(join(into, path), content, { flag: "wx" });
    else bad.push(`${shown(path)} ${fault.text}.`);
    done += 1;
    onDone(done, plan.files.length);
  });
  return bad.sort();
}

async function contentOf(zip: ZipFile, entry: Entry, path: string): Promise<Buffer> {
  let content: Buffer;
  try {
    // yauzl ends the stream where there are more or fewer bytes than the directory says.
    content = await buffer(await zip.openReadStreamPromise(entry));
  } catch (error) {
    throw new ArchiveError([`${shown(path)} cannot be extracted: ${(error as Error).message}.`]);
  }
  if (crc32(content) !== entry.crc32)
    throw new ArchiveError([`${shown(path)} is damaged: its checksum differs.`]);
  return content;
}

function damaged(error: unknown): ArchiveError {
  return new ArchiveError([`It is damaged or no zip archive: ${(error as Error).message}.`]);
}

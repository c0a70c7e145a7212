import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { download, forgetDownload, shownUrl } from "../core/data/download";
import { ArchiveError, type Extracted, extractZip } from "../core/data/extract-zip";
import { hashFile } from "../core/data/hash-file";
import { fillFolder, refuseFilled } from "../core/data/place";
import { progressLine, sizeText } from "../core/data/progress";
import { some } from "../core/data/scan";
import { sourceStatus } from "../core/data/source-status";
import { defaultLimits, type ZipLimits } from "../core/data/zip-plan";
import { CommandError, exitStatus } from "../core/exit-status";
import { withLock } from "../core/python/lock-file";
import { type DataProcess, sha256Option, wholeNumber } from "./data-options";

export interface FetchOptions {
  readonly sha256?: string;
  readonly keepZip?: boolean;
  readonly skipBad?: boolean;
  readonly maxFiles?: string;
  readonly maxGigabytes?: string;
}

/** Fetches an archive and extracts its images into a folder, whole or not at all; returns the exit status. */
export async function dataFetch(
  source: string,
  folder: string,
  options: FetchOptions,
  own: DataProcess = process,
): Promise<number> {
  const wanted = options.sha256 === undefined ? undefined : sha256Option("--sha256", options.sha256);
  const limits = limitsOf(options);
  refuseFilled(folder);
  const url = urlOf(source);
  if (url === undefined) {
    const file = localFile(source);
    const digest = await checked(file, wanted, () => {});
    await extract(file, folder, { limits, options, digest }, own);
    return exitStatus.ok;
  }
  const target = resolve(folder);
  mkdirSync(dirname(target), { recursive: true });
  const part = join(dirname(target), `.${basename(target)}.download`);
  await withLock(`${part}.lock`, async () => {
    await downloadTo(part, url, limits, own);
    // A partial file that is damaged must not be continued, so it goes.
    const digest = await checked(part, wanted, () => forgetDownload(part));
    await extract(part, folder, { limits, options, digest }, own);
    if (options.keepZip === true) renameSync(part, `${target}.zip`);
    forgetDownload(part);
  });
  if (options.keepZip === true)
    own.stdout.write(`Kept the archive as ${folder.replace(/[/\\]+$/, "")}.zip.\n`);
  return exitStatus.ok;
}

function limitsOf({ maxFiles, maxGigabytes }: FetchOptions): ZipLimits {
  return {
    ...defaultLimits,
    ...(maxFiles === undefined ? {} : { files: wholeNumber("--max-files", maxFiles, 1, 100_000_000) }),
    ...(maxGigabytes === undefined
      ? {}
      : { bytes: wholeNumber("--max-gigabytes", maxGigabytes, 1, 100_000) * 1e9 }),
  };
}

function urlOf(source: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return undefined;
  const url = URL.canParse(source) ? new URL(source) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  if (url?.protocol === "file:") return undefined;
  throw new CommandError(
    `The source begins with ${JSON.stringify(source.slice(0, source.indexOf(":")))}; it must be an https or http URL, or the path of a zip archive.`,
  );
}

function localFile(source: string): string {
  const file = source.startsWith("file://") ? fileURLToPath(source) : source;
  const found = existsSync(file) ? statSync(file) : undefined;
  if (found?.isFile() === true) return file;
  throw new CommandError(`${source} is no file. Name a zip archive, or its https URL.`);
}

async function downloadTo(
  part: string,
  url: URL,
  limits: ZipLimits,
  { stderr, pauseMs }: DataProcess,
): Promise<void> {
  const progress = progressLine(stderr, (done, all) => `${sizeText(done)} of ${sizeText(all)} fetched`);
  const tell = (line: string) => {
    progress.end();
    stderr.write(`${line}\n`);
  };
  await download(url, part, {
    tell,
    ...(pauseMs === undefined ? {} : { pauseMs }),
    maxBytes: limits.bytes,
    onProgress: (received, all) => {
      if (all !== undefined) progress.update(received, all);
    },
  });
  progress.end();
  stderr.write(`Fetched ${shownUrl(url)}, ${sizeText(statSync(part).size)}.\n`);
}

async function checked(file: string, wanted: string | undefined, discard: () => void): Promise<string> {
  const digest = await hashFile(file);
  if (wanted === undefined || digest === wanted) return digest;
  discard();
  throw new CommandError(
    `The archive's SHA-256 is ${digest}, and --sha256 says ${wanted}: it is damaged, or another version. Nothing was extracted.`,
    sourceStatus.refused,
  );
}

const shownProblems = 10;

async function extract(
  file: string,
  folder: string,
  {
    limits,
    options,
    digest,
  }: { readonly limits: ZipLimits; readonly options: FetchOptions; readonly digest: string },
  { stdout, stderr }: DataProcess,
): Promise<void> {
  const progress = progressLine(stderr, (done, all) => `${done} of ${all} images extracted`);
  let extracted: Extracted | undefined;
  try {
    await fillFolder(folder, async (into) => {
      extracted = await extractZip(file, into, {
        limits,
        skipBad: options.skipBad === true,
        onDone: progress.update,
      });
    });
  } catch (error) {
    if (error instanceof ArchiveError) throw refused(error.problems);
    throw error;
  } finally {
    progress.end();
  }
  if (extracted === undefined) return;
  const { images, left, bad } = extracted;
  stdout.write(`Extracted ${images} images to ${folder}.\nArchive sha256 ${digest}\n`);
  if (left.length > 0) stdout.write(`Left in the archive: ${left.length}, such as ${some(left)}.\n`);
  for (const line of bad.slice(0, shownProblems)) stderr.write(`Left out: ${line}\n`);
  if (bad.length > shownProblems) stderr.write(`Left out: ${bad.length - shownProblems} more.\n`);
}

function refused(problems: readonly string[]): CommandError {
  const more = problems.length - shownProblems;
  const lines = [...problems.slice(0, shownProblems), ...(more > 0 ? [`… and ${more} more.`] : [])];
  return new CommandError(
    `The archive is refused and nothing was extracted:\n${lines.map((line) => `  ${line}`).join("\n")}\nUse another archive, or mend this one; --skip-bad leaves out files that are no images.`,
    sourceStatus.refused,
  );
}

import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { CommandError } from "../exit-status";
import { readTar, type TarEntry } from "./read-tar";

/** A model.tar.gz that is what its manifest says. */
export interface InspectedArtifact {
  /** SHA-256 of the file, 64 hexadecimal digits. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Classes that the model tells apart. */
  readonly classes: number;
  /** Share of validation images classified right, 0 to 1, where the artifact tells. */
  readonly validationAccuracy: number | undefined;
}

/** As training/breeds/archive.py has it: the serving container refuses what breaks one of these. */
const safeName = /^(?!.*\.\.)[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;
const runsCode = /\.(?:bin|ckpt|joblib|pickle|pkl|pt|pth)$/i;
const maxBytes = 4 * 2 ** 30;
const maxFiles = 1000;
const maxJsonBytes = 2 ** 20;
const formatVersion = 1;
const readJson = ["manifest.json", "class_to_idx.json", "metrics.json"];

interface Entry {
  readonly sizeBytes: number;
  readonly hash: Hash;
  /** Its bytes, of the few files that are read. */
  readonly pieces: Buffer[] | undefined;
}

/**
 * Reads an artifact once, and compares all of its files with its manifest. Nothing is written, and nothing of it is run.
 *
 * @param what how messages name it.
 * @throws CommandError that says what is wrong with it.
 */
export async function inspectArtifact(file: string, what: string): Promise<InspectedArtifact> {
  const whole = createHash("sha256");
  let sizeBytes = 0;
  const entries = new Map<string, Entry>();
  const refuse = (problem: string): never => {
    throw new CommandError(`${what} ${problem}. Export the model again, or fetch the artifact again.`);
  };

  let total = 0;
  let current: Entry | undefined;
  const begin = (entry: TarEntry) => {
    current = undefined;
    if (entry.kind === "folder") return;
    const { name } = entry;
    if (entry.kind !== "file" || !safeName.test(name))
      refuse(
        `holds ${JSON.stringify(name.slice(0, 100))}, which is a link, a special file or an unsafe path`,
      );
    if (runsCode.test(name)) refuse(`holds ${name}, a format that can run code; weights are safetensors`);
    total += entry.sizeBytes;
    if (entries.has(name)) refuse(`holds ${name} twice`);
    if (total > maxBytes || entries.size >= maxFiles)
      refuse(`unpacks to more than ${maxFiles} files or 4 GiB`);
    if (readJson.includes(name) && entry.sizeBytes > maxJsonBytes) refuse(`has a ${name} of more than 1 MiB`);
    const pieces = readJson.includes(name) ? [] : undefined;
    current = { sizeBytes: entry.sizeBytes, hash: createHash("sha256"), pieces };
    entries.set(name, current);
  };
  const data = (chunk: Buffer) => {
    current?.hash.update(chunk);
    current?.pieces?.push(Buffer.from(chunk));
  };

  const unpacked = new PassThrough();
  try {
    await Promise.all([
      pipeline(
        createReadStream(file),
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            whole.update(chunk);
            sizeBytes += chunk.length;
            yield chunk;
          }
        },
        createGunzip(),
        unpacked,
      ),
      readTar(unpacked, { begin, data, end: () => {} }),
    ]);
  } catch (error) {
    unpacked.destroy();
    if (error instanceof CommandError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR" || code === "EACCES")
      throw new CommandError(`${what} cannot be read (${code}). Name a model.tar.gz.`);
    refuse(`is no model.tar.gz that can be read (${message})`);
  }
  const fault = faultIn(entries);
  if (fault !== undefined) refuse(fault);
  const names = jsonOf(entries, "class_to_idx.json");
  const metrics = jsonOf(entries, "metrics.json") as { validation?: { accuracy?: unknown } } | undefined;
  const accuracy = metrics?.validation?.accuracy;
  return {
    digest: whole.digest("hex"),
    sizeBytes,
    classes: Object.keys(names ?? {}).length,
    validationAccuracy: typeof accuracy === "number" && accuracy >= 0 && accuracy <= 1 ? accuracy : undefined,
  };
}

function faultIn(entries: ReadonlyMap<string, Entry>): string | undefined {
  const manifest = jsonOf(entries, "manifest.json") as
    | {
        format_version?: unknown;
        files?: Record<string, { sha256?: unknown; bytes?: unknown }>;
        model?: { classes?: unknown };
      }
    | undefined;
  const { files } = manifest ?? {};
  if (manifest === undefined || typeof files !== "object" || files === null)
    return "has no manifest.json that can be read";
  if (manifest.format_version !== formatVersion)
    return `has format_version ${JSON.stringify(manifest.format_version)}, and ${formatVersion} is known`;
  const found = [...entries].filter(([name]) => name !== "manifest.json");
  const missing = Object.keys(files).find((name) => !entries.has(name));
  if (missing !== undefined) return `lacks ${missing}, which its manifest lists`;
  const unlisted = found.find(([name]) => !Object.hasOwn(files, name));
  if (unlisted !== undefined) return `holds ${unlisted[0]}, which its manifest does not list`;
  const changed = found.find(
    ([name, { sizeBytes, hash }]) =>
      files[name]?.bytes !== sizeBytes || files[name]?.sha256 !== hash.copy().digest("hex"),
  );
  if (changed !== undefined) return `holds ${changed[0]}, which is not what its manifest says`;
  const indexes = Object.values(jsonOf(entries, "class_to_idx.json") ?? {});
  if (indexes.length < 2) return "has no class_to_idx.json with two classes at least";
  if (
    new Set(indexes).size !== indexes.length ||
    !indexes.every((one) => Number.isInteger(one) && Number(one) >= 0 && Number(one) < indexes.length)
  )
    return `has a class_to_idx.json whose numbers are not 0 to ${indexes.length - 1}, each once`;
  if (manifest.model?.classes !== indexes.length)
    return `has a manifest with ${JSON.stringify(manifest.model?.classes)} classes, and a class_to_idx.json with ${indexes.length}`;
  return undefined;
}

function jsonOf(entries: ReadonlyMap<string, Entry>, name: string): Record<string, unknown> | undefined {
  const entry = entries.get(name);
  if (entry?.pieces === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.concat(entry.pieces).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // What is not JSON is told as a file that is missing.
    return undefined;
  }
}

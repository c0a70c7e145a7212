import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** A file that is to lie in a bucket. */
export interface UploadItem {
  readonly file: string;
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Sizes in bytes; tests use small ones. */
export interface UploadSizes {
  /** Larger files go in parts, so that a lost connection does not cost the whole of one. */
  readonly multipartAbove: number;
  /** S3 takes parts from 5 MiB on, and at most 10000: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
  readonly part: number;
}

const MiB = 1024 * 1024;

export const uploadSizes: UploadSizes = { multipartAbove: 64 * MiB, part: 16 * MiB };

const mostParts = 10_000;

/** One part of a file: where it starts, how long it is, and its checksum as S3 writes it. */
export interface UploadPart {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  readonly bytes: number;
  /** SHA-256 in base64. */
  readonly checksum: string;
}

/** A file as S3 will know it. */
export interface UploadPlan {
  /** None for a file that goes whole. */
  readonly parts: readonly UploadPart[];
  /** SHA-256 in base64; of parts the digest of their digests, with their number behind it. */
  readonly checksum: string;
}

/** Bytes of each part of a file of this size. */
export function partBytes(bytes: number, { part }: UploadSizes): number {
  return Math.max(part, Math.ceil(bytes / mostParts));
}

/**
 * How the file is sent, and the checksum that S3 then tells of it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
 */
export async function planUpload(
  { file, bytes, sha256 }: UploadItem,
  sizes: UploadSizes = uploadSizes,
): Promise<UploadPlan> {
  if (bytes <= sizes.multipartAbove) return { parts: [], checksum: base64(sha256) };
  const size = partBytes(bytes, sizes);
  const parts: UploadPart[] = [];
  const all = createHash("sha256");
  for (let start = 0; start < bytes; start += size) {
    const hash = createHash("sha256");
    const length = Math.min(size, bytes - start);
    for await (const chunk of createReadStream(file, { start, end: start + length - 1 }))
      hash.update(chunk as Buffer);
    const digest = hash.digest();
    all.update(digest);
    parts.push({ number: parts.length + 1, start, bytes: length, checksum: digest.toString("base64") });
  }
  return { parts, checksum: `${all.digest("base64")}-${parts.length}` };
}

function base64(hexadecimal: string): string {
  return Buffer.from(hexadecimal, "hex").toString("base64");
}

const contentTypes: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  txt: "text/plain; charset=utf-8",
};

export function contentTypeOf(key: string): string {
  const ending = key.slice(key.lastIndexOf(".") + 1).toLowerCase();
  return contentTypes[ending] ?? "application/octet-stream";
}

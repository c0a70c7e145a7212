import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { artifactKey } from "../../../infra/rules/naming";
import type { AwsClients } from "../aws/clients";
import { AwsFailure, asked, askedIfThere } from "../aws/errors";
import { CommandError } from "../exit-status";
import type { Promotion } from "../prune/account";
import { promotionKey } from "./history";

/** Where the bytes lie that are to be stored. */
export type StoredFrom =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "object"; readonly bucket: string; readonly key: string; readonly etag: string };

/**
 * Puts an artifact at `models/<digest>/model.tar.gz`, within S3 where it lies there already. What is there is never written over,
 * and what is stored has been compared with the digest by S3 itself.
 *
 * @returns whether it had to be stored.
 * @throws CommandError where something else is there, or where the source has changed since it was read.
 */
export async function storeArtifact(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
  digest: string,
  from: StoredFrom,
): Promise<boolean> {
  if (await holdsArtifact({ s3 }, bucket, digest)) return false;
  const target = { Bucket: bucket, Key: artifactKey(digest), IfNoneMatch: "*" };
  try {
    if (from.kind === "file") {
      const body = await bodyOf(from.path);
      await asked(
        "s3:PutObject",
        () =>
          s3.send(
            new PutObjectCommand({
              ...target,
              ...body,
              ChecksumSHA256: base64(digest),
            }),
          ),
        `${bucket}/${target.Key}`,
      );
    } else {
      await copyWithin(s3, target, digest, from);
    }
  } catch (error) {
    // Somebody else has stored it in the meantime, and the same bytes if the digest holds.
    const lost =
      error instanceof AwsFailure && /^(?:PreconditionFailed|ConditionalRequestConflict)$/.test(error.code);
    if (!lost) throw error;
    if (await holdsArtifact({ s3 }, bucket, digest)) return false;
    throw new CommandError("The artifact was changed while it was read. Run the command again.");
  }
  return true;
}

/** What is larger than this is sent as a stream, which the SDK cannot send a second time. */
const mostBytesInMemory = 1024 ** 3;

async function bodyOf(path: string) {
  const { size } = statSync(path);
  const Body = size > mostBytesInMemory ? createReadStream(path) : await readFile(path);
  return { Body, ContentLength: size };
}

async function copyWithin(
  s3: AwsClients["s3"],
  target: { readonly Bucket: string; readonly Key: string; readonly IfNoneMatch: string },
  digest: string,
  { bucket, key, etag }: Extract<StoredFrom, { kind: "object" }>,
): Promise<void> {
  const { CopyObjectResult, VersionId } = await asked(
    "s3:PutObject",
    () =>
      s3.send(
        new CopyObjectCommand({
          ...target,
          CopySource: `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
          CopySourceIfMatch: etag,
          ChecksumAlgorithm: "SHA256",
          // Copying tags would need permission to read them.
          TaggingDirective: "REPLACE",
        }),
      ),
    `${target.Bucket}/${target.Key} from ${bucket}/${key}`,
  );
  const checksum = CopyObjectResult?.ChecksumSHA256;
  if (checksum === base64(digest)) return;
  // Whoever trusts the name must not find other bytes there.
  await asked(
    "s3:DeleteObjectVersion",
    () => s3.send(new DeleteObjectCommand({ Bucket: target.Bucket, Key: target.Key, VersionId })),
    target.Key,
  );
  throw new CommandError(
    `s3://${bucket}/${key} was copied as something else than was read: its SHA-256 is ${checksum ?? "unknown"} in base64. The copy is deleted again; run the command again.`,
  );
}

/**
 * Whether the artifact is there.
 *
 * @throws CommandError where something else has its name.
 */
export async function holdsArtifact(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
  digest: string,
): Promise<boolean> {
  const object = { Bucket: bucket, Key: artifactKey(digest) };
  const head = await askedIfThere(
    "s3:GetObject",
    () => s3.send(new HeadObjectCommand({ ...object, ChecksumMode: "ENABLED" })),
    `${bucket}/${object.Key}`,
  );
  if (head === undefined) return false;
  // Older tools store no checksum; that of an upload in parts is one of its parts' checksums.
  const stored = head.ChecksumType === "COMPOSITE" ? undefined : head.ChecksumSHA256;
  const found = stored ?? (await checksumOf(s3, object));
  if (found === base64(digest)) return true;
  throw new CommandError(
    `s3://${bucket}/${object.Key} holds something else than its name says: its SHA-256 is ${Buffer.from(found, "base64").toString("hex")}. Delete that object, and run the command again.`,
  );
}

function checksumOf(s3: AwsClients["s3"], object: { Bucket: string; Key: string }): Promise<string> {
  return asked(
    "s3:GetObject",
    async () => {
      const { Body } = await s3.send(new GetObjectCommand(object));
      const hash = createHash("sha256");
      for await (const chunk of Body as Readable) hash.update(chunk as Buffer);
      return hash.digest("base64");
    },
    object.Key,
  );
}

/** Where a promoted artifact came from, as the stack's file tells it. */
export interface Provenance {
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly promotedAt: string;
  readonly promotedBy: string;
  readonly validationAccuracy?: number;
}

/** What a record of the bucket's history says beside its key. */
export interface PromotionRecord {
  readonly provenance: Provenance;
  /** Digest that the stack's file had before, null where it had none. @default - unknown: older records do not say */
  readonly previousDigest?: string | null | undefined;
}

/** Adds a record to the bucket's history; returns the version of the object. */
export async function recordPromotion(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
  promotion: Promotion,
  record: PromotionRecord,
): Promise<string | undefined> {
  const key = promotionKey(promotion);
  const { VersionId } = await asked(
    "s3:PutObject",
    () =>
      s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          ContentType: "application/json",
          Body: `${JSON.stringify({ model: promotion.model, digest: promotion.digest, ...record }, undefined, 2)}\n`,
        }),
      ),
    `${bucket}/${key}`,
  );
  return VersionId;
}

/** Takes a record out of the history, for good. */
export async function removeRecord(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
  promotion: Promotion,
  versionId: string | undefined,
): Promise<void> {
  const key = promotionKey(promotion);
  await askedIfThere(
    "s3:DeleteObjectVersion",
    () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
    `${bucket}/${key}`,
  );
}

/** What a record of the history says; nothing where it is gone or malformed. */
export async function readRecord(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
  promotion: Promotion,
): Promise<PromotionRecord | undefined> {
  const key = promotionKey(promotion);
  const text = await askedIfThere(
    "s3:GetObject",
    async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body?.transformToString();
    },
    `${bucket}/${key}`,
  );
  return recordIn(text ?? "");
}

function recordIn(text: string): PromotionRecord | undefined {
  try {
    const { provenance, previousDigest } = JSON.parse(text) as {
      provenance?: Partial<Record<keyof Provenance, unknown>>;
      previousDigest?: unknown;
    };
    const { source, promotedAt, promotedBy, validationAccuracy } = provenance ?? {};
    if (typeof source !== "string" || typeof promotedAt !== "string" || typeof promotedBy !== "string")
      return undefined;
    return {
      provenance: {
        source,
        promotedAt,
        promotedBy,
        ...(typeof validationAccuracy === "number" ? { validationAccuracy } : {}),
      },
      previousDigest:
        previousDigest === null || typeof previousDigest === "string" ? previousDigest : undefined,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function base64(digest: string): string {
  return Buffer.from(digest, "hex").toString("base64");
}

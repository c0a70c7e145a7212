import { open } from "node:fs/promises";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { asked } from "../aws/errors";
import { type Bucket, changed, checksumOf, confirm, put } from "./put-checked";
import { contentTypeOf, type UploadItem, type UploadPart, type UploadPlan } from "./upload-item";

/**
 * Puts a file in parts, and goes on with an upload that was begun and not ended.
 *
 * @returns the bytes that were sent.
 */
export async function putParts(
  { client, name }: Bucket,
  { file, key }: UploadItem,
  plan: UploadPlan,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const at = { Bucket: name, Key: key };
  const begun = await unfinished({ client, name }, key);
  const UploadId =
    begun?.id ??
    (
      await asked(
        "s3:PutObject",
        () =>
          client.send(
            new CreateMultipartUploadCommand({
              ...at,
              ContentType: contentTypeOf(key),
              ChecksumAlgorithm: "SHA256",
              ChecksumType: "COMPOSITE",
            }),
          ),
        `${name}/${key}`,
      )
    ).UploadId;
  if (UploadId === undefined) throw new Error(`S3 gave no id for the upload of ${key}.`);
  const done: { PartNumber: number; ETag: string; ChecksumSHA256: string }[] = [];
  let sent = 0;
  const handle = await open(file, "r");
  try {
    for (const part of plan.parts) {
      const there = begun?.parts.get(part.number);
      if (there !== undefined && there.checksum === part.checksum && there.bytes === part.bytes) {
        done.push({ PartNumber: part.number, ETag: there.etag, ChecksumSHA256: part.checksum });
        onBytes(part.bytes);
        continue;
      }
      const body = await bytesOf(handle, part, file);
      const { ETag = "", ChecksumSHA256 } = await put(file, key, name, () =>
        client.send(
          new UploadPartCommand({
            ...at,
            UploadId,
            PartNumber: part.number,
            Body: body,
            ChecksumAlgorithm: "SHA256",
            ChecksumSHA256: part.checksum,
          }),
        ),
      );
      confirm(ChecksumSHA256, part.checksum, key);
      done.push({ PartNumber: part.number, ETag, ChecksumSHA256: part.checksum });
      sent += part.bytes;
      onBytes(part.bytes);
    }
  } finally {
    await handle.close();
  }
  const { ChecksumSHA256 } = await asked(
    "s3:PutObject",
    () =>
      client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: done } })),
    `${name}/${key}`,
  );
  confirm(ChecksumSHA256 ?? (await checksumOf({ client, name }, key)), plan.checksum, key);
  return sent;
}

interface Begun {
  readonly id: string;
  readonly parts: ReadonlyMap<
    number,
    { readonly etag: string; readonly bytes: number; readonly checksum: string }
  >;
}

/** Where the next page of a listing begins. */
interface Markers {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

/** The newest upload of the key that was begun and not ended; parts that do not fit are sent again. */
async function unfinished({ client, name }: Bucket, key: string): Promise<Begun | undefined> {
  const found: { id: string; at: number }[] = [];
  let after: Markers | undefined = {};
  while (after !== undefined) {
    const from: Markers = after;
    const page: ListMultipartUploadsCommandOutput = await asked(
      "s3:ListBucketMultipartUploads",
      () => client.send(new ListMultipartUploadsCommand({ Bucket: name, Prefix: key, ...from })),
      name,
    );
    for (const { Key, UploadId, Initiated, ChecksumAlgorithm } of page.Uploads ?? [])
      if (Key === key && UploadId !== undefined && ChecksumAlgorithm === "SHA256")
        found.push({ id: UploadId, at: Initiated?.getTime() ?? 0 });
    after =
      page.IsTruncated === true
        ? {
            ...(page.NextKeyMarker === undefined ? {} : { KeyMarker: page.NextKeyMarker }),
            ...(page.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: page.NextUploadIdMarker }),
          }
        : undefined;
  }
  const newest = found.sort((a, b) => b.at - a.at)[0];
  if (newest === undefined) return undefined;
  const parts = new Map<number, { etag: string; bytes: number; checksum: string }>();
  let marker: string | undefined;
  do {
    const page = await asked(
      "s3:ListMultipartUploadParts",
      () =>
        client.send(
          new ListPartsCommand({
            Bucket: name,
            Key: key,
            UploadId: newest.id,
            ...(marker === undefined ? {} : { PartNumberMarker: marker }),
          }),
        ),
      `${name}/${key}`,
    );
    for (const { PartNumber, ETag, Size, ChecksumSHA256 } of page.Parts ?? [])
      if (PartNumber !== undefined && ETag !== undefined)
        parts.set(PartNumber, { etag: ETag, bytes: Size ?? -1, checksum: ChecksumSHA256 ?? "" });
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return { id: newest.id, parts };
}

async function bytesOf(
  handle: Awaited<ReturnType<typeof open>>,
  { start, bytes }: UploadPart,
  file: string,
): Promise<Buffer> {
  const body = Buffer.alloc(bytes);
  const { bytesRead } = await handle.read(body, 0, bytes, start);
  if (bytesRead !== bytes) throw changed(file);
  return body;
}

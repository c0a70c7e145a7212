import { readFile } from "node:fs/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { type Bucket, changed, checksumOf, confirm, isSameChecksum, put } from "./put-checked";
import { contentTypeOf, planUpload, type UploadItem, type UploadPlan, type UploadSizes } from "./upload-item";
import { putParts } from "./upload-parts";

/** What became of one file. */
export interface Uploaded {
  readonly kind: "uploaded" | "there";
  /** Bytes that were sent now; the others were there. */
  readonly sent: number;
}

/**
 * Puts a file into the bucket, unless the same content is there: S3's own SHA-256 checksum tells. S3 refuses what arrives
 * differently than it was read here. An upload in parts that was stopped goes on with the parts that are missing.
 *
 * @param mayBeThere false where a listing has shown that there is no object of this size.
 * @param onBytes called with bytes that need not be sent any more.
 * @throws AwsFailure where S3 refuses; CommandError, with status 1, where the file is no longer what was read before.
 */
export async function uploadObject(
  bucket: Bucket,
  item: UploadItem,
  {
    sizes,
    mayBeThere,
    onBytes,
  }: { readonly sizes: UploadSizes; readonly mayBeThere: boolean; readonly onBytes: (bytes: number) => void },
): Promise<Uploaded> {
  const plan = await planUpload(item, sizes);
  if (mayBeThere && isSameChecksum(await checksumOf(bucket, item.key), plan.checksum)) {
    onBytes(item.bytes);
    return { kind: "there", sent: 0 };
  }
  if (plan.parts.length === 0) {
    await putWhole(bucket, item, plan);
    onBytes(item.bytes);
    return { kind: "uploaded", sent: item.bytes };
  }
  return { kind: "uploaded", sent: await putParts(bucket, item, plan, onBytes) };
}

async function putWhole(
  { client, name }: Bucket,
  { file, key, bytes }: UploadItem,
  plan: UploadPlan,
): Promise<void> {
  const body = await readFile(file);
  if (body.length !== bytes) throw changed(file);
  const { ChecksumSHA256 } = await put(file, key, name, () =>
    client.send(
      new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: body,
        ContentType: contentTypeOf(key),
        ChecksumAlgorithm: "SHA256",
        ChecksumSHA256: plan.checksum,
      }),
    ),
  );
  confirm(ChecksumSHA256, plan.checksum, key);
}

import { createHash } from "node:crypto";
import { DeleteObjectsCommand, PutObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { asked } from "../aws/errors";
import { CommandError } from "../exit-status";
import { mapConcurrently } from "./hash-images";
import type { Manifest } from "./manifest";
import type { Bucket } from "./put-checked";
import { sourceStatus } from "./source-status";
import { contentTypeOf, type UploadItem, type UploadSizes, uploadSizes } from "./upload-item";
import { uploadObject } from "./upload-object";

export interface DataSetUpload {
  readonly bucket: Bucket;
  /** Where train, valid and test go; ends in a slash. */
  readonly prefix: string;
  readonly items: readonly UploadItem[];
  readonly manifest: Manifest;
  /** Files that are on their way together. */
  readonly concurrency: number;
  /** Whether what lies under the prefix and is not in the data set is deleted. */
  readonly deleteOthers: boolean;
  readonly onProgress: (sentBytes: number, allBytes: number, doneFiles: number) => void;
  /** @default - 64 MiB and 16 MiB */
  readonly sizes?: UploadSizes;
}

export interface DataSetUploaded {
  readonly uploaded: number;
  readonly there: number;
  readonly sentBytes: number;
  /** Keys that were deleted. */
  readonly deleted: readonly string[];
}

/** Name of the manifest beside the splits; training passes over it. */
export const manifestName = "manifest.txt";

/**
 * Brings everything under the prefix into the state that the manifest tells, and puts the manifest there last: where it lies,
 * everything in it lies too.
 *
 * @throws AwsFailure where S3 refuses; CommandError, with status 1, where other images lie under the prefix, before anything is
 * sent: jobs would train on them.
 */
export async function uploadDataSet({
  bucket,
  prefix,
  items,
  manifest,
  concurrency,
  deleteOthers,
  onProgress,
  sizes = uploadSizes,
}: DataSetUpload): Promise<DataSetUploaded> {
  const there = await listed(bucket, prefix);
  const wanted = new Set([...items.map(({ key }) => key), `${prefix}${manifestName}`]);
  const others = [...there.keys()].filter((key) => !wanted.has(key));
  if (others.length > 0 && !deleteOthers) throw othersThere(bucket, prefix, others);

  const allBytes = items.reduce((sum, { bytes }) => sum + bytes, 0);
  let sentBytes = 0;
  let doneFiles = 0;
  const results = await mapConcurrently(items, concurrency, async (item) => {
    const result = await uploadObject(bucket, item, {
      sizes,
      mayBeThere: there.get(item.key) === item.bytes,
      onBytes: (bytes) => {
        sentBytes += bytes;
        onProgress(sentBytes, allBytes, doneFiles);
      },
    });
    doneFiles += 1;
    onProgress(sentBytes, allBytes, doneFiles);
    return result;
  });
  await deleteKeys(bucket, others);
  await putManifest(bucket, `${prefix}${manifestName}`, manifest);
  return {
    uploaded: results.filter(({ kind }) => kind === "uploaded").length,
    there: results.filter(({ kind }) => kind === "there").length,
    sentBytes: results.reduce((sum, { sent }) => sum + sent, 0),
    deleted: others,
  };
}

/** Sizes by key. */
export async function listed({ client, name }: Bucket, prefix: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  await asked(
    "s3:ListBucket",
    async () => {
      // Consoles make an empty object for a folder.
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: name, Prefix: prefix },
      ))
        for (const { Key, Size } of Contents)
          if (Key !== undefined && !(Key.endsWith("/") && Size === 0)) sizes.set(Key, Size ?? -1);
    },
    name,
  );
  return sizes;
}

function othersThere({ name }: Bucket, prefix: string, others: readonly string[]): CommandError {
  const shown = others.slice(0, 3).map((key) => key.slice(prefix.length));
  const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
  return new CommandError(
    `Under s3://${name}/${prefix} lie ${others.length} objects that are not in the data set, and jobs would train on them: ${shown.join(", ")}${more}. ` +
      "Nothing was sent. Give --delete to delete them, or another --prefix.",
    sourceStatus.refused,
  );
}

/** Most keys of one request: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const deletedTogether = 1000;

async function deleteKeys({ client, name }: Bucket, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += deletedTogether) {
    const Objects = keys.slice(start, start + deletedTogether).map((Key) => ({ Key }));
    const { Errors = [] } = await asked(
      "s3:DeleteObject",
      () => client.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } })),
      name,
    );
    const [first] = Errors;
    if (first !== undefined)
      throw new CommandError(
        `${Errors.length} objects could not be deleted, such as ${first.Key} (${first.Code}). Allow s3:DeleteObject, or delete them yourself.`,
        sourceStatus.unreachable,
      );
  }
}

async function putManifest({ client, name }: Bucket, key: string, { text }: Manifest): Promise<void> {
  await asked(
    "s3:PutObject",
    () =>
      client.send(
        new PutObjectCommand({
          Bucket: name,
          Key: key,
          Body: text,
          ContentType: contentTypeOf(key),
          ChecksumAlgorithm: "SHA256",
          ChecksumSHA256: createHash("sha256").update(text).digest("base64"),
        }),
      ),
    `${name}/${key}`,
  );
}

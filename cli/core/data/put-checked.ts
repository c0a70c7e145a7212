import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { asked, askedIfThere } from "../aws/errors";
import { CommandError } from "../exit-status";
import { sourceStatus } from "./source-status";

export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

/** The SHA-256 checksum that S3 has of an object; none where there is no object, or it was put without one. */
export async function checksumOf({ client, name }: Bucket, key: string): Promise<string | undefined> {
  const head = await askedIfThere(
    "s3:GetObject",
    () => client.send(new HeadObjectCommand({ Bucket: name, Key: key, ChecksumMode: "ENABLED" })),
    `${name}/${key}`,
  );
  return head?.ChecksumSHA256;
}

/** Emulators leave out the number of parts behind a digest of digests; the digest alone tells which parts they are. */
export function isSameChecksum(told: string | undefined, wanted: string): boolean {
  return told?.replace(/-\d+$/, "") === wanted.replace(/-\d+$/, "");
}

/** S3 compares what arrives with the checksum; where they differ, the file has changed since it was read. */
export async function put<T>(file: string, key: string, name: string, call: () => Promise<T>): Promise<T> {
  return asked(
    "s3:PutObject",
    async () => {
      try {
        return await call();
      } catch (error) {
        if (/^(?:BadDigest|XAmzContentChecksumMismatch|InvalidChecksum)$/.test((error as Error).name))
          throw changed(file);
        throw error;
      }
    },
    `${name}/${key}`,
  );
}

/** @throws CommandError where S3 has taken in something else than was sent. */
export function confirm(told: string | undefined, wanted: string, key: string): void {
  if (isSameChecksum(told, wanted)) return;
  throw new CommandError(
    `S3 tells the checksum ${told ?? "none"} of ${key}, and ${wanted} was sent. Run it again; what is right is not sent again.`,
    sourceStatus.refused,
  );
}

export function changed(file: string): CommandError {
  return new CommandError(
    `${file} has changed since it was read. Run it again when nothing writes into the folder.`,
    sourceStatus.refused,
  );
}

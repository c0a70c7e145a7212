import { outputPrefixes } from "../rules/naming";
import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Keeps checkpoints: saves, restores and removes superseded ones.
 *
 * Needed by spot training jobs, for which SageMaker syncs `/opt/ml/checkpoints` both ways with the role, and by the
 * training box. Without it an interrupted job starts over, or does not start at all.
 */
export function keepCheckpoints(place: Place, outputBucketName: string): Statement[] {
  const keys = `${outputPrefixes.checkpoints}*`;
  return [
    allow(
      "KeepCheckpoints",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      [bucketArn(place, outputBucketName, keys)],
    ),
    allow("ListCheckpoints", ["s3:ListBucket"], [bucketArn(place, outputBucketName)], {
      StringLike: { "s3:prefix": keys },
    }),
  ];
}

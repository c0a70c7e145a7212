import { outputPrefixes } from "../rules/naming";
import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Keeps the files of people who work in the notebook, below `notebook/`.
 *
 * Needed by the notebook: its volume goes with the instance, and this prefix is the only place it may write to.
 */
export function keepNotebookFiles(place: Place, outputBucketName: string): Statement[] {
  const keys = `${outputPrefixes.notebook}*`;
  return [
    allow(
      "KeepNotebookFiles",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      [bucketArn(place, outputBucketName, keys)],
    ),
    allow("ListNotebookFiles", ["s3:ListBucket"], [bucketArn(place, outputBucketName)], {
      StringLike: { "s3:prefix": keys },
    }),
  ];
}

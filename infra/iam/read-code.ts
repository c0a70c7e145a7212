import { outputPrefixes } from "../rules/naming";
import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Reads the training package that the deployment uploaded.
 *
 * Needed by training jobs, whose `code` channel lists the prefix like any other, and by the training box. Without it
 * there is no program to start.
 */
export function readCode(place: Place, outputBucketName: string): Statement[] {
  const keys = `${outputPrefixes.code}*`;
  return [
    allow("ListCode", ["s3:ListBucket"], [bucketArn(place, outputBucketName)], {
      StringLike: { "s3:prefix": keys },
    }),
    allow("ReadCode", ["s3:GetObject"], [bucketArn(place, outputBucketName, keys)]),
  ];
}

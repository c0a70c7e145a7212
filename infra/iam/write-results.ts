import { outputPrefixes } from "../rules/naming";
import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/** S3 keeps, and bills, the parts of an upload that failed half-way unless its writer may abort it. */
const uploadActions = ["s3:PutObject", "s3:AbortMultipartUpload"];

/**
 * Writes `model.tar.gz` and `output.tar.gz` of training and tuning jobs.
 *
 * Needed by the training role. Without it a job trains to the end and then fails in its upload. There is no reading:
 * promotion reads results with the credentials of whoever promotes.
 */
export function writeJobResults(place: Place, outputBucketName: string): Statement[] {
  return [
    allow("WriteJobResults", uploadActions, [bucketArn(place, outputBucketName, `${outputPrefixes.jobs}*`)]),
  ];
}

/**
 * The same for the training box, in a prefix of its own, so that what a person ran on the box never passes for the
 * result of a job.
 */
export function writeBoxResults(place: Place, outputBucketName: string): Statement[] {
  return [
    allow("WriteBoxResults", uploadActions, [bucketArn(place, outputBucketName, `${outputPrefixes.box}*`)]),
  ];
}

import { outputPrefixes } from "../rules/naming";
import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Writes the data capture of one endpoint below `capture/<endpoint>/`.
 *
 * Needed by serving with capture on. Without it requests are answered and nothing is captured.
 */
export function writeCapture(place: Place, outputBucketName: string, endpointName: string): Statement[] {
  return [
    allow(
      "WriteCapture",
      ["s3:PutObject"],
      [bucketArn(place, outputBucketName, `${outputPrefixes.capture}${endpointName}/*`)],
    ),
  ];
}

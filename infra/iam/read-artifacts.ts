import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Reads promoted artifacts, whichever digest: a rollback serves an earlier one with the same role.
 *
 * Needed by serving. Without it the endpoint fails with "Could not access model data". There is no listing, since an
 * artifact is one compressed object, and no writing: only promotion writes models.
 */
export function readArtifacts(place: Place, modelsBucketName: string): Statement[] {
  return [allow("ReadArtifacts", ["s3:GetObject"], [bucketArn(place, modelsBucketName, "models/*")])];
}

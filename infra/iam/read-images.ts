import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Reads the objects of certain buckets.
 *
 * Needed by the endpoint's function, for requests that name an image in S3. A bucket of another account has to let the role in as well.
 *
 * @param bucketNames none gives no statement.
 */
export function readImages(place: Place, bucketNames: readonly string[]): Statement[] {
  return bucketNames.length === 0
    ? []
    : [
        allow(
          "ReadImages",
          ["s3:GetObject"],
          bucketNames.map((name) => bucketArn(place, name, "*")),
        ),
      ];
}

import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

export interface DataLocation {
  readonly bucketName: string;
  /** Image folders; ends in a slash. */
  readonly prefix: string;
  /** Backbone weights; ends in a slash. */
  readonly pretrainedPrefix: string;
}

/**
 * Reads the images and the pretrained weights.
 *
 * Needed by training jobs, the training box and the notebook. Without the listing, a File mode channel fails before
 * training starts, as SageMaker expands the prefix with the role (SageMaker Developer Guide, CreateTrainingJob
 * execution role permissions).
 */
export function readData(place: Place, { bucketName, prefix, pretrainedPrefix }: DataLocation): Statement[] {
  const keys = [`${prefix}*`, `${pretrainedPrefix}*`];
  return [
    allow("ListData", ["s3:ListBucket"], [bucketArn(place, bucketName)], {
      StringLike: { "s3:prefix": keys },
    }),
    allow(
      "ReadData",
      ["s3:GetObject"],
      keys.map((key) => bucketArn(place, bucketName, key)),
    ),
  ];
}

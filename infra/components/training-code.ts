import { BucketObjectv2 } from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { codeKey } from "../rules/training-spec";
import { packTrainingCode, type TrainingArchive } from "../training-code";
import type { DataStore } from "./data-store";

export interface TrainingCodeArgs {
  readonly dataStore: DataStore;
  /** Folder of the training package. @default - the project's own, `training/` */
  readonly folder?: string | undefined;
}

/** The training package in the output bucket, under its digest: what a job ran can always be found again. */
export class TrainingCode extends pulumi.ComponentResource {
  /** SHA-256 of the package. */
  readonly digest: string;
  /** The uploaded object; jobs wait for it. */
  readonly object: BucketObjectv2;

  constructor(name: string, args: TrainingCodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:training:TrainingCode", name, {}, opts);

    const { digest, archive } = args.folder === undefined ? ownArchive() : packTrainingCode(args.folder);
    this.digest = digest;
    this.object = new BucketObjectv2(
      name,
      {
        bucket: args.dataStore.outputBucketName,
        key: codeKey(digest),
        contentBase64: archive.toString("base64"),
        contentType: "application/gzip",
      },
      {
        parent: this,
        dependsOn: [...args.dataStore.settled],
        // The key is the digest of the content, and compression may differ between machines.
        ignoreChanges: ["contentBase64"],
        // Earlier versions stay: a job that waits for capacity, or retries, still needs its own.
        retainOnDelete: true,
      },
    );
    this.registerOutputs({ digest: this.digest });
  }
}

let packed: TrainingArchive | undefined;

/** Packed once per process, however often the program runs in it. */
function ownArchive(): TrainingArchive {
  packed ??= packTrainingCode();
  return packed;
}

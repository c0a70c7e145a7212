import { createWriteStream, existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeHyperParameterTuningJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
} from "@aws-sdk/client-sagemaker";
import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { asked, askedIfThere } from "../aws/errors";
import { CommandError } from "../exit-status";
import { boxRunOf, findBoxRun } from "./box-runs";

/** An artifact in S3. */
export interface ObjectSource {
  readonly kind: "object";
  readonly title: string;
  readonly bucket: string;
  readonly key: string;
  /** What the job measured on the validation images, where it is a job. */
  readonly validationAccuracy?: number | undefined;
}

/** Where an artifact comes from. */
export type ArtifactSource =
  | { readonly kind: "file"; readonly title: string; readonly path: string }
  | ObjectSource;

/**
 * What `--from` names: a file, `s3://bucket/key`, a run of the training box, or a training or tuning job by its name in the stack's
 * file or in SageMaker. Of a tuning job it is the best trial. `box` is a job where the stack's file has one of that name.
 *
 * @throws CommandError where there is no such thing, or where the job is not completed.
 */
export async function findSource(
  { sagemaker, s3 }: Pick<AwsClients, "sagemaker" | "s3">,
  from: string,
  { jobs, buckets }: Pick<Contract, "jobs" | "buckets">,
): Promise<ArtifactSource> {
  const object = objectOf(from);
  if (object !== undefined) return { kind: "object", title: from, ...object };
  const run = boxRunOf(from);
  if (run !== undefined && !Object.hasOwn(jobs, from)) return findBoxRun({ s3 }, buckets.output, run);
  if (existsSync(from)) return { kind: "file", title: `file ${from.split(/[\\/]/).at(-1)}`, path: from };
  if (/[\\/]|\.gz$/.test(from))
    throw new CommandError(
      `--from ${from} does not exist. Name a model.tar.gz, s3://bucket/key, box, or a job.`,
    );

  const jobName = (Object.hasOwn(jobs, from) ? jobs[from]?.jobName : undefined) ?? from;
  const job = (await trainingJob(sagemaker, jobName)) ?? (await bestTrial(sagemaker, jobName));
  if (job === undefined)
    throw new CommandError(
      `--from ${from}: there is no such file, and no training or tuning job ${jobName} in this account and region. Jobs of the stack: ${Object.keys(jobs).join(", ") || "none"}.`,
    );
  return completed(job);
}

/** Writes the object to a file; returns the tag that tells whether it has changed since. */
export async function download(
  { s3 }: Pick<AwsClients, "s3">,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  file: string,
): Promise<string> {
  return asked(
    "s3:GetObject",
    async () => {
      const { Body, ETag = "" } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      await pipeline(Body as Readable, createWriteStream(file));
      return ETag;
    },
    `${bucket}/${key}`,
  );
}

function trainingJob(
  sagemaker: AwsClients["sagemaker"],
  jobName: string,
): Promise<DescribeTrainingJobCommandOutput | undefined> {
  return askedIfThere(
    "sagemaker:DescribeTrainingJob",
    () => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName })),
    jobName,
  );
}

async function bestTrial(
  sagemaker: AwsClients["sagemaker"],
  jobName: string,
): Promise<DescribeTrainingJobCommandOutput | undefined> {
  // Longer names are training jobs only, and the call refuses them.
  if (jobName.length > 32) return undefined;
  const tuning = await askedIfThere(
    "sagemaker:DescribeHyperParameterTuningJob",
    () =>
      sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: jobName })),
    jobName,
  );
  if (tuning === undefined) return undefined;
  const { HyperParameterTuningJobStatus: status, BestTrainingJob } = tuning;
  if (status !== "Completed")
    throw new CommandError(`The tuning job ${jobName} is ${status}. Wait until it is Completed.`);
  if (BestTrainingJob?.TrainingJobName === undefined)
    throw new CommandError(`The tuning job ${jobName} has no best trial: none has reported its objective.`);
  return trainingJob(sagemaker, BestTrainingJob.TrainingJobName);
}

/** Only Completed is success: a job that was stopped has an artifact too, of weights that nobody measured to the end. */
function completed(job: DescribeTrainingJobCommandOutput): ArtifactSource {
  const {
    TrainingJobName = "",
    TrainingJobStatus,
    FailureReason,
    ModelArtifacts,
    FinalMetricDataList = [],
  } = job;
  if (TrainingJobStatus !== "Completed")
    throw new CommandError(
      `The training job ${TrainingJobName} is ${TrainingJobStatus}${FailureReason === undefined ? "" : ` (${FailureReason})`}; only a Completed one can be promoted. \`npx sagemaker-ops train status\` shows the jobs of the stack, and why one failed.`,
    );
  const object = objectOf(ModelArtifacts?.S3ModelArtifacts ?? "");
  if (object === undefined)
    throw new CommandError(`The training job ${TrainingJobName} has no artifact. Look at its log.`);
  const accuracy = FinalMetricDataList.find(({ MetricName }) => MetricName === "validation:accuracy")?.Value;
  return { kind: "object", title: `job ${TrainingJobName}`, ...object, validationAccuracy: accuracy };
}

function objectOf(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

import { findInstanceType } from "../../policy/catalog/instance-types";
import type { JobConfig, StackConfig, TuningConfig } from "../config/schema/stack";
import { type ImageConfig, imageUri, usesGpu } from "./images";
import { metricDefinitions } from "./metrics";
import { outputPrefixes } from "./naming";
import type { Place } from "./place";

/** Entry point of the training package, at the root of its folder. */
export const trainingProgram = "train.py";
/** Name of the packed training package, below `code/<digest>/` in the output bucket and in the `code` channel. */
export const codeArchiveName = "sourcedir.tar.gz";
/** Where SageMaker syncs checkpoints from; the training program's default. */
export const checkpointPath = "/opt/ml/checkpoints";

export interface TrainingInputs {
  readonly place: Place;
  readonly image: ImageConfig;
  readonly data: Pick<StackConfig["storage"]["data"], "prefix" | "pretrainedPrefix">;
  /** SHA-256 of the data set's manifest; in the spec, so that other data make another job. */
  readonly manifestDigest: string;
  /** SHA-256 of the training package. */
  readonly codeDigest: string;
}

/** An input channel, before the bucket's name is known. */
export type Channel = {
  readonly channelName: string;
  readonly bucket: "data" | "output";
  readonly prefix: string;
  readonly inputMode: string;
};

/**
 * Everything that makes a training job the job it is, whatever buckets, roles and networks it is placed in. Two equal
 * specs are the same job: its name is their digest.
 */
export type TrainingSpec = {
  readonly manifestDigest: string;
  readonly trainingImage: string;
  readonly metricDefinitions: readonly { readonly name: string; readonly regex: string }[];
  readonly hyperParameters: Readonly<Record<string, string>>;
  readonly resourceConfig: {
    readonly instanceType: string;
    readonly instanceCount: number;
    readonly volumeSizeInGb: number;
  };
  readonly volumeEncryption: "service" | "kms";
  readonly stoppingCondition: {
    readonly maxRuntimeInSeconds: number;
    readonly maxWaitTimeInSeconds?: number;
  };
  readonly maximumRetryAttempts: number;
  readonly enableManagedSpotTraining: boolean;
  readonly enableInterContainerTrafficEncryption: boolean;
  /** Whether the instance has a GPU whose use is worth a record. */
  readonly profiles: boolean;
  readonly channels: readonly Channel[];
};

/** S3 key of a packed training package. */
export function codeKey(codeDigest: string): string {
  return `${outputPrefixes.code}${codeDigest}/${codeArchiveName}`;
}

export function trainingJobSpec(job: JobConfig, inputs: TrainingInputs): TrainingSpec {
  const { batchSize, learningRate, ...rest } = job.hyperparameters;
  return spec("training", job, inputs, job.inputMode, {
    ...sharedHyperParameters(rest),
    batch_size: String(batchSize),
    learning_rate: String(learningRate),
  });
}

/** The part of a tuning job that every trial shares; see `tuningSearch` for what differs. */
export function trialSpec(tuning: TuningConfig, inputs: TrainingInputs): TrainingSpec {
  const [batchSize, ...others] = tuning.batchSizes;
  return spec("tuning", tuning, inputs, "File", {
    ...sharedHyperParameters(tuning.hyperparameters),
    // One size is nothing to search.
    ...(others.length === 0 ? { batch_size: String(batchSize) } : {}),
  });
}

function spec(
  use: "training" | "tuning",
  job: Omit<TuningConfig, "hyperparameters"> | Omit<JobConfig, "hyperparameters">,
  { place, image, data, manifestDigest, codeDigest }: TrainingInputs,
  inputMode: string,
  hyperParameters: Readonly<Record<string, string>>,
): TrainingSpec {
  const { instanceType, instanceCount, market } = job;
  const gpu = usesGpu(use, instanceType);
  const distributed = instanceCount > 1 || (findInstanceType(use, instanceType)?.gpus?.count ?? 1) > 1;
  return {
    manifestDigest,
    trainingImage: imageUri(place, image, gpu),
    metricDefinitions,
    hyperParameters: {
      ...hyperParameters,
      // Read by SageMaker's training toolkit. The local path is what lets a job without network find its code.
      sagemaker_program: trainingProgram,
      sagemaker_submit_directory: `/opt/ml/input/data/code/${codeArchiveName}`,
      // torchrun on all instances and GPUs; otherwise each instance would train the whole job by itself.
      ...(distributed ? { sagemaker_torch_distributed_enabled: "true" } : {}),
    },
    resourceConfig: { instanceType, instanceCount, volumeSizeInGb: job.volumeSizeGiB },
    volumeEncryption: job.volumeEncryption,
    stoppingCondition: {
      maxRuntimeInSeconds: job.maxRuntimeMinutes * 60,
      ...(market.kind === "spot" ? { maxWaitTimeInSeconds: market.maxWaitMinutes * 60 } : {}),
    },
    maximumRetryAttempts: job.retryAttempts,
    enableManagedSpotTraining: market.kind === "spot",
    enableInterContainerTrafficEncryption: instanceCount > 1,
    profiles: gpu,
    channels: [
      { channelName: "training", bucket: "data", prefix: data.prefix, inputMode },
      { channelName: "pretrained", bucket: "data", prefix: data.pretrainedPrefix, inputMode: "File" },
      {
        channelName: "code",
        bucket: "output",
        prefix: `${outputPrefixes.code}${codeDigest}/`,
        inputMode: "File",
      },
    ],
  };
}

/** The command line's names; SageMaker passes every value as text. */
function sharedHyperParameters({
  fineTune,
  epochs,
  patience,
  seed,
}: TuningConfig["hyperparameters"]): Record<string, string> {
  return {
    fine_tune: fineTune,
    epochs: String(epochs),
    patience: String(patience),
    seed: String(seed),
  };
}

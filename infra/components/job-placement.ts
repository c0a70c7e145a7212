import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { outputPrefixes } from "../rules/naming";
import { checkpointPath, type TrainingSpec } from "../rules/training-spec";
import type { StackContext } from "./context";
import type { DataStore } from "./data-store";
import type { Network } from "./network";
import type { TrainingCode } from "./training-code";
import type { TrainingRole } from "./training-role";

/** Where a job runs and what it may touch; none of it makes the job another job. */
export interface JobPlacement {
  readonly dataStore: DataStore;
  readonly role: TrainingRole;
  readonly code: TrainingCode;
  /** Network to run in. @default - AWS-managed networking */
  readonly network?: Network | undefined;
}

/** What a training job and a tuning job are declared with alike. */
export interface DeclaredJob extends JobPlacement {
  readonly context: StackContext;
  /** Name in the configuration; the beginning of the physical name. */
  readonly jobKey: string;
  readonly config: Pick<StackConfig, "storage" | "images">;
  /** SHA-256 of the data set's manifest, or a stand-in where the job is not due yet. */
  readonly manifestDigest: string;
}

/** The inputs that a training job and the trials of a tuning job have in common, by the provider's names. */
export function placedJob(spec: TrainingSpec, jobName: string, placement: JobPlacement) {
  const { dataStore, role, network } = placement;
  const bucketNames = { data: dataStore.dataBucketName, output: dataStore.outputBucketName };
  const s3Uri = (bucket: "data" | "output", prefix: string) =>
    pulumi.interpolate`s3://${bucketNames[bucket]}/${prefix}`;
  return {
    roleArn: role.arn,
    // No container reaches anything but its peers: code, data and weights come in channels.
    enableNetworkIsolation: true,
    enableInterContainerTrafficEncryption: spec.enableInterContainerTrafficEncryption,
    enableManagedSpotTraining: spec.enableManagedSpotTraining,
    inputDataConfigs: spec.channels.map(({ channelName, bucket, prefix, inputMode }) => ({
      channelName,
      inputMode,
      dataSource: {
        s3DataSource: {
          s3DataType: "S3Prefix",
          s3Uri: s3Uri(bucket, prefix),
          // Every instance sees all images; the sampler shares them. Sharding by key would deal out whole breeds.
          s3DataDistributionType: "FullyReplicated",
        },
      },
    })),
    outputDataConfig: {
      s3OutputPath: s3Uri("output", outputPrefixes.jobs),
      ...(dataStore.keyArn === undefined ? {} : { kmsKeyId: dataStore.keyArn }),
    },
    resourceConfig: {
      ...spec.resourceConfig,
      ...(spec.volumeEncryption === "kms" && dataStore.keyArn !== undefined
        ? { volumeKmsKeyId: dataStore.keyArn }
        : {}),
    },
    stoppingCondition: spec.stoppingCondition,
    ...(spec.enableManagedSpotTraining
      ? {
          checkpointConfig: {
            localPath: checkpointPath,
            s3Uri: s3Uri("output", `${outputPrefixes.checkpoints}${jobName}/`),
          },
        }
      : {}),
    ...(network === undefined
      ? {}
      : { vpcConfig: { subnets: network.subnetIds, securityGroupIds: [network.securityGroupId] } }),
  };
}

/** What has to be there before a job starts: it runs, and bills, from the moment it is created. */
export function jobDependencies({ dataStore, role, code, network }: JobPlacement): pulumi.Resource[] {
  return [role.policy, code.object, ...dataStore.settled, ...(network?.settled ?? [])];
}

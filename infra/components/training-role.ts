import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { trainingRole } from "../iam/roles";
import { jobNamePrefix } from "../rules/job-name";
import type { StackContext } from "./context";
import type { DataStore } from "./data-store";
import type { Network } from "./network";
import { ServiceRole } from "./service-role";

export interface TrainingRoleArgs {
  readonly context: StackContext;
  /** The configuration's sections; every job and tuning job shares this role. */
  readonly config: Pick<StackConfig, "storage" | "images" | "jobs" | "tuning">;
  readonly dataStore: DataStore;
  /** Network that the jobs run in. @default - AWS-managed networking */
  readonly network?: Network | undefined;
}

/** The one role of training and tuning jobs: reads data and code, writes results and checkpoints. */
export class TrainingRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** What a job waits for: SageMaker checks the permissions while it creates the job. */
  readonly policy: pulumi.Resource;

  constructor(name: string, args: TrainingRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:training:TrainingRole", name, {}, opts);

    const { context, config, dataStore, network } = args;
    const { naming, place } = context;
    const encryptsVolumes = [...Object.values(config.jobs), ...Object.values(config.tuning)].some(
      ({ volumeEncryption }) => volumeEncryption === "kms",
    );
    const policies = pulumi
      .all([
        dataStore.dataBucketName,
        dataStore.outputBucketName,
        dataStore.keyArn,
        network?.subnetIds,
        network?.securityGroupId,
      ])
      .apply(([dataBucketName, outputBucketName, keyArn, subnetIds, securityGroupId]) =>
        trainingRole({
          place,
          data: { ...config.storage.data, bucketName: dataBucketName },
          outputBucketName,
          image: config.images.training,
          jobNamePrefix: jobNamePrefix(naming),
          keyArn,
          encryptsVolumes,
          network:
            subnetIds === undefined || securityGroupId === undefined
              ? undefined
              : { subnetIds, securityGroupId },
        }),
      );
    const role = new ServiceRole(
      name,
      {
        trust: policies.trust,
        permissions: policies.permissions,
        description: `Training and tuning jobs of ${naming.environment}`,
      },
      { parent: this },
    );

    this.arn = role.arn;
    this.policy = role.policy;
    this.registerOutputs({ arn: this.arn });
  }
}

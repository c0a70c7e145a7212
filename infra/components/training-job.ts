import * as sagemaker from "@pulumi/aws/sagemaker";
import * as pulumi from "@pulumi/pulumi";
import type { JobConfig } from "../config/schema/stack";
import { trainingJobName } from "../rules/job-name";
import { outputPrefixes, physicalName } from "../rules/naming";
import { trainingJobSpec } from "../rules/training-spec";
import { type DeclaredJob, jobDependencies, placedJob } from "./job-placement";

export interface TrainingJobArgs extends DeclaredJob {
  /** Its section of the configuration. A changed value starts another job. */
  readonly job: JobConfig;
}

/**
 * A SageMaker training job. Pulumi starts it and does not wait for it.
 *
 * Nothing of a job can be changed, so each distinct job is a resource of its own, named by a digest of what it
 * computes: a changed hyperparameter, image, package or data set is another job, and the former one is deleted, and
 * stopped if it still runs; what it wrote stays in the output bucket. A changed role, network or bucket is not another job: it is
 * ignored, because running, and paying for, the same training twice helps nobody.
 */
export class TrainingJob extends pulumi.ComponentResource {
  readonly jobName: string;
  readonly arn: pulumi.Output<string>;
  /** `s3://…/model.tar.gz`, there once the job is Completed. */
  readonly artifactUri: pulumi.Output<string>;

  constructor(name: string, args: TrainingJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:training:TrainingJob", name, {}, opts);

    const { naming, place } = args.context;
    const spec = trainingJobSpec(args.job, {
      place,
      image: args.config.images.training,
      data: args.config.storage.data,
      manifestDigest: args.manifestDigest,
      codeDigest: args.code.digest,
    });
    const jobName = trainingJobName(physicalName(naming, args.jobKey), spec);
    this.jobName = jobName;
    const results = pulumi.interpolate`s3://${args.dataStore.outputBucketName}/${outputPrefixes.jobs}`;

    const job = new sagemaker.TrainingJob(
      jobName,
      {
        trainingJobName: jobName,
        ...placedJob(spec, jobName, args),
        algorithmSpecification: {
          trainingImage: spec.trainingImage,
          trainingInputMode: "File",
          metricDefinitions: [...spec.metricDefinitions],
        },
        hyperParameters: spec.hyperParameters,
        retryStrategy: { maximumRetryAttempts: spec.maximumRetryAttempts },
        // CPU and GPU use every half second, to see a GPU that waits for its data. Rules and framework profiling of
        // SageMaker Debugger do not support PyTorch 2; the training program itself fails on a loss that is not finite.
        profilerConfig: spec.profiles
          ? { s3OutputPath: results, profilingIntervalInMilliseconds: 500 }
          : { disableProfiler: true },
        // Not deleteVpcEnisOnDestroy: the provider then deletes every interface in the job's security groups and subnets,
        // those of endpoints included.
      },
      {
        parent: this,
        dependsOn: jobDependencies(args),
        ignoreChanges: [
          "roleArn",
          "vpcConfig",
          "inputDataConfigs",
          "outputDataConfig",
          "checkpointConfig",
          "resourceConfig.volumeKmsKeyId",
          "profilerConfig.s3OutputPath",
        ],
      },
    );

    this.arn = job.arn;
    this.artifactUri = pulumi.interpolate`${results}${jobName}/output/model.tar.gz`;
    this.registerOutputs({ jobName: this.jobName, arn: this.arn, artifactUri: this.artifactUri });
  }
}

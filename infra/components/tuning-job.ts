import { HyperParameterTuningJob } from "@pulumi/aws/sagemaker";
import * as pulumi from "@pulumi/pulumi";
import type { TuningConfig } from "../config/schema/stack";
import { tuningJobName } from "../rules/job-name";
import { physicalName } from "../rules/naming";
import { trialSpec } from "../rules/training-spec";
import { tuningSearch } from "../rules/tuning-search";
import { type DeclaredJob, jobDependencies, placedJob } from "./job-placement";

export interface TuningJobArgs extends DeclaredJob {
  /** Its section of the configuration. A changed value starts another search. */
  readonly tuning: TuningConfig;
}

/** A SageMaker hyperparameter search. As with a training job, each distinct search is a resource of its own. */
export class TuningJob extends pulumi.ComponentResource {
  readonly jobName: string;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: TuningJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:training:TuningJob", name, {}, opts);

    const { naming, place } = args.context;
    const spec = trialSpec(args.tuning, {
      place,
      image: args.config.images.training,
      data: args.config.storage.data,
      manifestDigest: args.manifestDigest,
      codeDigest: args.code.digest,
    });
    const search = tuningSearch(args.tuning);
    const jobName = tuningJobName(physicalName(naming, args.jobKey), { spec, search });
    this.jobName = jobName;

    const job = new HyperParameterTuningJob(
      jobName,
      {
        name: jobName,
        config: search,
        trainingJobDefinition: {
          ...placedJob(spec, jobName, args),
          algorithmSpecification: {
            trainingImage: spec.trainingImage,
            trainingInputMode: "File",
            metricDefinitions: [...spec.metricDefinitions],
          },
          staticHyperParameters: spec.hyperParameters,
          retryStrategies: [{ maximumRetryAttempts: spec.maximumRetryAttempts }],
        },
      },
      {
        parent: this,
        dependsOn: jobDependencies(args),
        ignoreChanges: [
          "trainingJobDefinition.roleArn",
          "trainingJobDefinition.vpcConfig",
          "trainingJobDefinition.inputDataConfigs",
          "trainingJobDefinition.outputDataConfig",
          "trainingJobDefinition.checkpointConfig",
          "trainingJobDefinition.resourceConfig.volumeKmsKeyId",
        ],
      },
    );

    this.arn = job.arn;
    this.registerOutputs({ jobName: this.jobName, arn: this.arn });
  }
}

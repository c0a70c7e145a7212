import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import {
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListHyperParameterTuningJobsCommand,
  ListModelsCommand,
  ListTrainingJobsCommand,
} from "@aws-sdk/client-sagemaker";
import type { EmulatedServices } from "./clients";

/** What is in the emulated account, by name. */
export async function contentsOf({ s3, sagemaker, lambda, logs, cloudwatch, iam }: EmulatedServices) {
  const sorted = (names: readonly (string | undefined)[] = []) => names.map((name) => name ?? "").sort();
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  const { Endpoints } = await sagemaker.send(new ListEndpointsCommand({}));
  const { EndpointConfigs } = await sagemaker.send(new ListEndpointConfigsCommand({}));
  const { Models } = await sagemaker.send(new ListModelsCommand({}));
  const { TrainingJobSummaries } = await sagemaker.send(new ListTrainingJobsCommand({}));
  const { HyperParameterTuningJobSummaries } = await sagemaker.send(
    new ListHyperParameterTuningJobsCommand({}),
  );
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  const { Roles } = await iam.send(new ListRolesCommand({}));
  return {
    buckets: sorted(Buckets?.map(({ Name }) => Name)),
    endpoints: sorted(Endpoints?.map(({ EndpointName }) => EndpointName)),
    configurations: sorted(EndpointConfigs?.map(({ EndpointConfigName }) => EndpointConfigName)),
    models: sorted(Models?.map(({ ModelName }) => ModelName)),
    trainingJobs: sorted(TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName)),
    tuningJobs: sorted(
      HyperParameterTuningJobSummaries?.map(({ HyperParameterTuningJobName }) => HyperParameterTuningJobName),
    ),
    functions: sorted(Functions?.map(({ FunctionName }) => FunctionName)),
    logGroups: sorted(logGroups?.map(({ logGroupName }) => logGroupName)),
    alarms: sorted(MetricAlarms?.map(({ AlarmName }) => AlarmName)),
    roles: sorted(Roles?.map(({ RoleName }) => RoleName)),
  };
}

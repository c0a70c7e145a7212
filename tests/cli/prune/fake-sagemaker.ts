import type { FakeAccount, Tags } from "./fake-account";
import { type FakeRequest, type Handled, json, jsonRefusal, pageOf, Refusal } from "./fake-aws";
import { registryOperations } from "./fake-registry";

type Input = Readonly<Record<string, string>>;

const arnOf = ({ accountId }: FakeAccount, kind: string, name: string) =>
  `arn:aws:sagemaker:us-east-1:${accountId}:${kind}/${name}`;
/** Seconds since 1970, as the JSON protocols have times. */
const seconds = (date: Date) => date.getTime() / 1000;

export function answerSageMaker({ headers, body }: FakeRequest, account: FakeAccount): Handled | undefined {
  const operation = /^SageMaker\.(\w+)$/.exec(String(headers["x-amz-target"] ?? ""))?.[1];
  const answer = operation === undefined ? undefined : operations[operation];
  if (operation === undefined || answer === undefined) return undefined;
  const input = JSON.parse(body.toString()) as Input;
  const about = Object.entries(input).find(([key]) => /Name$|Arn$/.test(key))?.[1] ?? "";
  return { call: { operation, about }, answer: () => json(answer(account, input)), refuse: jsonRefusal };
}

const operations: Readonly<Record<string, (account: FakeAccount, input: Input) => unknown>> = {
  ...(registryOperations as Readonly<Record<string, (account: FakeAccount, input: Input) => unknown>>),
  ListEndpoints: ({ endpoints }, { NextToken }) => {
    const { items, next } = pageOf([...endpoints], NextToken);
    return {
      Endpoints: items.map(([name, { status, createdAt, modifiedAt }]) => ({
        EndpointName: name,
        EndpointArn: `arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`,
        EndpointStatus: status,
        CreationTime: seconds(createdAt),
        LastModifiedTime: seconds(modifiedAt),
      })),
      NextToken: next,
    };
  },
  DescribeEndpoint: ({ endpoints }, { EndpointName = "" }) => {
    const found = known(endpoints, EndpointName, "endpoint");
    const { status, configName, pendingConfigName, createdAt, modifiedAt } = found;
    return {
      EndpointName,
      EndpointStatus: status,
      EndpointConfigName: configName,
      FailureReason: found.failureReason,
      ProductionVariants: [{ VariantName: "AllTraffic", CurrentInstanceCount: found.instances ?? 1 }],
      CreationTime: seconds(createdAt),
      LastModifiedTime: seconds(modifiedAt),
      ...(pendingConfigName === undefined
        ? {}
        : { PendingDeploymentSummary: { EndpointConfigName: pendingConfigName } }),
    };
  },
  ListEndpointConfigs: (account, { NextToken }) => {
    const { items, next } = pageOf([...account.configurations], NextToken);
    return {
      EndpointConfigs: items.map(([name, { createdAt }]) => ({
        EndpointConfigName: name,
        EndpointConfigArn: arnOf(account, "endpoint-config", name),
        CreationTime: seconds(createdAt),
      })),
      NextToken: next,
    };
  },
  DescribeEndpointConfig: ({ configurations }, { EndpointConfigName = "" }) => {
    const { models, shadows = [] } = known(configurations, EndpointConfigName, "endpoint configuration");
    const variant = (ModelName: string, index: number) => ({ VariantName: `V${index}`, ModelName });
    return {
      EndpointConfigName,
      ProductionVariants: models.map(variant),
      ...(shadows.length === 0 ? {} : { ShadowProductionVariants: shadows.map(variant) }),
    };
  },
  DeleteEndpointConfig: ({ configurations }, { EndpointConfigName = "" }) => {
    known(configurations, EndpointConfigName, "endpoint configuration");
    configurations.delete(EndpointConfigName);
    return {};
  },
  ListModels: (account, { NextToken }) => {
    const { items, next } = pageOf([...account.models], NextToken);
    return {
      Models: items.map(([name, { createdAt }]) => ({
        ModelName: name,
        ModelArn: arnOf(account, "model", name),
        CreationTime: seconds(createdAt),
      })),
      NextToken: next,
    };
  },
  DescribeModel: ({ models }, { ModelName = "" }) => {
    const { uris, packageArn } = known(models, ModelName, "model");
    const [first, ...others] = uris;
    return {
      ModelName,
      ...(packageArn === undefined ? {} : { PrimaryContainer: { ModelPackageName: packageArn } }),
      ...(first === undefined ? {} : { PrimaryContainer: { Image: "image", ModelDataUrl: first } }),
      ...(others.length === 0
        ? {}
        : {
            Containers: others.map((uri) => ({
              Image: "image",
              ModelDataSource: { S3DataSource: { S3Uri: uri, S3DataType: "S3Prefix" } },
            })),
          }),
    };
  },
  DeleteModel: ({ models }, { ModelName = "" }) => {
    known(models, ModelName, "model");
    models.delete(ModelName);
    return {};
  },
  ListTags: ({ configurations, models }, { ResourceArn = "" }) => {
    const [kind, name = ""] = ResourceArn.split(":").at(-1)?.split("/") ?? [];
    const of = kind === "model" ? models : configurations;
    return { Tags: tagList(known<{ readonly tags: Tags }>(of, name, kind ?? "").tags) };
  },
  DescribeTrainingJob: ({ trainingJobs }, { TrainingJobName = "" }) => {
    const found = trainingJobs.get(TrainingJobName);
    if (found === undefined) throw new Refusal("ValidationException", "Requested resource not found.");
    const { status, artifact, failureReason, accuracy } = found;
    return {
      TrainingJobName,
      TrainingJobStatus: status,
      FailureReason: failureReason,
      ...(artifact === undefined ? {} : { ModelArtifacts: { S3ModelArtifacts: artifact } }),
      FinalMetricDataList:
        accuracy === undefined ? [] : [{ MetricName: "validation:accuracy", Value: accuracy, Timestamp: 0 }],
    };
  },
  DescribeHyperParameterTuningJob: ({ tuningJobs }, { HyperParameterTuningJobName = "" }) => {
    const found = tuningJobs.get(HyperParameterTuningJobName);
    if (found === undefined)
      throw new Refusal("ResourceNotFound", "Amazon SageMaker can't find a tuning job of this name.");
    return {
      HyperParameterTuningJobName,
      HyperParameterTuningJobStatus: found.status,
      ...(found.best === undefined ? {} : { BestTrainingJob: { TrainingJobName: found.best } }),
    };
  },
  ListInferenceComponents: ({ components }, { NextToken }) => {
    const { items, next } = pageOf([...components.keys()], NextToken);
    return {
      InferenceComponents: items.map((name) => ({ InferenceComponentName: name })),
      NextToken: next,
    };
  },
  DescribeInferenceComponent: ({ components }, { InferenceComponentName = "" }) => ({
    InferenceComponentName,
    Specification: { ModelName: known(components, InferenceComponentName, "inference component") },
  }),
  ListTransformJobs: ({ transformJobs }, { StatusEquals }) => ({
    TransformJobSummaries: [...transformJobs]
      .filter(([, { status }]) => status === StatusEquals)
      .map(([name]) => ({ TransformJobName: name })),
  }),
  DescribeTransformJob: ({ transformJobs }, { TransformJobName = "" }) => ({
    TransformJobName,
    ModelName: known(transformJobs, TransformJobName, "transform job").modelName,
  }),
};

function known<T>(all: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = all.get(name);
  if (found === undefined) throw new Refusal("ValidationException", `Could not find ${what} "${name}".`);
  return found;
}

function tagList(tags: Tags): { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

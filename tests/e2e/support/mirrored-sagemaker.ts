import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateHyperParameterTuningJobCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteHyperParameterTuningJobCommand,
  DeleteModelCommand,
  type ProductionVariantInstanceType,
  type TrainingInstanceType,
} from "@aws-sdk/client-sagemaker";
import type { JsonObject } from "../../../plan/json-value";
import { type CloudObject, listOf, textOf } from "../../engine/aws/cloud";
import type { MirroredKind } from "./mirrored-kinds";

/** SageMaker's part of what is mirrored. */
export const sagemakerKinds: readonly MirroredKind[] = [
  {
    type: "aws:sagemaker/model:Model",
    make: ({ sagemaker }, { id, properties }) => {
      const { image, modelDataUrl, environment } = partOf(properties.primaryContainer);
      return sagemaker.send(
        new CreateModelCommand({
          ModelName: id,
          ExecutionRoleArn: textOf(properties.executionRoleArn),
          PrimaryContainer: {
            Image: textOf(image),
            ModelDataUrl: textOf(modelDataUrl),
            Environment: partOf(environment) as Record<string, string>,
          },
          Tags: tagList(properties),
        }),
      );
    },
    remove: ({ sagemaker }, ModelName) => sagemaker.send(new DeleteModelCommand({ ModelName })),
  },
  {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    make: ({ sagemaker }, { id, properties }) =>
      sagemaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: id,
          ProductionVariants: listOf(properties.productionVariants).map((variant) => ({
            VariantName: textOf(variant.variantName),
            ModelName: textOf(variant.modelName),
            InstanceType: textOf(variant.instanceType) as ProductionVariantInstanceType,
            InitialInstanceCount: Number(variant.initialInstanceCount),
            InitialVariantWeight: Number(variant.initialVariantWeight),
          })),
          Tags: tagList(properties),
        }),
      ),
    remove: ({ sagemaker }, EndpointConfigName) =>
      sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName })),
  },
  {
    type: "aws:sagemaker/endpoint:Endpoint",
    // The configuration that is in use: after a rollback it is another than the engine asked for.
    make: ({ sagemaker }, { id, properties, live }) =>
      sagemaker.send(
        new CreateEndpointCommand({
          EndpointName: id,
          EndpointConfigName: textOf(live.configName),
          Tags: tagList(properties),
        }),
      ),
    remove: ({ sagemaker }, EndpointName) => sagemaker.send(new DeleteEndpointCommand({ EndpointName })),
  },
  {
    type: "aws:sagemaker/trainingJob:TrainingJob",
    make: ({ sagemaker }, { id, properties }) =>
      sagemaker.send(
        new CreateTrainingJobCommand({
          TrainingJobName: id,
          ...jobOf(properties),
          HyperParameters: partOf(properties.hyperParameters) as Record<string, string>,
          Tags: tagList(properties),
        }),
      ),
    // The emulator cannot delete one, nor could SageMaker until lately; their names never come again.
    remove: async () => {},
  },
  {
    type: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
    make: ({ sagemaker }, { id, properties }) => {
      const { objective, resourceLimits } = partOf(properties.config);
      const { metricName, type } = partOf(objective);
      const { maxNumberOfTrainingJobs, maxParallelTrainingJobs } = partOf(resourceLimits);
      return sagemaker.send(
        new CreateHyperParameterTuningJobCommand({
          HyperParameterTuningJobName: id,
          HyperParameterTuningJobConfig: {
            Strategy: "Bayesian",
            HyperParameterTuningJobObjective: {
              MetricName: textOf(metricName),
              Type: type === "Maximize" ? "Maximize" : "Minimize",
            },
            ResourceLimits: {
              MaxNumberOfTrainingJobs: Number(maxNumberOfTrainingJobs),
              MaxParallelTrainingJobs: Number(maxParallelTrainingJobs),
            },
          },
          TrainingJobDefinition: jobOf(partOf(properties.trainingJobDefinition)),
          Tags: tagList(properties),
        }),
      );
    },
    remove: ({ sagemaker }, HyperParameterTuningJobName) =>
      sagemaker.send(new DeleteHyperParameterTuningJobCommand({ HyperParameterTuningJobName })),
  },
];

/** What both kinds of job say in the same words. */
function jobOf(properties: JsonObject) {
  const { trainingImage } = partOf(properties.algorithmSpecification);
  const { instanceType, instanceCount, volumeSizeInGb } = partOf(properties.resourceConfig);
  return {
    AlgorithmSpecification: { TrainingImage: textOf(trainingImage), TrainingInputMode: "File" as const },
    RoleArn: textOf(properties.roleArn),
    OutputDataConfig: { S3OutputPath: textOf(partOf(properties.outputDataConfig).s3OutputPath) },
    ResourceConfig: {
      InstanceType: textOf(instanceType) as TrainingInstanceType,
      InstanceCount: Number(instanceCount),
      VolumeSizeInGB: Number(volumeSizeInGb),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: Number(partOf(properties.stoppingCondition).maxRuntimeInSeconds),
    },
  };
}

function partOf(value: unknown): JsonObject {
  return (value ?? {}) as JsonObject;
}

function tagList({ tagsAll }: CloudObject["properties"]) {
  return Object.entries(partOf(tagsAll)).map(([Key, Value]) => ({ Key, Value: textOf(Value) }));
}

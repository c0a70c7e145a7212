import type { EndpointConfig, ServingConfig } from "../config/schema/stack";
import { gpuInferenceAmiVersion, usesGpu } from "./images";
import { outputPrefixes, shadowVariantName, variantName } from "./naming";

type Instances = Extract<ServingConfig, { kind: "instances" }>;

/** A production or shadow variant; `Name` is the type of a model's name, text or something that resolves to it. */
export interface Variant<Name> {
  readonly variantName: string;
  readonly modelName: Name;
  readonly initialVariantWeight: number;
  readonly instanceType?: string;
  readonly initialInstanceCount?: number;
  readonly volumeSizeInGb?: number;
  readonly modelDataDownloadTimeoutInSeconds?: number;
  readonly containerStartupHealthCheckTimeoutInSeconds?: number;
  readonly inferenceAmiVersion?: string;
  readonly routingConfigs?: { readonly routingStrategy: string }[];
  readonly serverlessConfig?: {
    readonly memorySizeInMb: number;
    readonly maxConcurrency: number;
    readonly provisionedConcurrency?: number;
  };
}

const productionWeight = 1;

/** The one production variant of an endpoint. */
export function productionVariant<Name>(serving: ServingConfig, modelName: Name): Variant<Name> {
  const shared = { variantName, modelName, initialVariantWeight: productionWeight };
  switch (serving.kind) {
    case "serverless":
      return {
        ...shared,
        serverlessConfig: {
          memorySizeInMb: serving.memoryMiB,
          maxConcurrency: serving.maxConcurrency,
          ...(serving.provisionedConcurrency === undefined
            ? {}
            : { provisionedConcurrency: serving.provisionedConcurrency }),
        },
      };
    case "async":
      return {
        ...shared,
        ...hosted(serving.instanceType, serving.initialCount, serving),
      };
    case "instances":
      return {
        ...shared,
        ...hosted(serving.instanceType, serving.initialCount, serving),
        routingConfigs: [{ routingStrategy: serving.routing }],
      };
  }
}

/**
 * The variant that gets a copy of requests. Its weight over the production variant's is the share that is copied.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
 */
export function shadowVariant<Name>(
  serving: Instances,
  shadow: NonNullable<Instances["shadow"]>,
  modelName: Name,
): Variant<Name> {
  return {
    variantName: shadowVariantName,
    modelName,
    initialVariantWeight: (productionWeight * shadow.samplingPercent) / 100,
    // The shadow's type may have local disks of a fixed size, so it takes AWS's default volume.
    ...hosted(shadow.instanceType, shadow.count, { ...serving, volumeSizeGiB: undefined }),
  };
}

function hosted(
  instanceType: string,
  initialInstanceCount: number,
  start: {
    readonly volumeSizeGiB?: number | undefined;
    readonly modelDownloadTimeoutSeconds: number;
    readonly healthCheckTimeoutSeconds: number;
  },
) {
  return {
    instanceType,
    initialInstanceCount,
    ...(start.volumeSizeGiB === undefined ? {} : { volumeSizeInGb: start.volumeSizeGiB }),
    modelDataDownloadTimeoutInSeconds: start.modelDownloadTimeoutSeconds,
    containerStartupHealthCheckTimeoutInSeconds: start.healthCheckTimeoutSeconds,
    ...(usesGpu("hosting", instanceType) ? { inferenceAmiVersion: gpuInferenceAmiVersion } : {}),
  };
}

/** `DataCaptureConfig` below the output bucket. */
export function dataCapture(
  capture: Exclude<EndpointConfig["capture"], { kind: "none" }>,
  endpointName: string,
  outputBucketName: string,
  keyArn: string | undefined,
) {
  const modes = capture.kind === "outputs" ? ["Output"] : ["Input", "Output"];
  return {
    enableCapture: true,
    initialSamplingPercentage: capture.samplingPercent,
    destinationS3Uri: `s3://${outputBucketName}/${outputPrefixes.capture}${endpointName}`,
    captureOptions: modes.map((captureMode) => ({ captureMode })),
    // Without this, JSON answers are stored as base64.
    captureContentTypeHeader: { jsonContentTypes: ["application/json"] },
    ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
  };
}

/** `AsyncInferenceConfig` below the output bucket; the paths are those that the serving role may write. */
export function asyncInference(
  serving: Extract<ServingConfig, { kind: "async" }>,
  endpointName: string,
  outputBucketName: string,
  keyArn: string | undefined,
) {
  const root = `s3://${outputBucketName}/${outputPrefixes.async}${endpointName}`;
  return {
    clientConfig: {
      maxConcurrentInvocationsPerInstance: serving.maxConcurrentInvocationsPerInstance,
    },
    outputConfig: {
      s3OutputPath: `${root}/output`,
      s3FailurePath: `${root}/failure`,
      ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
    },
  };
}

/** What the container reads. The digest comes back in every answer, and proves which model gave it. */
export function containerEnvironment(modelName: string, digest: string): Record<string, string> {
  return { MODEL_NAME: modelName, MODEL_SHA256: digest };
}

/** Parts of every physical name of a stack. */
export interface Naming {
  /** Pulumi project, `sagemaker-ops`. */
  readonly project: string;
  /** `environment` of the configuration: at most 12 characters. */
  readonly environment: string;
}

/**
 * Physical name of something that callers outside the stack address by name: endpoints, functions, log groups,
 * jobs. Everything else is named by Pulumi, so that it can be replaced without a collision.
 *
 * `sagemaker-ops-prod-breeds`; at most 13 + 1 + 12 + 1 + 20 = 47 of the 63 characters AWS allows.
 */
export function physicalName({ project, environment }: Naming, name: string): string {
  return `${project}-${environment}-${name}`;
}

/** The one production variant. A renamed variant cannot be updated with guardrails, nor stay registered for scaling. */
export const variantName = "AllTraffic";
export const shadowVariantName = "Shadow";

/** The alias that callers invoke; provisioned concurrency is not possible on `$LATEST`. */
export const functionAliasName = "live";

/** Where SageMaker writes an endpoint's container logs; created first, since SageMaker sets no retention. */
export function endpointLogGroupName(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}

export function functionLogGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Key of a promoted artifact. The digest is in the path, so a new model is a new URL and replaces what uses it. */
export function artifactKey(digest: string): string {
  return `models/${digest}/model.tar.gz`;
}

/** Prefixes in the output bucket, one writer each. */
export const outputPrefixes = {
  /** `sourcedir.tar.gz` of the training package by digest; written by the deployment. */
  code: "code/",
  /** Results of training and tuning jobs. */
  jobs: "jobs/",
  /** Checkpoints of spot jobs and of the training box. */
  checkpoints: "checkpoints/",
  /** Results of the training box. */
  box: "box/",
  /** Free for people in notebooks. */
  notebook: "notebook/",
  /** Data capture of endpoints. */
  capture: "capture/",
  /** Answers of asynchronous endpoints. */
  async: "async/",
} as const;

/** SSM path of the contract, and of everything else the stack stores as a parameter. */
export function parameterPrefix({ project, environment }: Naming, configured: string | undefined): string {
  return configured ?? `/${project}/${environment}`;
}

/** Queue of the asynchronous calls of a function that failed; 80 characters at most. */
export function failedCallsQueueName(functionName: string): string {
  return `${functionName}-failed-calls`;
}

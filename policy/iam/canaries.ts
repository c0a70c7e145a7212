import type { Statement } from "./document";
import { type Canary, evaluate, type Verdict } from "./evaluate";

/** Part of SageMaker; powers over several of them, on any resource, are what makes an access full. */
export type Area = "models" | "endpoints" | "jobs" | "notebooks" | "registry" | "studio and clusters";

/**
 * Powers that change, destroy or open something, on a resource of an ordinary name. Read-only actions are left out, and so are grants
 * limited to certain names: neither is full access. An action stands for its verb, so that `sagemaker:Delete*` is seen as well as
 * `sagemaker:*`. Actions and resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export const CANARIES: Readonly<Record<Area, readonly Canary[]>> = {
  models: [
    { action: "sagemaker:CreateModel", resource: "model/canary" },
    { action: "sagemaker:DeleteModel", resource: "model/canary" },
  ],
  endpoints: [
    { action: "sagemaker:CreateEndpoint", resource: "endpoint/canary" },
    { action: "sagemaker:UpdateEndpoint", resource: "endpoint/canary" },
    { action: "sagemaker:DeleteEndpoint", resource: "endpoint/canary" },
  ],
  jobs: [
    { action: "sagemaker:CreateTrainingJob", resource: "training-job/canary" },
    { action: "sagemaker:StopTrainingJob", resource: "training-job/canary" },
    { action: "sagemaker:CreateProcessingJob", resource: "processing-job/canary" },
  ],
  notebooks: [
    { action: "sagemaker:CreateNotebookInstance", resource: "notebook-instance/canary" },
    { action: "sagemaker:CreatePresignedNotebookInstanceUrl", resource: "notebook-instance/canary" },
    { action: "sagemaker:UpdateNotebookInstance", resource: "notebook-instance/canary" },
    { action: "sagemaker:DeleteNotebookInstance", resource: "notebook-instance/canary" },
  ],
  registry: [
    { action: "sagemaker:CreateModelPackage", resource: "model-package/canary/1" },
    { action: "sagemaker:UpdateModelPackage", resource: "model-package/canary/1" },
    { action: "sagemaker:DeleteModelPackageGroup", resource: "model-package-group/canary" },
  ],
  "studio and clusters": [
    { action: "sagemaker:CreateCluster", resource: "cluster/canary" },
    { action: "sagemaker:DeleteCluster", resource: "cluster/canary" },
    { action: "sagemaker:UpdatePipeline", resource: "pipeline/canary" },
    { action: "sagemaker:DeleteFeatureGroup", resource: "feature-group/canary" },
  ],
};

/** Releasing models takes two areas, and running jobs a third; four on any resource are beyond one task. */
export const AREAS_OF_FULL_ACCESS = 4;

export interface FullAccess {
  readonly areas: readonly Area[];
  readonly verdicts: readonly Verdict[];
}

/**
 * What the statements reach if it amounts to full SageMaker access, else `undefined`. Takes any number of documents' statements
 * together: one document's, or all of a role's, since IAM adds them up.
 */
export function fullAccess(statements: readonly Statement[]): FullAccess | undefined {
  const reached = (Object.entries(CANARIES) as [Area, readonly Canary[]][]).map(([area, canaries]) => ({
    area,
    verdicts: canaries.flatMap((canary) => evaluate(statements, canary) ?? []),
  }));
  const areas = reached.filter(({ verdicts }) => verdicts.length > 0);

  if (areas.length < AREAS_OF_FULL_ACCESS) return undefined;
  return { areas: areas.map(({ area }) => area), verdicts: areas.flatMap(({ verdicts }) => verdicts) };
}

import { type Escalation, escalationsOf } from "./escalations";
import { type Canary, evaluate, type Permissions, type Verdict } from "./evaluate";

/** Part of SageMaker; powers over several of them, on any resource, are what makes an access full. */
export type Area = "models" | "endpoints" | "jobs" | "notebooks" | "registry" | "studio and clusters";

/**
 * The sensitive actions of SageMaker: powers that change, destroy, open or spend, each on a resource of any name. A grant is judged by
 * what it allows of them, not by how it is written.
 *
 * | Area | What the power is good for |
 * |---|---|
 * | models | put another artifact or image behind a name, or take one away |
 * | endpoints | send predictions through another model, stop serving, run up cost |
 * | jobs | run any code under a role that can be passed, on any instance type |
 * | notebooks | open a shell under the notebook's role, also by a script at its start |
 * | registry | approve, share or delete what others deploy |
 * | studio and clusters | open other people's apps, run or delete clusters, change pipelines, delete features |
 *
 * Reading is left out, and so are grants limited to certain names: neither is full access. An action stands for its verb too, so that
 * `sagemaker:Delete*` is seen as well as `sagemaker:*`. Domains, user profiles, apps and spaces are beside the point, as AWS's own
 * full access leaves them out. Actions and resource types:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export const SENSITIVE_ACTIONS: Readonly<Record<Area, Readonly<Record<string, string>>>> = {
  models: {
    CreateModel: "model",
    DeleteModel: "model",
  },
  endpoints: {
    CreateEndpoint: "endpoint",
    CreateEndpointConfig: "endpoint-config",
    UpdateEndpoint: "endpoint",
    UpdateEndpointWeightsAndCapacities: "endpoint",
    DeleteEndpoint: "endpoint",
    DeleteEndpointConfig: "endpoint-config",
  },
  jobs: {
    CreateTrainingJob: "training-job",
    StopTrainingJob: "training-job",
    DeleteTrainingJob: "training-job",
    UpdateTrainingJob: "training-job",
    CreateHyperParameterTuningJob: "hyper-parameter-tuning-job",
    StopHyperParameterTuningJob: "hyper-parameter-tuning-job",
    CreateProcessingJob: "processing-job",
    StopProcessingJob: "processing-job",
    CreateTransformJob: "transform-job",
    CreateAutoMLJobV2: "automl-job",
  },
  notebooks: {
    CreateNotebookInstance: "notebook-instance",
    CreatePresignedNotebookInstanceUrl: "notebook-instance",
    StartNotebookInstance: "notebook-instance",
    StopNotebookInstance: "notebook-instance",
    UpdateNotebookInstance: "notebook-instance",
    DeleteNotebookInstance: "notebook-instance",
    UpdateNotebookInstanceLifecycleConfig: "notebook-instance-lifecycle-config",
  },
  registry: {
    CreateModelPackage: "model-package",
    UpdateModelPackage: "model-package",
    DeleteModelPackage: "model-package",
    PutModelPackageGroupPolicy: "model-package-group",
    DeleteModelPackageGroup: "model-package-group",
  },
  "studio and clusters": {
    CreateCluster: "cluster",
    UpdateClusterSoftware: "cluster",
    DeleteCluster: "cluster",
    UpdatePipeline: "pipeline",
    DeletePipeline: "pipeline",
    StopPipelineExecution: "pipeline",
    DeleteFeatureGroup: "feature-group",
    CreatePartnerAppPresignedUrl: "partner-app",
  },
};

/** Releasing models takes two areas, and running jobs a third; four on any resource are beyond one task. */
export const AREAS_OF_FULL_ACCESS = 4;

const CANARIES = Object.entries(SENSITIVE_ACTIONS).map(
  ([area, actions]) =>
    [
      area as Area,
      Object.entries(actions).map(
        ([action, kind]): Canary => ({ action: `sagemaker:${action}`, resource: `${kind}/{name}` }),
      ),
    ] as const,
);

export interface FullAccess {
  /** Areas reached outright. */
  readonly areas: readonly Area[];
  readonly verdicts: readonly Verdict[];
  /** Ways to any other permission of the account, and so to full access. */
  readonly escalations: readonly Escalation[];
}

/**
 * What the statements reach if it amounts to full SageMaker access, else `undefined`: powers over `AREAS_OF_FULL_ACCESS` areas, or a way
 * to give oneself any permission. Takes any number of documents' statements together, since IAM adds them up.
 */
export function fullAccess(permissions: Permissions): FullAccess | undefined {
  const reached = CANARIES.map(([area, canaries]) => ({
    area,
    verdicts: canaries.flatMap((canary) => evaluate(permissions, canary) ?? []),
  })).filter(({ verdicts }) => verdicts.length > 0);
  const escalations = escalationsOf(permissions);

  if (reached.length < AREAS_OF_FULL_ACCESS && escalations.length === 0) return undefined;
  return {
    areas: reached.map(({ area }) => area),
    verdicts: reached.flatMap(({ verdicts }) => verdicts),
    escalations,
  };
}

import {
  DescribeHyperParameterTuningJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  type HyperParameterTrainingJobSummary,
  paginateListTrainingJobsForHyperParameterTuningJob,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { asked, isAbsent } from "../aws/errors";
import type { JobRecord, TrainingRecord, TrialRecord, TuningRecord } from "./job-record";
import type { JobTarget } from "./targets";

/** What AWS tells about a job; absent where there is none of that name in the region. */
export async function readJob(
  sagemaker: SageMakerClient,
  { kind, jobName }: Pick<JobTarget, "kind" | "jobName">,
): Promise<JobRecord | undefined> {
  return kind === "training" ? readTraining(sagemaker, jobName) : readTuning(sagemaker, jobName);
}

export async function readTraining(
  sagemaker: SageMakerClient,
  jobName: string,
): Promise<TrainingRecord | undefined> {
  const found = await described("sagemaker:DescribeTrainingJob", jobName, () =>
    sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName })),
  );
  return found === undefined ? undefined : trainingRecord(jobName, found);
}

export async function readTuning(
  sagemaker: SageMakerClient,
  jobName: string,
): Promise<TuningRecord | undefined> {
  const found = await described("sagemaker:DescribeHyperParameterTuningJob", jobName, () =>
    sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: jobName })),
  );
  if (found === undefined) return undefined;
  const {
    HyperParameterTuningJobStatus: status = "unknown",
    HyperParameterTuningJobConfig: config,
    TrainingJobDefinition: definition,
  } = found;
  const objective = config?.HyperParameterTuningJobObjective;
  const resources = definition?.ResourceConfig;
  return {
    kind: "tuning",
    jobName,
    status,
    failureReason: found.FailureReason,
    createdAt: time(found.CreationTime) ?? 0,
    endedAt: time(found.HyperParameterTuningEndTime),
    strategy: config?.Strategy,
    objective: {
      metric: objective?.MetricName ?? "unknown",
      direction: objective?.Type === "Maximize" ? "Maximize" : "Minimize",
    },
    maxTrials: config?.ResourceLimits?.MaxNumberOfTrainingJobs ?? 0,
    maxParallel: config?.ResourceLimits?.MaxParallelTrainingJobs ?? 1,
    maxRuntimeSeconds: definition?.StoppingCondition?.MaxRuntimeInSeconds,
    instanceType: resources?.InstanceType ?? "unknown",
    instanceCount: resources?.InstanceCount ?? 1,
    volumeGb: resources?.VolumeSizeInGB ?? 0,
    spot: definition?.EnableManagedSpotTraining === true,
    trials: await readTrials(sagemaker, jobName),
  };
}

async function readTrials(sagemaker: SageMakerClient, jobName: string): Promise<readonly TrialRecord[]> {
  return asked(
    "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
    async () => {
      // A trial that begins while pages are read moves others to the next page.
      const trials = new Map<string, TrialRecord>();
      for await (const { TrainingJobSummaries = [] } of paginateListTrainingJobsForHyperParameterTuningJob(
        { client: sagemaker, pageSize: 100, stopOnSameToken: true },
        { HyperParameterTuningJobName: jobName, SortBy: "CreationTime", SortOrder: "Ascending" },
      ))
        for (const summary of TrainingJobSummaries) {
          const trial = trialRecord(summary);
          trials.set(trial.jobName, trial);
        }
      return [...trials.values()].sort(
        (a, b) => a.createdAt - b.createdAt || (a.jobName < b.jobName ? -1 : 1),
      );
    },
    jobName,
  );
}

function trialRecord(summary: HyperParameterTrainingJobSummary): TrialRecord {
  const objective = summary.FinalHyperParameterTuningJobObjectiveMetric?.Value;
  return {
    jobName: summary.TrainingJobName ?? "unknown",
    status: summary.TrainingJobStatus ?? "unknown",
    failureReason: summary.FailureReason,
    createdAt: time(summary.CreationTime) ?? 0,
    startedAt: time(summary.TrainingStartTime),
    endedAt: time(summary.TrainingEndTime),
    hyperParameters: unquoted(summary.TunedHyperParameters),
    objective: objective !== undefined && Number.isFinite(objective) ? objective : undefined,
  };
}

function trainingRecord(jobName: string, found: DescribeTrainingJobCommandOutput): TrainingRecord {
  const { ResourceConfig: resources, StoppingCondition: stopping } = found;
  return {
    kind: "training",
    jobName,
    status: found.TrainingJobStatus ?? "unknown",
    secondary: found.SecondaryStatus,
    message: found.SecondaryStatusTransitions?.at(-1)?.StatusMessage,
    failureReason: found.FailureReason,
    createdAt: time(found.CreationTime) ?? 0,
    startedAt: time(found.TrainingStartTime),
    endedAt: time(found.TrainingEndTime),
    billableSeconds: found.BillableTimeInSeconds,
    instanceType: resources?.InstanceType ?? "unknown",
    instanceCount: resources?.InstanceCount ?? 1,
    volumeGb: resources?.VolumeSizeInGB ?? 0,
    spot: found.EnableManagedSpotTraining === true,
    maxRuntimeSeconds: stopping?.MaxRuntimeInSeconds,
    maxWaitSeconds: stopping?.MaxWaitTimeInSeconds,
    hyperParameters: unquoted(found.HyperParameters),
    finalMetrics: Object.fromEntries(
      (found.FinalMetricDataList ?? []).flatMap(({ MetricName, Value }) =>
        MetricName === undefined || Value === undefined || !Number.isFinite(Value)
          ? []
          : [[MetricName, Number(Value.toPrecision(7))]],
      ),
    ),
    tuningJobName: found.TuningJobArn?.split("/").at(-1),
  };
}

/** Values that the SDKs wrote carry the quotation marks of JSON. */
function unquoted(values: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value.replace(/^"(.*)"$/, "$1")]),
  );
}

/** SageMaker says "Requested resource not found." of a job, under the name of a validation error. */
async function described<T>(action: string, jobName: string, call: () => Promise<T>): Promise<T | undefined> {
  return asked(
    action,
    async () => {
      try {
        return await call();
      } catch (error) {
        const { name, message = "" } = error as { readonly name?: string; readonly message?: string };
        if (isAbsent(error) || name === "ResourceNotFound") return undefined;
        if (name === "ValidationException" && /resource not found/i.test(message)) return undefined;
        throw error;
      }
    },
    jobName,
  );
}

function time(date: Date | undefined): number | undefined {
  return date?.getTime();
}

import type { FakeJob, FakeTuning } from "./fake-operate";

export const singleName = "sagemaker-ops-dev-single-1a2b3c4d";
export const searchName = "sagemaker-ops-dev-searc-1a2b3c4d";
export const trainingGroup = "/aws/sagemaker/TrainingJobs";
/** The fake's first time, milliseconds since 1970. */
export const start = Date.UTC(2026, 0, 5, 12);

/** Minutes before it, in milliseconds since 1970. */
export function minutesAgo(minutes: number): number {
  return start - minutes * 60_000;
}

/** A training job in its fourth epoch, on two instances at 0.23 USD an hour. */
export function runningJob(more: Readonly<Record<string, unknown>> = {}): FakeJob {
  return {
    TrainingJobStatus: "InProgress",
    SecondaryStatus: "Training",
    SecondaryStatusTransitions: [
      { Status: "Training", StatusMessage: "Training image download completed. Training in progress." },
    ],
    CreationTime: minutesAgo(14) / 1000,
    TrainingStartTime: minutesAgo(12) / 1000,
    ResourceConfig: { InstanceType: "ml.m5.xlarge", InstanceCount: 2, VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 7200 },
    HyperParameters: { epochs: "20", batch_size: '"64"' },
    ...more,
  };
}

export function completedJob(more: Readonly<Record<string, unknown>> = {}): FakeJob {
  return runningJob({
    TrainingJobStatus: "Completed",
    SecondaryStatus: "Completed",
    TrainingEndTime: minutesAgo(1) / 1000,
    TrainingTimeInSeconds: 660,
    BillableTimeInSeconds: 660,
    FinalMetricDataList: [
      { MetricName: "validation:loss", Value: 0.5512, Timestamp: 0 },
      { MetricName: "test:accuracy", Value: 0.819, Timestamp: 0 },
    ],
    ...more,
  });
}

/** The lines of the training program for an epoch. */
export function epochLine(epoch: number, loss: number): string {
  return `epoch=${epoch} train_loss=${(loss - 0.1).toFixed(4)} validation_loss=${loss.toFixed(4)} validation_accuracy=${(1 - loss / 2).toFixed(4)} images_per_second=123.4 data_wait_percent=3.1`;
}

export function tuning(status: string, trials: FakeTuning["trials"], type = "Minimize"): FakeTuning {
  return {
    described: {
      HyperParameterTuningJobStatus: status,
      HyperParameterTuningJobConfig: {
        Strategy: "Bayesian",
        HyperParameterTuningJobObjective: {
          Type: type,
          MetricName: type === "Minimize" ? "validation:loss" : "validation:accuracy",
        },
        ResourceLimits: { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 2 },
      },
      TrainingJobDefinition: {
        ResourceConfig: { InstanceType: "ml.m5.xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      },
      CreationTime: minutesAgo(60) / 1000,
      ...(status === "InProgress" ? {} : { HyperParameterTuningEndTime: minutesAgo(2) / 1000 }),
    },
    trials,
  };
}

export function trial(
  number: number,
  status: string,
  objective: number | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const begun = minutesAgo(60 - 10 * number);
  return {
    TrainingJobName: `${searchName}-00${number}-abcdef12`,
    TrainingJobStatus: status,
    CreationTime: begun / 1000,
    TrainingStartTime: (begun + 60_000) / 1000,
    ...(status === "InProgress" ? {} : { TrainingEndTime: (begun + 7 * 60_000) / 1000 }),
    TunedHyperParameters: {
      learning_rate: String(0.001 * number),
      batch_size: number % 2 === 0 ? '"64"' : '"32"',
    },
    ...(objective === undefined
      ? {}
      : { FinalHyperParameterTuningJobObjectiveMetric: { MetricName: "validation:loss", Value: objective } }),
    ...more,
  };
}

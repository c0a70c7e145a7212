import type { LogScope } from "./read-log";

/** Where SageMaker writes the logs of every training job of the account, the trials of tuning jobs included. */
export const trainingLogGroup = "/aws/sagemaker/TrainingJobs";

/** Streams of one training job: `<job>/algo-<n>-<time>`, one per instance and start. */
export function trainingLog(jobName: string): LogScope {
  // The slash keeps the streams of `job-1` apart from those of `job-10`.
  return { group: trainingLogGroup, streamPrefix: `${jobName}/` };
}

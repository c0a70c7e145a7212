/** What AWS tells about a training job; times are milliseconds since 1970 by AWS's clock. */
export interface TrainingRecord {
  readonly kind: "training";
  readonly jobName: string;
  readonly status: string;
  /** `Downloading`, `Training`, `MaxRuntimeExceeded`, … */
  readonly secondary: string | undefined;
  /** SageMaker's words on the newest step. */
  readonly message: string | undefined;
  readonly failureReason: string | undefined;
  readonly createdAt: number;
  /** Billing begins. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Wall-clock time that is billed, per instance; told once the job has ended. With spot, less than the runtime. */
  readonly billableSeconds: number | undefined;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeGb: number;
  readonly spot: boolean;
  readonly maxRuntimeSeconds: number | undefined;
  readonly maxWaitSeconds: number | undefined;
  readonly hyperParameters: Readonly<Record<string, string>>;
  /** Last value of each metric, in the precision that SageMaker keeps: seven digits. Empty until the job has ended. */
  readonly finalMetrics: Readonly<Record<string, number>>;
  /** Name of the tuning job whose trial it is. */
  readonly tuningJobName: string | undefined;
}

export interface TrialRecord {
  readonly jobName: string;
  readonly status: string;
  readonly failureReason: string | undefined;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** The searched ones. */
  readonly hyperParameters: Readonly<Record<string, string>>;
  /** Final value of the objective, absent where the trial gave none. */
  readonly objective: number | undefined;
}

export interface TuningRecord {
  readonly kind: "tuning";
  readonly jobName: string;
  readonly status: string;
  readonly failureReason: string | undefined;
  readonly createdAt: number;
  readonly endedAt: number | undefined;
  readonly strategy: string | undefined;
  readonly objective: { readonly metric: string; readonly direction: Direction };
  /** Most trials. */
  readonly maxTrials: number;
  readonly maxParallel: number;
  readonly maxRuntimeSeconds: number | undefined;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeGb: number;
  readonly spot: boolean;
  /** In the order in which they were begun. */
  readonly trials: readonly TrialRecord[];
}

export type Direction = "Minimize" | "Maximize";
export type JobRecord = TrainingRecord | TuningRecord;

/**
 * Statuses that nothing changes any more, of both kinds of jobs.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
 */
const settled = new Set(["Completed", "Failed", "Stopped", "Deleting", "DeleteFailed"]);

export function isSettled({ status }: { readonly status: string }): boolean {
  return settled.has(status);
}

export function hasSucceeded({ status }: { readonly status: string }): boolean {
  return status === "Completed";
}

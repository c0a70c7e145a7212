import type { Epoch } from "./epochs";
import type { Direction } from "./job-record";

/** One training job of a report: a trial of a search, or the job itself. */
export interface ReportTrial {
  /** From 1, in the order in which they were begun. */
  readonly number: number;
  readonly jobName: string;
  readonly status: string;
  readonly failureReason: string | undefined;
  readonly createdAt: number;
  /** The searched ones; of a single job all that the program takes. */
  readonly hyperParameters: Readonly<Record<string, string>>;
  /** Final value of the objective. */
  readonly objective: number | undefined;
  readonly epochs: readonly Epoch[];
  readonly billableSeconds: number;
  /** USD on demand; absent where the price is not known. */
  readonly costUsd: number | undefined;
}

export interface TrainingReport {
  readonly kind: "training" | "tuning";
  readonly key: string;
  readonly jobName: string;
  readonly status: string;
  readonly region: string;
  readonly objective: { readonly metric: string; readonly direction: Direction };
  readonly trials: readonly ReportTrial[];
  /** The best of those that completed. */
  readonly best: ReportTrial | undefined;
  /** What a reader has to know beside the numbers. */
  readonly notes: readonly string[];
}

/** Names of the hyperparameters that any trial has, sorted. */
export function hyperParameterNames(trials: readonly ReportTrial[]): readonly string[] {
  return [...new Set(trials.flatMap(({ hyperParameters }) => Object.keys(hyperParameters)))].sort();
}

/** Sum of what is known; absent where nothing is. */
export function totalUsd(trials: readonly ReportTrial[]): number | undefined {
  const known = trials.flatMap(({ costUsd }) => costUsd ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, amount) => sum + amount, 0);
}

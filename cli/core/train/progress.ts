import { hourlyUsd, usdOf } from "./cost";
import type { Epoch } from "./epochs";
import {
  type Direction,
  isSettled,
  type JobRecord,
  type TrainingRecord,
  type TrialRecord,
  type TuningRecord,
} from "./job-record";

/** What a person asks of a job that runs, or ran. Amounts in USD on demand; what is absent is not known. */
export interface Progress {
  /** From its creation to its end, or to now. */
  readonly elapsedSeconds: number;
  /** Of all instances' time what is billed of each; while it runs, its time on the instances. */
  readonly billableSeconds: number;
  readonly costUsd: number | undefined;
  /** Whether AWS may bill less: spot instances before the job has ended. */
  readonly isUpperBound: boolean;
  /** At its longest: runtime limit, all trials. */
  readonly worstCostUsd: number | undefined;
  /** Until it ends, if all epochs are trained or all trials take as long as those before. */
  readonly remainingSeconds: number | undefined;
}

/** @param now AWS's time, milliseconds since 1970. */
export function trainingProgress(
  record: TrainingRecord,
  epochs: readonly Epoch[],
  region: string,
  now: number,
): Progress {
  const until = record.endedAt ?? (isSettled(record) ? record.startedAt : undefined) ?? now;
  const runSeconds = record.startedAt === undefined ? 0 : seconds(until - record.startedAt);
  const billableSeconds = record.billableSeconds ?? runSeconds;
  const hourly = hourlyUsd(region, record);
  const longest = record.spot
    ? (record.maxWaitSeconds ?? record.maxRuntimeSeconds)
    : record.maxRuntimeSeconds;
  return {
    elapsedSeconds: seconds((record.endedAt ?? now) - record.createdAt),
    billableSeconds,
    costUsd: usdOf(billableSeconds, hourly),
    isUpperBound: record.spot && record.billableSeconds === undefined,
    worstCostUsd: usdOf(longest, hourly),
    remainingSeconds: isSettled(record) ? undefined : remaining(record, epochs, now),
  };
}

/** Epochs to come at the pace of the last ones. The first epoch also reads the data, so one alone tells little. */
function remaining(
  { hyperParameters }: TrainingRecord,
  epochs: readonly Epoch[],
  now: number,
): number | undefined {
  const wanted = Number(hyperParameters.epochs);
  const last = epochs.at(-1);
  if (!Number.isInteger(wanted) || last === undefined) return undefined;
  const recent = epochs.slice(-6);
  const gaps = recent
    .slice(1)
    .map(({ at, epoch }, index) => {
      const before = recent[index];
      return before === undefined ? 0 : (at - before.at) / (epoch - before.epoch);
    })
    .sort((a, b) => a - b);
  const typical = gaps[Math.floor(gaps.length / 2)];
  if (typical === undefined) return undefined;
  return Math.ceil(seconds(last.at + (wanted - last.epoch) * typical - now));
}

/** How many epochs it may train; absent where its hyperparameters do not say. */
export function epochsWanted({ hyperParameters }: TrainingRecord): number | undefined {
  const wanted = Number(hyperParameters.epochs);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : undefined;
}

/** The last value of each metric: what SageMaker kept once the job has ended, before that what the log says. */
export function lastMetrics(
  record: TrainingRecord,
  epochs: readonly Epoch[],
): Readonly<Record<string, number>> {
  return { ...(epochs.at(-1)?.metrics ?? {}), ...record.finalMetrics };
}

export function tuningProgress(record: TuningRecord, region: string, now: number): Progress {
  const hourly = hourlyUsd(region, record);
  const billableSeconds = record.trials.reduce((sum, trial) => sum + trialSeconds(trial, now), 0);
  const ended = record.trials.filter(
    (trial) => trial.startedAt !== undefined && trial.endedAt !== undefined && trial.status !== "Failed",
  );
  const typical =
    ended.length === 0
      ? undefined
      : ended.reduce((sum, { createdAt, endedAt = createdAt }) => sum + seconds(endedAt - createdAt), 0) /
        ended.length;
  const open = record.trials.filter((trial) => !isSettled(trial)).length;
  const toCome = Math.max(0, record.maxTrials - record.trials.length);
  return {
    elapsedSeconds: seconds((record.endedAt ?? now) - record.createdAt),
    billableSeconds,
    costUsd: usdOf(billableSeconds, hourly),
    isUpperBound: record.spot,
    worstCostUsd: usdOf(
      record.maxRuntimeSeconds === undefined ? undefined : record.maxRuntimeSeconds * record.maxTrials,
      hourly,
    ),
    remainingSeconds:
      isSettled(record) || typical === undefined
        ? undefined
        : Math.ceil(Math.ceil((open / 2 + toCome) / Math.max(1, record.maxParallel)) * typical),
  };
}

/** Time on instances; a trial that waits for them costs nothing yet. */
export function trialSeconds({ startedAt, endedAt, status }: TrialRecord, now: number): number {
  if (startedAt === undefined) return 0;
  return seconds((endedAt ?? (isSettled({ status }) ? startedAt : now)) - startedAt);
}

export function progressOf(
  record: JobRecord,
  epochs: readonly Epoch[],
  region: string,
  now: number,
): Progress {
  return record.kind === "training"
    ? trainingProgress(record, epochs, region, now)
    : tuningProgress(record, region, now);
}

/**
 * The trial with the best final value of the objective, among those that completed: the artifact of another can be a
 * broken one. Of equal ones the one that was begun first, then the first by name.
 */
export function bestTrial<T extends Pick<TrialRecord, "status" | "objective" | "createdAt" | "jobName">>(
  trials: readonly T[],
  direction: Direction,
): T | undefined {
  return ranked(
    trials.filter(({ status, objective }) => status === "Completed" && objective !== undefined),
    direction,
  )[0];
}

/** The best first; what has no value of the objective last, in the order in which it was begun. */
export function ranked<T extends Pick<TrialRecord, "objective" | "createdAt" | "jobName">>(
  trials: readonly T[],
  direction: Direction,
): readonly T[] {
  const sign = direction === "Minimize" ? 1 : -1;
  const key = ({ objective }: T) => (objective === undefined ? Number.POSITIVE_INFINITY : sign * objective);
  return [...trials].sort((a, b) => {
    const [first, second] = [key(a), key(b)];
    if (first !== second) return first < second ? -1 : 1;
    return a.createdAt - b.createdAt || (a.jobName < b.jobName ? -1 : 1);
  });
}

function seconds(milliseconds: number): number {
  return Math.max(0, milliseconds / 1000);
}

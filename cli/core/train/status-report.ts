import { type Layout, wrap } from "../../../plan/report/layout";
import { jobCause } from "../operate/causes";
import { durationText } from "../operate/duration";
import { type LogEvent, logLine, sourceOf } from "../operate/log-text";
import { bestText, costText, epochText, metricsText, stateText, timeText, trialsText } from "./figures";
import { hasSucceeded, isSettled, type JobRecord, type TuningRecord } from "./job-record";
import type { JobLook } from "./look";
import { bestTrial, epochsWanted, lastMetrics } from "./progress";
import type { WaitingJob } from "./targets";

export interface StatusReport {
  readonly stack: string;
  readonly region: string;
  readonly looks: readonly JobLook[];
  readonly waiting: readonly WaitingJob[];
  /** Last lines of jobs that did not succeed, by their name in SageMaker. */
  readonly lastLines?: ReadonlyMap<string, readonly LogEvent[]>;
}

const labelWidth = 9;

/** What a person reads. */
export function statusText(report: StatusReport, layout: Layout): string {
  const { paint, width } = layout;
  const { looks, waiting, lastLines } = report;
  return `${[
    paint.bold(`${report.stack} in ${report.region}`),
    ...looks.flatMap((look) => [
      "",
      ...jobLines(look, layout, report.region),
      ...tailLines(lastLines?.get(look.target.jobName)),
    ]),
    ...waiting.flatMap(({ kind, key, reason, next }) => [
      "",
      ...wrap(`${title(kind)} ${key} has not been started: ${reason}`, width),
      ...wrap(next, width - 2).map((line) => `  ${paint.cyan(line)}`),
    ]),
    ...(looks.length + waiting.length === 0 ? ["", "The stack declares no job."] : []),
  ].join("\n")}\n`;
}

/** One job as a heading and a line for each thing that is known of it. */
export function jobLines(
  { target, record, epochs, progress, logFailure }: JobLook,
  layout: Layout,
  region: string,
): string[] {
  const { paint, width } = layout;
  const name = target.key === target.jobName ? "" : `  ${target.jobName}`;
  const heading = `${paint.bold(`${title(target.kind)} ${target.key}`)}${name}`;
  const row = (label: string, text: string | undefined, color = (one: string) => one): string[] =>
    text === undefined
      ? []
      : wrap(text, width - labelWidth - 2).map(
          (line, index) => `  ${(index === 0 ? label : "").padEnd(labelWidth)}${color(line)}`,
        );
  if (record === undefined || progress === undefined)
    return [
      heading,
      ...row("state", `there is no such job in ${region}`, paint.red),
      ...row("next", absentNext, paint.cyan),
    ];
  const over = isSettled(record);
  const failed = over && !hasSucceeded(record);
  const training = record.kind === "training" ? record : undefined;
  const tuning = record.kind === "tuning" ? record : undefined;
  const remaining = progress.remainingSeconds;
  const failure = failed ? causeOf(record) : undefined;
  return [
    heading,
    ...row("state", stateText(record), failed ? paint.red : over ? paint.green : undefined),
    ...row("step", over ? undefined : training?.message),
    ...row("cause", failure?.cause, paint.red),
    ...row("reason", failed ? record.failureReason : undefined),
    ...row("next", failure?.next, paint.cyan),
    ...row("epoch", training === undefined ? undefined : epochText(training, epochs)),
    ...row("metrics", training === undefined ? undefined : metricsText(training, epochs)),
    ...row("trials", tuning === undefined ? undefined : trialsText(tuning)),
    ...row("best", tuning === undefined ? undefined : bestText(tuning)),
    ...row("elapsed", timeText(progress, record)),
    ...row("cost", costText(progress, over)),
    ...row(
      "left",
      remaining === undefined
        ? undefined
        : `about ${durationText(remaining)}${training === undefined ? "" : ", if it does not stop early"}`,
    ),
    ...row("log", logFailure === undefined ? undefined : `not read: ${logFailure}`, paint.yellow),
  ];
}

const absentNext =
  "Was it deleted, or deployed in another region or account? `npx sagemaker-ops up` starts what is missing.";

function tailLines(lines: readonly LogEvent[] | undefined): string[] {
  if (lines === undefined) return [];
  if (lines.length === 0) return ["  It wrote no log."];
  const several = new Set(lines.map(({ stream }) => sourceOf(stream))).size > 1;
  return ["  Its last lines:", ...lines.map((line) => `    ${logLine(line, several)}`)];
}

function title(kind: "training" | "tuning"): string {
  return kind === "training" ? "job" : "tuning";
}

function causeOf(record: JobRecord) {
  return jobCause(record.status, {
    reason: record.failureReason,
    secondary: record.kind === "training" ? record.secondary : undefined,
    isTuning: record.kind === "tuning",
  });
}

/** What a program reads; seconds, USD, and times in ISO 8601. What is not known is null. */
export function statusJson({ stack, region, looks, waiting, lastLines }: StatusReport): string {
  const jobs = looks.map(({ target, record, epochs, progress, logFailure }) => ({
    ...target,
    exists: record !== undefined,
    ...(record === undefined || progress === undefined
      ? {}
      : {
          status: record.status,
          ...(record.kind === "training"
            ? {
                secondaryStatus: record.secondary ?? null,
                epoch: epochs.at(-1)?.epoch ?? null,
                epochs: epochsWanted(record) ?? null,
                metrics: lastMetrics(record, epochs),
              }
            : {
                objective: record.objective,
                trials: record.trials.length,
                maxTrials: record.maxTrials,
                best: bestJson(record),
              }),
          createdAt: iso(record.createdAt),
          endedAt: record.endedAt === undefined ? null : iso(record.endedAt),
          elapsedSeconds: Math.floor(progress.elapsedSeconds),
          billableSeconds: Math.floor(progress.billableSeconds),
          costUsd: rounded(progress.costUsd),
          costIsUpperBound: progress.isUpperBound,
          worstCostUsd: rounded(progress.worstCostUsd),
          remainingSeconds: progress.remainingSeconds ?? null,
          ...(isSettled(record) && !hasSucceeded(record)
            ? {
                failureReason: record.failureReason ?? null,
                ...causeOf(record),
                lastLines: (lastLines?.get(target.jobName) ?? []).map(({ at, stream, message }) => ({
                  at: iso(at),
                  source: sourceOf(stream),
                  message,
                })),
              }
            : {}),
          logFailure: logFailure ?? null,
        }),
  }));
  return `${JSON.stringify({ stack, region, jobs, waiting }, undefined, 2)}\n`;
}

function bestJson({ trials, objective }: TuningRecord) {
  const best = bestTrial(trials, objective.direction);
  return best === undefined
    ? null
    : { jobName: best.jobName, value: best.objective, hyperParameters: best.hyperParameters };
}

/** To a hundredth of a cent: the rest is the clock's. */
function rounded(amount: number | undefined): number | null {
  return amount === undefined ? null : Math.round(amount * 10_000) / 10_000;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

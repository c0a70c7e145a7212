import { inParallel } from "../aws/in-parallel";
import type { Session } from "../operate/session";
import { hourlyUsd, usdOf } from "./cost";
import { bestEpoch, type Epoch } from "./epochs";
import { isSettled, type TrainingRecord, type TuningRecord } from "./job-record";
import { readEpochs } from "./look";
import { bestTrial, ranked, trainingProgress, trialSeconds } from "./progress";
import { readJob, readTraining } from "./read-jobs";
import type { ReportTrial, TrainingReport } from "./report-model";
import type { JobTarget } from "./targets";

/**
 * Everything a report tells of a job; absent where there is none of that name.
 *
 * @param told is called after each trial that was read.
 */
export async function readReport(
  session: Session,
  target: JobTarget,
  told: (done: number, all: number) => void,
): Promise<TrainingReport | undefined> {
  const record = await readJob(session.clients.sagemaker, target);
  if (record === undefined) return undefined;
  return record.kind === "tuning"
    ? tuningReport(session, target, record, told)
    : jobReport(session, target, record);
}

/** The program's own arguments; the others are SageMaker's. */
function ownParameters({ hyperParameters }: TrainingRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(hyperParameters).filter(([name]) => !/^(?:sagemaker_|_tuning)/.test(name)),
  );
}

async function jobReport(
  session: Session,
  target: JobTarget,
  record: TrainingRecord,
): Promise<TrainingReport> {
  const { epochs, logFailure } = await readEpochs(session.clients, record.jobName);
  const { billableSeconds, costUsd } = trainingProgress(record, epochs, session.region, session.clock.now());
  const metric = "validation:loss";
  const only: ReportTrial = {
    number: 1,
    jobName: record.jobName,
    status: record.status,
    failureReason: record.failureReason,
    createdAt: record.createdAt,
    hyperParameters: ownParameters(record),
    objective: record.finalMetrics[metric] ?? bestEpoch(epochs)?.metrics[metric],
    epochs,
    billableSeconds,
    costUsd,
  };
  return {
    kind: "training",
    key: target.key,
    jobName: record.jobName,
    status: record.status,
    region: session.region,
    objective: { metric, direction: "Minimize" },
    trials: [only],
    best: only.status === "Completed" ? only : undefined,
    notes: [
      ...(isSettled(record) ? [] : [`The job has not ended: it is ${record.status}.`]),
      ...(logFailure === undefined ? [] : [`There are no curves: ${logFailure}`]),
    ],
  };
}

async function tuningReport(
  session: Session,
  target: JobTarget,
  record: TuningRecord,
  told: (done: number, all: number) => void,
): Promise<TrainingReport> {
  const { region, clients, clock } = session;
  const hourly = hourlyUsd(region, record);
  const failures: string[] = [];
  let done = 0;
  const numbered = record.trials.map((trial, index) => ({ trial, number: index + 1 }));
  const trials = await inParallel(numbered, async ({ trial, number }): Promise<ReportTrial> => {
    const whole = await readTraining(clients.sagemaker, trial.jobName);
    const { epochs, logFailure } = await curvesOf(session, trial.jobName, trial.startedAt);
    if (logFailure !== undefined) failures.push(logFailure);
    done += 1;
    told(done, numbered.length);
    const billableSeconds = whole?.billableSeconds ?? trialSeconds(trial, clock.now());
    const { jobName, status, failureReason, createdAt, hyperParameters, objective } = trial;
    return {
      number,
      jobName,
      status,
      failureReason,
      createdAt,
      hyperParameters,
      objective,
      epochs,
      billableSeconds,
      costUsd: usdOf(billableSeconds, hourly),
    };
  });
  const { metric, direction } = record.objective;
  const best = bestTrial(trials, direction);
  const [front] = ranked(trials, direction);
  return {
    kind: "tuning",
    key: target.key,
    jobName: record.jobName,
    status: record.status,
    region,
    objective: record.objective,
    trials,
    best,
    notes: [
      ...(isSettled(record)
        ? []
        : [`The search has not ended: it is ${record.status}, and may find a better trial.`]),
      ...(metric.startsWith("validation:")
        ? []
        : [
            `The search judges by ${metric}, which is no validation metric: the best trial may only be the best guess.`,
          ]),
      ...(front !== undefined && front.objective !== undefined && front !== best
        ? [
            `Trial ${front.number} had a better value and is ${front.status}: only one that completed is named the best.`,
          ]
        : []),
      ...(failures[0] === undefined ? [] : [`${failures.length} trials have no curve: ${failures[0]}`]),
    ],
  };
}

/** A trial that got no instance has written nothing. */
async function curvesOf(
  { clients }: Session,
  jobName: string,
  startedAt: number | undefined,
): Promise<{ readonly epochs: readonly Epoch[]; readonly logFailure: string | undefined }> {
  return startedAt === undefined ? { epochs: [], logFailure: undefined } : readEpochs(clients, jobName);
}

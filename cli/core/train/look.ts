import { AwsFailure } from "../aws/errors";
import { outageOf } from "../operate/causes";
import type { OperateClients } from "../operate/clients";
import { trainingLog } from "../operate/log-groups";
import type { LogEvent } from "../operate/log-text";
import { readLog } from "../operate/read-log";
import { type Epoch, epochPattern, epochsOf } from "./epochs";
import type { JobRecord } from "./job-record";
import { type Progress, progressOf } from "./progress";
import { readJob } from "./read-jobs";
import type { JobTarget } from "./targets";

/** A job as it is now. */
export interface JobLook {
  readonly target: JobTarget;
  /** Absent where AWS has no job of that name in the region. */
  readonly record: JobRecord | undefined;
  /** Of a training job. */
  readonly epochs: readonly Epoch[];
  readonly progress: Progress | undefined;
  /** Why the log was not read, where it was not: what is above it holds all the same. */
  readonly logFailure: string | undefined;
}

/** @param now AWS's time, asked after AWS has answered. */
export async function lookAtJob(
  clients: OperateClients,
  region: string,
  target: JobTarget,
  now: () => number,
): Promise<JobLook> {
  const record = await readJob(clients.sagemaker, target);
  if (record === undefined) return { target, record, epochs: [], progress: undefined, logFailure: undefined };
  const { epochs, logFailure } =
    record.kind === "training" && record.startedAt !== undefined
      ? await readEpochs(clients, record.jobName)
      : { epochs: [], logFailure: undefined };
  return { target, record, epochs, progress: progressOf(record, epochs, region, now()), logFailure };
}

/** The log is more than the state needs: where it may not be read, the rest is told all the same. */
export async function readEpochs(
  { logs }: Pick<OperateClients, "logs">,
  jobName: string,
): Promise<{ readonly epochs: readonly Epoch[]; readonly logFailure: string | undefined }> {
  const events: LogEvent[] = [];
  try {
    for await (const page of readLog(logs, trainingLog(jobName), { pattern: epochPattern }))
      events.push(...page);
    return { epochs: epochsOf(events), logFailure: undefined };
  } catch (error) {
    // Without credentials nothing else can be told either.
    if (!(error instanceof AwsFailure) || outageOf(error) === "credentials") throw error;
    return { epochs: epochsOf(events), logFailure: error.message };
  }
}

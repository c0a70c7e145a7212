import { terminalLayout, wrap } from "../../plan/report/layout";
import { AwsFailure, awsStatus } from "../core/aws/errors";
import { commandText } from "../core/command-text";
import { CommandError } from "../core/exit-status";
import { Interrupted, interruptible } from "../core/operate/interruption";
import { LiveBlock } from "../core/operate/live-block";
import { trainingLog } from "../core/operate/log-groups";
import type { LogEvent } from "../core/operate/log-text";
import { hasFixedCredentials, Patience } from "../core/operate/patience";
import { interruptStatus, type OperateProcess } from "../core/operate/process";
import { lastLines } from "../core/operate/read-log";
import {
  knownStack,
  openSession,
  requireStackAccount,
  type Session,
  type StackOptions,
} from "../core/operate/session";
import { isSettled } from "../core/train/job-record";
import type { JobLook } from "../core/train/look";
import { type StatusReport, statusJson, statusText } from "../core/train/status-report";
import { declaredJobs, type JobTarget, namedJob } from "../core/train/targets";
import { hasEndedWell, isOver, type Telling, waitForJobs } from "../core/train/wait";

export interface TrainWaitOptions extends StackOptions {
  readonly json?: boolean;
}

const defaultPollSeconds = 5;
/** Enough for a traceback. */
const shownLines = 20;

/** Waits until the jobs have ended; returns the exit status. */
export async function trainWait(
  name: string | undefined,
  options: TrainWaitOptions,
  own: OperateProcess = process,
): Promise<number> {
  const known = knownStack(options, own);
  const jobs = declaredJobs(known.declared.config, known.deployed);
  const targets = name === undefined ? jobs.targets : [namedJob(name, jobs)];
  if (targets.length === 0) {
    const [first] = jobs.waiting;
    throw new CommandError(
      first === undefined
        ? `Pulumi.${options.stack}.yaml declares no job to wait for.`
        : `No job has been started: ${first.reason}. Next: ${first.next}`,
    );
  }
  const session = openSession(known, own);
  const work = interruptible(own);
  const telling = tellingOn(own);
  const seen = new Map<string, JobLook>();
  const farewell = () =>
    farewellText(
      targets.filter(({ jobName }) => !isOver(seen.get(jobName))),
      name,
      options,
      own,
    );
  try {
    await work.run(() => requireStackAccount(session));
    const patience = new Patience(
      own.pollSeconds ?? defaultPollSeconds,
      hasFixedCredentials(own.env),
      own.monotonic,
    );
    const looks = await waitForJobs(session, targets, seen, { work, patience, telling });
    const ends = await work.run(() => endsOfFailed(session, looks));
    const report = { stack: known.title, region: known.region, waiting: [], ...ends };
    own.stdout.write(
      options.json === true ? statusJson(report) : statusText(report, terminalLayout(own.env, own.stdout)),
    );
    return looks.every(hasEndedWell) ? awsStatus.ok : awsStatus.failed;
  } catch (error) {
    if (telling.kind === "block") telling.block.clear();
    if (error instanceof Interrupted) {
      own.stderr.write(`${farewell()}\n`);
      return interruptStatus[error.signal];
    }
    if (error instanceof CommandError && error.status === awsStatus.unreachable)
      throw new CommandError(`${error.message}\n${farewell()}`, error.status);
    throw error;
  } finally {
    work.end();
    session.close();
  }
}

function tellingOn({ env, stderr }: OperateProcess): Telling {
  return stderr.isTTY === true && env.TERM !== "dumb"
    ? { kind: "block", block: new LiveBlock(stderr), layout: terminalLayout(env, stderr) }
    : { kind: "lines", write: (line) => stderr.write(`${line}\n`) };
}

/** @param open jobs that have not ended, as far as is known. */
function farewellText(
  open: readonly JobTarget[],
  name: string | undefined,
  { stack, state, outputs }: TrainWaitOptions,
  { env, stderr }: OperateProcess,
): string {
  const { width } = terminalLayout(env, stderr);
  const again = commandText([
    ...["train", "wait", ...(name === undefined ? [] : [name]), "--stack", stack],
    ...(state === undefined ? [] : ["--state", state]),
    ...(outputs === undefined ? [] : ["--outputs", outputs]),
  ]);
  return open.length === 0
    ? [...wrap("No longer waiting: every job has ended.", width), `How they ended: ${again}`].join("\n")
    : [
        ...wrap("No longer waiting. What has not ended goes on, and is billed, without this command:", width),
        ...open.map(({ key, jobName }) => `  ${key === jobName ? key : `${key}  ${jobName}`}`),
        `Wait again: ${again}`,
      ].join("\n");
}

/**
 * The looks, and the last lines of training jobs that have ended and did not complete. How a job ended is known by then: where its log
 * may not be read, its look says so, and the rest is told all the same.
 */
async function endsOfFailed(
  { clients }: Session,
  looks: readonly JobLook[],
): Promise<Pick<StatusReport, "looks" | "lastLines">> {
  const lines = new Map<string, readonly LogEvent[]>();
  const told: JobLook[] = [];
  for (const look of looks) {
    const { record } = look;
    let { logFailure } = look;
    if (record?.kind === "training" && isSettled(record) && !hasEndedWell(look))
      try {
        lines.set(record.jobName, await lastLines(clients.logs, trainingLog(record.jobName), shownLines));
      } catch (error) {
        if (!(error instanceof AwsFailure)) throw error;
        logFailure ??= error.message;
      }
    told.push({ ...look, logFailure });
  }
  return { looks: told, lastLines: lines };
}

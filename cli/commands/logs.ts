import { pending } from "../../infra/config/due";
import { endpointLogGroupName, physicalName } from "../../infra/rules/naming";
import { awsStatus } from "../core/aws/errors";
import { commandText } from "../core/command-text";
import { CommandError } from "../core/exit-status";
import { secondsOf } from "../core/operate/duration";
import { Interrupted, interruptible } from "../core/operate/interruption";
import { trainingLog } from "../core/operate/log-groups";
import { hasFixedCredentials, Patience } from "../core/operate/patience";
import { interruptStatus, type OperateProcess } from "../core/operate/process";
import type { LogScope } from "../core/operate/read-log";
import {
  type KnownStack,
  knownStack,
  openSession,
  requireStackAccount,
  type Session,
  type StackOptions,
} from "../core/operate/session";
import { streamLog } from "../core/operate/stream-log";
import { isSettled } from "../core/train/job-record";
import { readTraining } from "../core/train/read-jobs";
import { declaredJobs, namedJob } from "../core/train/targets";

export interface LogsOptions extends StackOptions {
  readonly follow?: boolean;
  readonly since?: string;
}

const defaultPollSeconds = 5;

/** Writes an endpoint's log; returns the exit status. */
export async function endpointLogs(
  name: string,
  options: LogsOptions,
  own: OperateProcess = process,
): Promise<number> {
  const known = knownStack(options, own);
  const endpointName = namedEndpoint(name, known);
  return show(known, { group: endpointLogGroupName(endpointName) }, { since: "1h", ...options }, own);
}

/** Writes a training job's log; returns the exit status. */
export async function jobLogs(
  name: string,
  options: LogsOptions,
  own: OperateProcess = process,
): Promise<number> {
  const known = knownStack(options, own);
  const { kind, key, jobName } = namedJob(name, declaredJobs(known.declared.config, known.deployed));
  if (kind === "tuning")
    throw new CommandError(
      `${key} is a tuning job, and its trials have the logs. \`${commandText(["train", "report", key, "--stack", options.stack])}\` lists them; then: npx sagemaker-ops train logs <trial> --stack ${options.stack}`,
    );
  return show(known, trainingLog(jobName), options, own, async ({ clients, region }) => {
    const record = await readTraining(clients.sagemaker, jobName);
    if (record === undefined)
      throw new CommandError(`There is no job ${jobName} in ${region}.`, awsStatus.failed);
    return !isSettled(record);
  });
}

/** @param goesOn whether more lines may come. @default - for ever */
async function show(
  known: KnownStack,
  scope: LogScope,
  { follow, since }: LogsOptions,
  own: OperateProcess,
  goesOn: (session: Session) => Promise<boolean> = () => Promise.resolve(true),
): Promise<number> {
  const seconds = since === undefined ? undefined : secondsOf("--since", since);
  const session = openSession(known, own);
  const work = interruptible(own);
  try {
    await work.run(() => requireStackAccount(session));
    const written = await streamLog(session, scope, {
      from: seconds === undefined ? undefined : session.clock.now() - seconds * 1000,
      goesOn: follow === true ? () => goesOn(session) : undefined,
      work,
      patience: new Patience(
        own.pollSeconds ?? defaultPollSeconds,
        hasFixedCredentials(own.env),
        own.monotonic,
      ),
      write: (line) => own.stdout.write(`${line}\n`),
      tell: (line) => own.stderr.write(`${line}\n`),
    });
    if (written === 0) {
      // An empty log and a mistyped name look alike.
      await work.run(() => goesOn(session));
      own.stderr.write(`${emptyText(scope, known.region, since)}\n`);
    }
    return awsStatus.ok;
  } catch (error) {
    if (error instanceof Interrupted) return interruptStatus[error.signal];
    throw error;
  } finally {
    work.end();
    session.close();
  }
}

function emptyText({ group, streamPrefix }: LogScope, region: string, since: string | undefined): string {
  const where = `in ${group}${streamPrefix === undefined ? "" : ` below ${streamPrefix}`} (${region})`;
  return since === undefined
    ? `Nothing was written yet ${where}.`
    : `Nothing of the last ${since} is ${where}. Look further back with --since.`;
}

/**
 * Name in SageMaker of an endpoint that is deployed, or that the stack's file makes due: where its creation failed, the outputs do not
 * have it, and its log says why.
 *
 * @throws CommandError where the stack has no such endpoint.
 */
function namedEndpoint(name: string, { declared, deployed }: KnownStack): string {
  const { config, naming } = declared;
  const waiting = pending(config).filter(({ kind }) => kind === "endpoint");
  const due = Object.keys(config.endpoints).filter((key) => !waiting.some((one) => one.name === key));
  const endpoints = new Map([
    ...due.map((key) => [key, physicalName(naming, key)] as const),
    ...Object.entries(deployed.contract?.endpoints ?? {}).map(
      ([key, { endpointName }]) => [key, endpointName] as const,
    ),
  ]);
  for (const [key, endpointName] of endpoints) if (key === name || endpointName === name) return endpointName;
  const notDue = waiting.find((one) => one.name === name);
  if (notDue !== undefined)
    throw new CommandError(`${name} is not deployed: ${notDue.reason}. Next: ${notDue.next}`);
  throw new CommandError(
    endpoints.size === 0
      ? `There is no endpoint ${JSON.stringify(name)}: the stack has none that is deployed.`
      : `There is no endpoint ${JSON.stringify(name)}; the stack has ${[...endpoints.keys()].join(", ")}.`,
  );
}

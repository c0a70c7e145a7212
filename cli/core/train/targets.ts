import { pending } from "../../../infra/config/due";
import type { StackConfig } from "../../../infra/config/schema/stack";
import type { DeployedStack, StateResource } from "../aws/deployed-stack";
import { CommandError } from "../exit-status";

export type JobKind = "training" | "tuning";

/** A job that is deployed, or one that a person named. */
export interface JobTarget {
  /** Name in the configuration; of a trial, or of a job that is not the stack's, its name in SageMaker. */
  readonly key: string;
  readonly kind: JobKind;
  /** Name in SageMaker. */
  readonly jobName: string;
}

/** A job that is declared and not deployed. */
export interface WaitingJob {
  readonly key: string;
  readonly kind: JobKind;
  readonly reason: string;
  readonly next: string;
}

export interface Jobs {
  /** Tuning before training, each in the order of the stack file; then what is deployed and no longer declared. */
  readonly targets: readonly JobTarget[];
  readonly waiting: readonly WaitingJob[];
}

/** The jobs that a stack declares, with the names that its last update gave them, whether it came to its end or not. */
export function declaredJobs(
  config: Pick<StackConfig, "jobs" | "tuning" | "storage" | "models" | "endpoints">,
  { contract, resources = [] }: DeployedStack,
): Jobs {
  // Where an update failed, its outputs are those of the one before, while the jobs that it began run and cost.
  const deployed: Readonly<Record<string, DeployedJob>> = {
    ...jobsOf(contract),
    ...jobsIn(resources),
  };
  const declared = [
    ...Object.keys(config.tuning).map((key) => [key, "tuning"] as const),
    ...Object.keys(config.jobs).map((key) => [key, "training"] as const),
  ];
  const kinds = new Map<string, JobKind>(declared);
  const notDue = new Map(
    pending(config as StackConfig)
      .filter(({ kind }) => kind !== "endpoint")
      .map((one) => [one.name, one] as const),
  );
  const names = [...declared.map(([key]) => key), ...Object.keys(deployed).filter((key) => !kinds.has(key))];
  const targets: JobTarget[] = [];
  const waiting: WaitingJob[] = [];
  for (const key of names) {
    const job = Object.hasOwn(deployed, key) ? deployed[key] : undefined;
    const kind = job?.kind ?? kinds.get(key) ?? "training";
    if (job !== undefined) targets.push({ key, kind, jobName: job.jobName });
    else {
      const { reason, next } = notDue.get(key) ?? {
        reason: "it is declared and not deployed",
        next: "npx sagemaker-ops up",
      };
      waiting.push({ key, kind, reason, next });
    }
  }
  return { targets, waiting };
}

interface DeployedJob {
  /** Absent where outputs of an older program do not tell it. */
  readonly kind: JobKind | undefined;
  readonly jobName: string;
}

function jobsOf(contract: DeployedStack["contract"]): Readonly<Record<string, DeployedJob>> {
  return Object.fromEntries(
    Object.entries(contract?.jobs ?? {}).map(([key, { jobName, arn }]) => [
      key,
      { kind: kindOf(arn), jobName },
    ]),
  );
}

const kindByType: Readonly<Record<string, JobKind>> = {
  "aws:sagemaker/trainingJob:TrainingJob": "training",
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": "tuning",
};

/**
 * The jobs of the state by their name in the configuration, which is that of the component they are part of; their own logical name is
 * that in SageMaker. The state has what the last update made before what it has not come to delete yet: the first is the present one.
 */
function jobsIn(resources: readonly StateResource[]): Readonly<Record<string, DeployedJob>> {
  const found = resources.flatMap(({ type, name, parentName, replaced }) => {
    const kind = kindByType[type];
    return kind === undefined || parentName === undefined || replaced
      ? []
      : [[parentName, { kind, jobName: name }] as const];
  });
  return Object.fromEntries(found.reverse());
}

/** What an ARN says about its job: the configuration may have changed since. */
function kindOf(arn: string | undefined): JobKind | undefined {
  if (arn === undefined) return undefined;
  return arn.includes(":hyper-parameter-tuning-job/") ? "tuning" : "training";
}

const physicalName = /^[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}$/;

/**
 * The job that a person named: by its name in the configuration, or in SageMaker, as trials have no other.
 *
 * @throws CommandError where it is declared and not deployed, or where nothing can have that name.
 */
export function namedJob(name: string, { targets, waiting }: Jobs): JobTarget {
  const found = targets.find(({ key, jobName }) => key === name || jobName === name);
  if (found !== undefined) return found;
  const notYet = waiting.find(({ key }) => key === name);
  if (notYet !== undefined)
    throw new CommandError(`${notYet.key} has not been started: ${notYet.reason}. Next: ${notYet.next}`);
  if (physicalName.test(name)) return { key: name, kind: "training", jobName: name };
  throw new CommandError(
    `There is no job ${JSON.stringify(name)}. ${choiceOf(targets)} A trial of a tuning job goes by its name in SageMaker.`,
  );
}

export function choiceOf(targets: readonly JobTarget[]): string {
  return targets.length === 0
    ? "The stack has no job that is deployed."
    : `The stack has ${targets.map(({ key }) => key).join(", ")}.`;
}

import { logsUrl } from "../../../infra/rules/rollback-guard";
import { CommandError } from "../exit-status";
import { declaredJobs, type JobTarget, namedJob } from "../train/targets";
import { endpointLogsUrl, jobLogsUrl, jobUrl, placeOf } from "./console-pages";
import { trainingLogGroup } from "./log-groups";
import type { KnownStack } from "./session";

/** A page of the AWS console. */
export interface ConsolePage {
  readonly what: string;
  readonly url: string;
}

export const pageKinds = ["dashboard", "logs", "job"] as const;
export type PageKind = (typeof pageKinds)[number];

/**
 * Pages of a stack, or of the one thing in it that was named.
 *
 * @throws CommandError where there is no such thing, or where nothing is deployed.
 */
export function consolePages(
  kind: PageKind,
  name: string | undefined,
  known: KnownStack,
): readonly ConsolePage[] {
  switch (kind) {
    case "dashboard":
      return dashboard(name, known);
    case "logs":
      return logs(name, known);
    case "job":
      return jobs(name, known);
  }
}

function dashboard(name: string | undefined, { deployed, title }: KnownStack): readonly ConsolePage[] {
  if (name !== undefined)
    throw new CommandError(`A stack has one dashboard; leave ${JSON.stringify(name)} out.`);
  const url = deployed.contract?.dashboardUrl;
  if (url === undefined) throw notDeployed(title);
  return [{ what: "dashboard", url }];
}

function logs(name: string | undefined, known: KnownStack): readonly ConsolePage[] {
  const { deployed, region, title } = known;
  const { contract } = deployed;
  if (contract === undefined) throw notDeployed(title);
  const place = placeOf(region, contract.accountId);
  const endpoints = Object.entries(contract.endpoints).filter(
    ([key, { endpointName }]) => name === undefined || key === name || endpointName === name,
  );
  const found = endpoints.flatMap(([key, { endpointName, functionLogsUrl }]): ConsolePage[] => [
    { what: `endpoint ${key}`, url: endpointLogsUrl(place, endpointName) },
    ...(functionLogsUrl === undefined ? [] : [{ what: `function ${key}`, url: functionLogsUrl }]),
  ]);
  if (name === undefined) return [...found, { what: "training jobs", url: logsUrl(place, trainingLogGroup) }];
  // The name of an endpoint and of a job may be the same.
  const { targets } = declaredJobs(known.declared.config, deployed);
  const job = targets.find(({ key, jobName }) => key === name || jobName === name);
  if (job !== undefined) found.push(logPage(place, job));
  if (found.length > 0) return found;
  const list = (names: readonly string[]) => names.join(", ") || "none";
  throw new CommandError(
    `The stack has no endpoint and no job ${JSON.stringify(name)}. Endpoints: ${list(Object.keys(contract.endpoints))}. Jobs: ${list(targets.map(({ key }) => key))}.`,
  );
}

function jobs(name: string | undefined, { declared, deployed, region }: KnownStack): readonly ConsolePage[] {
  const { contract } = deployed;
  const place = placeOf(region, contract?.accountId);
  const all = declaredJobs(declared.config, deployed);
  const chosen = name === undefined ? all.targets : [namedJob(name, all)];
  if (chosen.length === 0)
    throw new CommandError(
      all.waiting[0] === undefined
        ? "The stack declares no job."
        : `No job has been started: ${all.waiting[0].reason}. Next: ${all.waiting[0].next}`,
    );
  return chosen.flatMap((job) => [
    {
      what: `${job.kind === "tuning" ? "tuning" : "job"} ${job.key}`,
      url: jobUrl(place, job.kind, job.jobName),
    },
    ...(name === undefined ? [] : [logPage(place, job)]),
  ]);
}

function logPage(place: ReturnType<typeof placeOf>, { key, jobName }: JobTarget): ConsolePage {
  return { what: `log of ${key}`, url: jobLogsUrl(place, jobName) };
}

function notDeployed(title: string): CommandError {
  return new CommandError(`${title} is not deployed: it has no pages yet. Next: npx sagemaker-ops up`);
}

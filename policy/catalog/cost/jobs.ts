import { asList, asObject, type Properties, quantity, UNKNOWN } from "../../values";
import { mlVolumeRate } from "../prices";
import { hourPrice, plural } from "./hours";
import type { Item, Ledger, Settings } from "./ledger";

// SageMaker stops a job after a day when nothing is said (API_StoppingCondition).
const DEFAULT_RUNTIME_SECONDS = 86_400;

type JobUse = "training" | "tuning";

interface JobCost {
  readonly hourly: number;
  readonly half: number;
  readonly full: number;
  readonly basis: string;
  readonly hours: readonly { readonly usd: number; readonly hours: number }[];
}

/** One run a month: half the longest run time is expected, all the time it may take is the worst case. */
export function estimateTrainingJob(item: Item, ledger: Ledger, settings: Settings): void {
  const { resourceConfig, serverlessJobConfig } = item.properties;
  if (resourceConfig === undefined && serverlessJobConfig !== undefined) {
    ledger.refuse(item, "a serverless training job is billed by use, at a rate this table has not", "by-use");
    return;
  }
  const job = jobCost(ledger, item, "training", resourceConfig, item.properties, settings);
  if (job === undefined) return;

  for (const { usd, hours } of job.hours) ledger.count(item, "training", usd, hours);
  ledger.add(item, {
    hourly: job.hourly,
    idleMonthly: 0,
    monthly: job.half,
    worstMonthly: job.full,
    basis: `one run a month, expected half its longest time: ${job.basis}`,
    worstBasis: job.basis,
  });
}

/** Every job of the search at the price of its dearest definition. */
export function estimateTuningJob(item: Item, ledger: Ledger, settings: Settings): void {
  const jobs = jobsOf(item, ledger);
  const { trainingJobDefinition, trainingJobDefinitions } = item.properties;
  const definitions = [...asList(trainingJobDefinition), ...asList(trainingJobDefinitions)];
  if (definitions.length === 0) ledger.refuse(item, "no training job definition is given", "unusable");

  const costs = definitions.flatMap((value) => {
    const definition = config(ledger, item, value, "a training job definition");
    if (definition === undefined) return [];
    const resources = definition.hyperParameterTuningResourceConfig ?? definition.resourceConfig;
    return jobCost(ledger, item, "tuning", resources, definition, settings) ?? [];
  });
  const [first, ...others] = costs;
  if (first === undefined) return;

  const dearest = others.reduce((most, cost) => (cost.full > most.full ? cost : most), first);
  for (const { usd, hours } of dearest.hours) ledger.count(item, "tuning", usd, hours * jobs);
  ledger.add(item, {
    hourly: dearest.hourly,
    idleMonthly: 0,
    monthly: dearest.half * jobs,
    worstMonthly: dearest.full * jobs,
    basis: `one search a month, ${plural(jobs, "job")}, expected half their longest time: ${dearest.basis}`,
    worstBasis: `${plural(jobs, "job")} × (${dearest.basis})`,
  });
}

function jobsOf(item: Item, ledger: Ledger): number {
  const search = config(ledger, item, item.properties.config ?? {}, "the number of jobs");
  if (search === undefined) return 1;
  const limits = config(ledger, item, search.resourceLimits ?? {}, "the number of jobs");
  if (limits === undefined) return 1;

  const { maxNumberOfTrainingJobs } = limits;
  if (maxNumberOfTrainingJobs === undefined || maxNumberOfTrainingJobs === null) {
    ledger.refuse(
      item,
      "no maxNumberOfTrainingJobs, so nothing bounds the number of jobs; the amounts count one",
      "unusable",
    );
    return 1;
  }
  return ledger.amount(item, maxNumberOfTrainingJobs, "the number of jobs", { missing: 1, atLeast: 1 });
}

/** @param holder the job or definition, for its stopping condition and its market. */
function jobCost(
  ledger: Ledger,
  item: Item,
  use: JobUse,
  resourceConfig: unknown,
  holder: Properties,
  settings: Settings,
): JobCost | undefined {
  const resources = config(ledger, item, resourceConfig ?? {}, "the resource configuration");
  const time = timeOf(ledger, item, holder);
  if (resources === undefined) return undefined;

  const keepAlive = ledger.amount(item, resources.keepAlivePeriodInSeconds, "the keep-alive period", {
    missing: 0,
    atLeast: 0,
  });
  const priced = (list: readonly Properties[]) =>
    list.flatMap((group) => groupCost(ledger, item, use, group, settings) ?? []);
  const groups = priced(instanceGroups(resources));
  // A tuning job takes the first of these that is to be had, never several (API_HyperParameterTuningResourceConfig).
  const choices = priced(listed(resources, "instanceConfigs"));
  if (choices.length > 0) {
    groups.push(choices.reduce((most, choice) => (choice.hourly > most.hourly ? choice : most)));
  }
  if (groups.length === 0) return undefined;

  const hourly = groups.reduce((sum, group) => sum + group.hourly, 0);
  const longest = time.seconds + keepAlive;
  return {
    hourly,
    half: ((time.runtimeSeconds / 2 + keepAlive) / 3600) * hourly,
    full: (longest / 3600) * hourly,
    basis: `${groups.map((group) => group.basis).join(" + ")}, ${time.basis}${keepAlive > 0 ? `, kept warm ${keepAlive} s` : ""}`,
    hours: groups.map(({ count, usd }) => ({ usd, hours: (count * longest) / 3600 })),
  };
}

/**
 * A spot job is interrupted and started again until its waiting time is over, which counts waiting and running together
 * (API_StoppingCondition): so that is the time that is sure to bound it.
 */
function timeOf(ledger: Ledger, item: Item, { stoppingCondition, enableManagedSpotTraining }: Properties) {
  const stopping = config(ledger, item, stoppingCondition ?? {}, "the longest run time");
  const runtimeSeconds =
    stopping === undefined
      ? 0
      : ledger.amount(item, stopping.maxRuntimeInSeconds, "the longest run time", {
          missing: DEFAULT_RUNTIME_SECONDS,
          atLeast: 0,
        });
  const wait = stopping?.maxWaitTimeInSeconds;
  if (enableManagedSpotTraining === UNKNOWN && quantity(wait).kind !== "missing")
    ledger.unknownUntilDeployment(item, "whether it runs on spot instances");
  if (enableManagedSpotTraining !== true && enableManagedSpotTraining !== "true")
    return { runtimeSeconds, seconds: runtimeSeconds, basis: `at most ${runtimeSeconds} s` };

  const waitSeconds = ledger.amount(item, wait, "the longest wait for spot", {
    missing: runtimeSeconds,
    atLeast: runtimeSeconds,
  });
  const seconds = Math.max(runtimeSeconds, waitSeconds);
  const within = seconds > runtimeSeconds ? `at most ${seconds} s with all restarts` : `at most ${seconds} s`;
  return { runtimeSeconds, seconds, basis: `${within}; spot, counted at the on-demand price` };
}

/** What runs at once: each group with its type, count and volume. */
export function instanceGroups(resources: Properties): readonly Properties[] {
  const groups = listed(resources, "instanceGroups");
  const others = [...groups, ...asList(resources.instanceConfigs)];
  return resources.instanceType === undefined && others.length > 0 ? groups : [resources, ...groups];
}

export function listed(
  resources: Properties,
  name: "instanceGroups" | "instanceConfigs",
): readonly Properties[] {
  return asList(resources[name]).map((group) => ({
    volumeSizeInGb: resources.volumeSizeInGb,
    ...(asObject(group) ?? { instanceType: group === UNKNOWN ? UNKNOWN : undefined }),
  }));
}

function groupCost(ledger: Ledger, item: Item, use: JobUse, group: Properties, settings: Settings) {
  const price = hourPrice(ledger, item, use, group.instanceType, "the job");
  const count = ledger.amount(item, group.instanceCount, "the instance count", { missing: 1, atLeast: 1 });
  const sizeGb = ledger.amount(item, group.volumeSizeInGb, "the volume size", { missing: 0, atLeast: 0 });
  if (price === undefined) return undefined;

  const perGbMonth =
    sizeGb > 0 ? (ledger.rate(item, mlVolumeRate(item.region, "training"), "the volume") ?? 0) : 0;
  const volumeHour = (sizeGb * perGbMonth) / settings.hoursPerMonth;
  return {
    count,
    usd: price.usd,
    hourly: count * (price.usd + volumeHour),
    basis: `${plural(count, "instance")} × ${price.basis}${sizeGb > 0 ? ` with ${sizeGb} GB` : ""}`,
  };
}

/** The value as an object, a wrong one as an empty object after reporting it; `undefined` while it is unknown, which is reported too. */
export function config(ledger: Ledger, item: Item, value: unknown, what: string): Properties | undefined {
  if (value === UNKNOWN) {
    ledger.unknownUntilDeployment(item, what);
    return undefined;
  }
  const object = asObject(value);
  if (object === undefined) ledger.refuse(item, `${what}: of a wrong type`, "unusable");
  return object ?? {};
}

import { asList, asObject, type Properties, UNKNOWN } from "../../values";
import { mlVolumeRate } from "../prices";
import { hourPrice, plural } from "./hours";
import type { Item, Ledger, Settings } from "./ledger";

// SageMaker stops a job after a day when nothing is said (API_StoppingCondition).
const DEFAULT_RUNTIME_SECONDS = 86_400;

interface JobCost {
  readonly hourly: number;
  readonly half: number;
  readonly full: number;
  readonly basis: string;
}

/** One run a month: half the longest run time is expected, all of it the worst case. */
export function estimateTrainingJob(item: Item, ledger: Ledger, settings: Settings): void {
  const resources = config(ledger, item, item.properties.resourceConfig, "the resource configuration");
  const job = jobCost(
    ledger,
    item,
    "training",
    resources,
    asObject(item.properties.stoppingCondition) ?? {},
    settings,
  );
  if (job === undefined) return;

  const spot =
    item.properties.enableManagedSpotTraining === true ? "; spot, counted at the on-demand price" : "";
  ledger.add(item, {
    hourly: job.hourly,
    idleMonthly: 0,
    monthly: job.half,
    worstMonthly: job.full,
    basis: `one run a month, expected half its longest time: ${job.basis}${spot}`,
  });
}

/** Every job of the search at the price of its dearest definition. */
export function estimateTuningJob(item: Item, ledger: Ledger, settings: Settings): void {
  const limits = asObject(asObject(item.properties.config)?.resourceLimits) ?? {};
  if (item.properties.config === UNKNOWN) ledger.unknownUntilDeployment(item, "the number of jobs");
  else if (limits.maxNumberOfTrainingJobs === undefined) {
    ledger.refuse(
      item,
      "no maxNumberOfTrainingJobs, so nothing bounds the number of jobs; the amounts count one",
    );
  }
  const jobs = ledger.amount(item, limits.maxNumberOfTrainingJobs, "the number of jobs", {
    missing: 1,
    atLeast: 1,
  });

  const { trainingJobDefinition, trainingJobDefinitions } = item.properties;
  const costs = [...asList(trainingJobDefinition), ...asList(trainingJobDefinitions)].flatMap((value) => {
    const definition = config(ledger, item, value, "a training job definition");
    const resources = definition.hyperParameterTuningResourceConfig ?? definition.resourceConfig;
    const stopping = asObject(definition.stoppingCondition) ?? {};
    return (
      jobCost(
        ledger,
        item,
        "tuning",
        config(ledger, item, resources, "the resource configuration"),
        stopping,
        settings,
      ) ?? []
    );
  });
  if (costs.length === 0) {
    ledger.refuse(item, "no training job definition with a price");
    return;
  }

  const dearest = costs.reduce((most, cost) => (cost.full > most.full ? cost : most));
  ledger.add(item, {
    hourly: dearest.hourly,
    idleMonthly: 0,
    monthly: dearest.half * jobs,
    worstMonthly: dearest.full * jobs,
    basis: `one search a month, ${plural(jobs, "job")}, expected half their longest time: ${dearest.basis}`,
  });
}

function jobCost(
  ledger: Ledger,
  item: Item,
  use: "training" | "tuning",
  resources: Properties,
  stopping: Properties,
  settings: Settings,
): JobCost | undefined {
  const seconds = ledger.amount(item, stopping.maxRuntimeInSeconds, "the longest run time", {
    missing: DEFAULT_RUNTIME_SECONDS,
    atLeast: 0,
  });
  const keepAlive = ledger.amount(item, resources.keepAlivePeriodInSeconds, "the keep-alive period", {
    missing: 0,
    atLeast: 0,
  });
  const groups = instanceGroups(resources).flatMap(
    (group) => groupCost(ledger, item, use, group, settings) ?? [],
  );
  if (groups.length === 0) return undefined;

  const hourly = groups.reduce((sum, group) => sum + group.hourly, 0);
  const kept = (keepAlive / 3600) * hourly;
  const full = (seconds / 3600) * hourly + kept;
  return {
    hourly,
    half: (seconds / 7200) * hourly + kept,
    full,
    basis: `${groups.map((group) => group.basis).join(" + ")}, at most ${seconds} s${keepAlive > 0 ? `, kept warm ${keepAlive} s` : ""}`,
  };
}

function instanceGroups(resources: Properties): readonly Properties[] {
  const listed = [...asList(resources.instanceGroups), ...asList(resources.instanceConfigs)];
  const groups = listed.map((group) => ({
    volumeSizeInGb: resources.volumeSizeInGb,
    ...(asObject(group) ?? { instanceType: UNKNOWN }),
  }));
  return resources.instanceType === undefined && groups.length > 0 ? groups : [resources, ...groups];
}

function groupCost(
  ledger: Ledger,
  item: Item,
  use: "training" | "tuning",
  group: Properties,
  settings: Settings,
) {
  const price = hourPrice(ledger, item, use, group.instanceType, "the job");
  const count = ledger.amount(item, group.instanceCount, "the instance count", { missing: 1, atLeast: 1 });
  const sizeGb = ledger.amount(item, group.volumeSizeInGb, "the volume size", { missing: 0, atLeast: 0 });
  if (price === undefined) return undefined;

  const perGbMonth =
    sizeGb > 0 ? (ledger.rate(item, mlVolumeRate(item.region, "training"), "the volume") ?? 0) : 0;
  const volumeHour = (sizeGb * perGbMonth) / settings.hoursPerMonth;
  return {
    hourly: count * (price.usd + volumeHour),
    basis: `${plural(count, "instance")} × ${price.basis}${sizeGb > 0 ? ` with ${sizeGb} GB` : ""}`,
  };
}

function config(ledger: Ledger, item: Item, value: unknown, what: string): Properties {
  if (value === UNKNOWN) ledger.unknownUntilDeployment(item, what);
  return asObject(value) ?? {};
}

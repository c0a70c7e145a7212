import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { count } from "../settings";
import { truth } from "../truth";
import { quantity, UNKNOWN } from "../values";
import { type Job, jobReads, jobsOf } from "./jobs";

/** 28 days, the most that AWS takes. */
const MOST = 2_419_200;

export const maxRuntime = resourceRule({
  id: "training-max-runtime",
  title: "Jobs that end",
  sentence:
    "Every training job, and every trial of a tuning job, has a time limit, and on spot instances one for waiting too.",
  severity: "high",
  level: "mandatory",
  group: "training",
  remediation:
    "Set stoppingCondition.maxRuntimeInSeconds to about twice the expected time, and with managed spot training maxWaitTimeInSeconds to at least as much.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html",
  reads: jobReads("stoppingCondition", "enableManagedSpotTraining"),
  fields: {
    maximumSeconds: count(86_400, "Seconds that one job may run, at most: by default a day.", {
      minimum: 1,
      maximum: MOST,
    }),
    maximumWaitSeconds: count(
      172_800,
      "Seconds that one spot job may run and wait, at most: by default two days.",
      {
        minimum: 1,
        maximum: MOST,
      },
    ),
  },
  check: ({ type, properties }, { maximumSeconds, maximumWaitSeconds }) =>
    jobsOf(type, properties).flatMap((job) => {
      if (job.properties === UNKNOWN) return [undecided(job.path)];
      return [...runtime(job, maximumSeconds), ...waiting(job, maximumWaitSeconds)];
    }),
});

const RUNTIME = "stoppingCondition.maxRuntimeInSeconds";
const WAIT = "stoppingCondition.maxWaitTimeInSeconds";

function runtime({ prefix, properties }: Job, most: number): readonly Finding[] {
  const value = at(properties, RUNTIME);
  const seconds = quantity(value);
  if (seconds.kind === "unknown") return [undecided(`${prefix}${RUNTIME}`)];
  if (seconds.kind === "known" && seconds.value >= 1 && seconds.value <= most) return [];
  const meaning = seconds.kind === "missing" ? ", and AWS lets the job run for a day" : "";
  return [
    violation(
      `${prefix}${RUNTIME} is ${shown(value)}${meaning}; allowed are 1 to ${most} s. Set it to about twice the time you expect, or raise maximumSeconds.`,
    ),
  ];
}

function waiting({ prefix, properties }: Job, most: number): readonly Finding[] {
  const spot = truth(at(properties, "enableManagedSpotTraining"));
  const wait = at(properties, WAIT);
  const seconds = quantity(wait);
  if (spot === "false" || spot === "missing") return [];
  if (seconds.kind === "unknown") return [undecided(`${prefix}${WAIT}`)];

  const run = quantity(at(properties, RUNTIME));
  const least = run.kind === "known" ? run.value : 1;
  if (seconds.kind === "known" && seconds.value >= least && seconds.value <= most) {
    return run.kind === "unknown" ? [undecided(`${prefix}${RUNTIME}`)] : [];
  }
  if (spot === "unknown") return [undecided(`${prefix}enableManagedSpotTraining`)];
  return [
    violation(
      `${prefix}${WAIT} is ${shown(wait)} on spot instances; allowed are ${least}${run.kind === "known" ? " (the runtime)" : ""} to ${most} s. Set it: it bounds running and waiting together.`,
    ),
  ];
}

import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../components/context";
import { TrainingCode } from "../components/training-code";
import { TrainingJob } from "../components/training-job";
import { TrainingRole } from "../components/training-role";
import { TuningJob } from "../components/tuning-job";
import type { StackConfig } from "../config/schema/stack";
import type { Foundation } from "./foundation";

/** Jobs by their name in the configuration; none before the data set is uploaded. */
export type Jobs = Readonly<Record<string, TrainingJob | TuningJob>>;

export interface Training {
  readonly code: TrainingCode;
  readonly jobs: Jobs;
}

export function buildTraining(
  config: StackConfig,
  context: StackContext,
  { dataStore, network }: Foundation,
  opts: pulumi.ComponentResourceOptions,
): Training {
  const code = new TrainingCode("training-code", { dataStore }, opts);
  const { manifestDigest } = config.storage.data;
  const hasJobs = Object.keys(config.jobs).length + Object.keys(config.tuning).length > 0;
  if (manifestDigest === undefined || !hasJobs) return { code, jobs: {} };

  const role = new TrainingRole("training", { context, config, dataStore, network }, opts);
  const common = { context, config, manifestDigest, dataStore, network, code, role };
  const tuning = Object.entries(config.tuning).map(
    ([name, job]) => [name, new TuningJob(name, { ...common, jobKey: name, tuning: job }, opts)] as const,
  );
  const jobs = Object.entries(config.jobs).map(
    ([name, job]) => [name, new TrainingJob(name, { ...common, jobKey: name, job }, opts)] as const,
  );
  return { code, jobs: Object.fromEntries([...tuning, ...jobs]) };
}

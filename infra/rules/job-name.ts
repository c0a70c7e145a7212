import { createHash } from "node:crypto";
import { type Naming, physicalName } from "./naming";

/** What a job's name is made from: anything JSON can hold. Key order does not matter. */
export type JobInput =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JobInput[]
  | { readonly [key: string]: JobInput };

/** CreateTrainingJob: TrainingJobName, at most 63 characters. */
const trainingNameLength = 63;
/** CreateHyperParameterTuningJob: HyperParameterTuningJobName, at most 32 characters. */
const tuningNameLength = 32;
const digestLength = 8;

/**
 * Name of a training job: `sagemaker-ops-dev-single-1a2b3c4d`.
 *
 * AWS never lets a job name be used again, so the name hashes everything that makes a new job: equal inputs keep the
 * name and the job, a changed input gives a name that is free.
 */
export function trainingJobName(base: string, inputs: JobInput): string {
  return jobName(base, inputs, trainingNameLength);
}

/** The same for a tuning job, whose names are half as long: `sagemaker-ops-dev-searc-1a2b3c4d`. */
export function tuningJobName(base: string, inputs: JobInput): string {
  return jobName(base, inputs, tuningNameLength);
}

/** What the name of every training and tuning job of a stack begins with: roles are narrowed to it. */
export function jobNamePrefix(naming: Naming): string {
  return physicalName(naming, "").slice(0, tuningNameLength - digestLength - 1);
}

function jobName(base: string, inputs: JobInput, maximumLength: number): string {
  // A shortened base may equal another one, so the whole base is hashed too.
  const digest = createHash("sha256")
    .update(canonicalJson({ base, inputs }))
    .digest("hex")
    .slice(0, digestLength);
  const prefix = base
    .slice(0, maximumLength - digestLength - 1)
    .replace(/[^a-zA-Z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "");
  return prefix === "" ? `job-${digest}` : `${prefix}-${digest}`;
}

/** JSON with sorted keys and without undefined values, the same on every machine. */
function canonicalJson(value: JobInput): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

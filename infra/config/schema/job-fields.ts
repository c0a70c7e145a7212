import { z } from "zod";
import { findInstanceType } from "../../../policy/catalog/instance-types";
import type { Finding } from "./fields";

// What training jobs and the trials of a tuning job have in common.

const minutesPerDay = 1440;
export const maxRuntimeMinutes = z
  .int()
  .min(5)
  .max(28 * minutesPerDay)
  .describe(
    "Hard stop of one job in minutes; required, since a job without it can run, and bill, for a day.",
  );

const market = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("on-demand") }),
    z.strictObject({
      kind: z.literal("spot"),
      maxWaitMinutes: z
        .int()
        .min(5)
        .max(28 * minutesPerDay)
        .describe(
          "Runtime and waiting together, at least maxRuntimeMinutes. Checkpoints go to the output bucket.",
        ),
    }),
  ])
  .prefault({ kind: "on-demand" })
  .describe("`spot` costs up to 90 % less and can be interrupted; the job then waits and resumes.");

export const learningRate = z.number().min(1e-6).max(1);
export const batchSize = z.int().min(1).max(4096);

/** Arguments of the training program, typed as numbers; the names are those of its command line. */
export const hyperparameters = z.strictObject({
  fineTune: z
    .enum(["head", "layer4", "full"])
    .default("head")
    .describe("Which layers learn: the new head on a frozen backbone, the last stage too, or everything."),
  epochs: z.int().min(1).max(1000).default(20).describe("Most passes over the training images."),
  batchSize: batchSize.default(64).describe("Images per step and process."),
  learningRate: learningRate.default(0.001).describe("Step size of the optimiser."),
  patience: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe("Epochs without a better validation loss until it stops early."),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe("Seed of every random choice, so that a run can be repeated."),
});

export const resources = {
  instanceCount: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe("Above 1, torchrun shares every epoch among the instances."),
  volumeSizeGiB: z
    .int()
    .min(1)
    .max(16384)
    .default(30)
    .describe("Volume per instance for data, code and results."),
  volumeEncryption: z
    .enum(["service", "kms"])
    .default("service")
    .describe(
      "`kms`: the stack's key. AWS refuses it on types with local NVMe disks, which encrypt themselves.",
    ),
  maxRuntimeMinutes,
  market,
  retryAttempts: z
    .int()
    .min(1)
    .max(30)
    .default(2)
    .describe("Attempts after an internal error of the service."),
};

interface JobShape {
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeEncryption: "service" | "kms";
  readonly maxRuntimeMinutes: number;
  readonly market:
    | { readonly kind: "on-demand" }
    | { readonly kind: "spot"; readonly maxWaitMinutes: number };
  readonly hyperparameters: { readonly fineTune: "head" | "layer4" | "full" };
}

export function spotWait({
  maxRuntimeMinutes,
  market,
}: Pick<JobShape, "maxRuntimeMinutes" | "market">): Finding[] {
  return market.kind === "spot" && market.maxWaitMinutes < maxRuntimeMinutes
    ? [
        {
          path: ["market", "maxWaitMinutes"],
          message: `${market.maxWaitMinutes} minutes are less than the runtime of ${maxRuntimeMinutes}`,
          allowed: `${maxRuntimeMinutes} or more`,
        },
      ]
    : [];
}

export function distribution({
  instanceCount,
  hyperparameters,
}: Pick<JobShape, "instanceCount" | "hyperparameters">): Finding[] {
  return instanceCount > 1 && hyperparameters.fineTune === "head"
    ? [
        {
          path: ["instanceCount"],
          message: `${instanceCount} instances cannot speed up training of the head alone: its steps are shorter than their exchange of gradients`,
          allowed: "1, or hyperparameters.fineTune: layer4 or full",
        },
      ]
    : [];
}

/** AWS refuses a volume key where the instance store is NVMe (CreateTrainingJob, ResourceConfig.VolumeKmsKeyId). */
export function volumeKey(
  use: "training" | "tuning" | "hosting",
  instanceType: string,
  volumeEncryption: string,
): Finding[] {
  return volumeEncryption === "kms" && findInstanceType(use, instanceType)?.localNvme === true
    ? [
        {
          path: ["volumeEncryption"],
          message: `AWS refuses a KMS key for the volume of "${instanceType}": its local NVMe disk encrypts itself`,
          allowed: `service, or a type without local NVMe`,
        },
      ]
    : [];
}

import { z } from "zod";
import { findInstanceType } from "../../../policy/catalog/instance-types";
import { entryName, type Finding, instanceType, sha256, withChecks } from "./fields";

const minutesPerDay = 1440;
const maxRuntimeMinutes = z
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
  .prefault({ kind: "on-demand" });

const learningRate = z.number().min(1e-6).max(1);
const batchSize = z.int().min(1).max(4096);

/** Arguments of the training program, typed as numbers; the names are those of its command line. */
const hyperparameters = z.strictObject({
  fineTune: z
    .enum(["head", "layer4", "full"])
    .default("head")
    .describe("Which layers learn: the new head on a frozen backbone, the last stage too, or everything."),
  epochs: z.int().min(1).max(1000).default(20),
  batchSize: batchSize.default(64).describe("Images per step and process."),
  learningRate: learningRate.default(0.001),
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
    .default(1),
});

const resources = {
  instanceCount: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe("Above 1, torchrun shares every epoch among the instances."),
  volumeSizeGiB: z.int().min(1).max(16384).default(30),
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

function spotWait({ maxRuntimeMinutes, market }: Pick<JobShape, "maxRuntimeMinutes" | "market">): Finding[] {
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

function distribution({
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

export const job = withChecks(
  z.strictObject({
    instanceType: instanceType("training"),
    ...resources,
    inputMode: z
      .enum(["File", "FastFile"])
      .default("File")
      .describe("`File` downloads first, `FastFile` streams."),
    hyperparameters: hyperparameters.prefault({}),
  }),
  [
    { reads: ["maxRuntimeMinutes", "market"], find: spotWait },
    { reads: ["instanceCount", "hyperparameters"], find: distribution },
    {
      reads: ["instanceType", "volumeEncryption"],
      find: ({ instanceType: name, volumeEncryption }) => volumeKey("training", name, volumeEncryption),
    },
  ],
);

export const jobs = z
  .record(entryName, job)
  .describe("Training jobs by name. A changed input makes a new job: AWS job names are used up for ever.");

export const tuningJob = withChecks(
  z.strictObject({
    instanceType: instanceType("tuning"),
    ...resources,
    maxRuntimeMinutes: maxRuntimeMinutes.describe("Hard stop of one trial in minutes."),
    maxJobs: z.int().min(2).max(500).describe("Trials in all; fewer than 2 search nothing."),
    maxParallelJobs: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .describe("More at once is faster and learns less from each other."),
    strategy: z.enum(["Bayesian", "Random", "Hyperband"]).default("Bayesian"),
    earlyStopping: z
      .enum(["Off", "Auto"])
      .default("Auto")
      .describe("Stops trials that fall behind. Hyperband brings its own."),
    objective: z
      .enum(["validation:loss", "validation:accuracy"])
      .default("validation:loss")
      .describe(
        "What the search optimises: loss down or accuracy up, always on the validation split, never on the test split.",
      ),
    learningRate: withChecks(
      z.strictObject({
        min: learningRate,
        max: learningRate,
      }),
      [
        {
          reads: ["min", "max"],
          find: ({ min, max }) =>
            min < max
              ? []
              : [{ path: ["max"], message: `${max} is not above min ${min}`, allowed: `more than ${min}` }],
        },
      ],
    )
      .prefault({ min: 1e-4, max: 1e-2 })
      .describe("Range searched on a logarithmic scale."),
    batchSizes: z
      .array(batchSize)
      .min(1)
      .max(30)
      .refine((sizes) => new Set(sizes).size === sizes.length, { error: "names a size twice" })
      .default([32, 64, 128]),
    hyperparameters: hyperparameters.omit({ learningRate: true, batchSize: true }).prefault({}),
  }),
  [
    { reads: ["maxRuntimeMinutes", "market"], find: spotWait },
    { reads: ["instanceCount", "hyperparameters"], find: distribution },
    {
      reads: ["instanceType", "volumeEncryption"],
      find: ({ instanceType: name, volumeEncryption }) => volumeKey("tuning", name, volumeEncryption),
    },
    {
      reads: ["maxJobs", "maxParallelJobs"],
      find: ({ maxJobs, maxParallelJobs }) =>
        maxParallelJobs <= maxJobs
          ? []
          : [
              {
                path: ["maxParallelJobs"],
                message: `${maxParallelJobs} is above maxJobs ${maxJobs}`,
                allowed: `1 to ${maxJobs}`,
              },
            ],
    },
    {
      reads: ["strategy", "earlyStopping"],
      find: ({ strategy, earlyStopping }) =>
        strategy === "Hyperband" && earlyStopping === "Auto"
          ? [
              {
                path: ["earlyStopping"],
                message: "Hyperband stops trials by itself, and AWS refuses a second rule",
                allowed: `"Off" with Hyperband`,
              },
            ]
          : [],
    },
  ],
);

export const tuning = z.record(entryName, tuningJob).describe("Hyperparameter tuning jobs by name.");

const provenance = z.strictObject({
  source: z.string().max(300).describe("Job, box or file that the artifact came from."),
  promotedAt: z.iso.datetime(),
  promotedBy: z.string().max(300),
  validationAccuracy: z.number().min(0).max(1).optional(),
});

export const models = z
  .record(
    entryName,
    z.strictObject({
      classes: z.int().min(2).max(10_000).describe("Classes the model tells apart: the length of an answer."),
      digest: sha256
        .optional()
        .describe(
          "SHA-256 of the promoted artifact, models/<digest>/model.tar.gz. Endpoints are due once it is set.",
        ),
      provenance: provenance.optional().describe("Where the promoted artifact came from."),
    }),
  )
  .describe("Models by name, each at one promoted artifact.");

const imageTag = z
  .string()
  .regex(/^(?:[\w][\w.-]{0,127}|sha256:[0-9a-f]{64})$/, { error: "must be a tag or sha256:<digest>" })
  .refine((tag) => tag !== "latest", {
    error: 'must not be "latest": a job or a replaced instance would silently run another image',
  });

function images(repository: string, cpu: string, gpu: string) {
  return z
    .strictObject({
      registry: z
        .string()
        .regex(/^\d{12}$/, {
          error: "must be the 12-digit id of the account that owns the registry, in quotes",
        })
        .default("763104351884")
        .describe(
          "Account of the ECR registry in the stack's region. Default: AWS Deep Learning Containers.",
        ),
      repository: z
        .string()
        .regex(/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/, { error: "must be an ECR repository name" })
        .default(repository),
      cpu: imageTag.default(cpu).describe("Tag, or better sha256:<digest>, for types without a GPU."),
      gpu: imageTag.default(gpu).describe("The same for types with an NVIDIA GPU."),
    })
    .prefault({});
}

export const imagesSection = z
  .strictObject({
    training: images("pytorch", "2.13-cpu-amzn2023-sagemaker", "2.13-cu133-amzn2023-sagemaker"),
    serving: images("ray", "serve-ml-sagemaker-cpu-v1.4", "serve-ml-sagemaker-cuda-v1.4"),
  })
  .prefault({})
  .describe("Container images of jobs and models. The instance type decides between cpu and gpu.");

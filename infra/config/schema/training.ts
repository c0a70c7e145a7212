import { z } from "zod";
import { distinct, entryName, instanceType, withChecks } from "./fields";
import {
  batchSize,
  distribution,
  hyperparameters,
  learningRate,
  maxRuntimeMinutes,
  resources,
  spotWait,
  volumeKey,
} from "./job-fields";

export const job = withChecks(
  z.strictObject({
    instanceType: instanceType("training").describe("One with an NVIDIA GPU takes the GPU image."),
    ...resources,
    inputMode: z
      .enum(["File", "FastFile"])
      .default("File")
      .describe("`File` downloads first, `FastFile` streams."),
    hyperparameters: hyperparameters.prefault({}).describe("Arguments of the training program."),
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
  .describe("Training jobs by name. A changed input makes a new job, since nothing of a job can be changed.");

export const tuningJob = withChecks(
  z.strictObject({
    instanceType: instanceType("tuning").describe("Type of every trial's instances."),
    ...resources,
    maxRuntimeMinutes: maxRuntimeMinutes.describe("Hard stop of one trial in minutes."),
    maxJobs: z.int().min(2).max(500).describe("Trials in all; fewer than 2 search nothing."),
    maxParallelJobs: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .describe("More at once is faster and learns less from each other."),
    strategy: z
      .enum(["Bayesian", "Random", "Hyperband"])
      .default("Bayesian")
      .describe("How the next trial is chosen."),
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
        min: learningRate.describe("Lower end."),
        max: learningRate.describe("Upper end, above min."),
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
    batchSizes: distinct(z.array(batchSize).min(1).max(30), "a size")
      .default([32, 64, 128])
      .describe("Batch sizes to choose from."),
    hyperparameters: hyperparameters
      .omit({ learningRate: true, batchSize: true })
      .prefault({})
      .describe("Arguments that all trials share."),
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

const imageTag = z
  .string()
  .regex(/^(?:[\w][\w.-]{0,127}|sha256:[0-9a-f]{64})$/, { error: "must be a tag or sha256:<digest>" })
  .refine((tag) => tag !== "latest", {
    error: 'must not be "latest": a job or a replaced instance would silently run another image',
  });

function images(use: string, repository: string, cpu: string, gpu: string) {
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
        .default(repository)
        .describe("Repository in that registry."),
      cpu: imageTag.default(cpu).describe("Tag, or better sha256:<digest>, for types without a GPU."),
      gpu: imageTag.default(gpu).describe("The same for types with an NVIDIA GPU."),
    })
    .prefault({})
    .describe(use);
}

export const imagesSection = z
  .strictObject({
    training: images(
      "Image of training and tuning jobs.",
      "pytorch",
      "2.13-cpu-amzn2023-sagemaker",
      "2.13-cu133-amzn2023-sagemaker",
    ),
    serving: images(
      "Image of endpoints.",
      "ray",
      "serve-ml-sagemaker-cpu-v1.4",
      "serve-ml-sagemaker-cuda-v1.4",
    ),
  })
  .prefault({})
  .describe("Container images of jobs and models. The instance type decides between cpu and gpu.");

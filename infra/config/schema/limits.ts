import { z } from "zod";
import { instanceType, positiveUsd } from "./fields";

const ceiling = positiveUsd;

export const ceilings = z
  .strictObject({
    hourlyUsd: z
      .strictObject({
        hosting: ceiling.describe("Per endpoint instance."),
        training: ceiling.describe("Per training instance."),
        tuning: ceiling.describe("Per instance of a tuning job's trials."),
        notebook: ceiling.describe("Per notebook instance."),
        compute: ceiling.describe("Per EC2 instance."),
      })
      .describe("USD per instance and hour, on demand, by use."),
    jobUsd: ceiling.describe(
      "USD of one training or tuning job for as long as it may take: with managed spot, until its longest wait.",
    ),
    monthlyUsd: ceiling.describe(
      "USD of the stack's worst month: maximum capacity, everything on around the clock.",
    ),
    unpriced: z
      .enum(["deny", "estimate"])
      .default("deny")
      .describe(
        "What an instance type without a listed price means: a violation, or an estimate from its family's ratio.",
      ),
  })
  .describe("What the stack may cost. The policy pack holds every resource against it before it is created.");

export const quotas = z
  .strictObject({
    lambdaConcurrentExecutions: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(1000)
      .describe(
        "The account's Lambda concurrency in this region. AWS keeps 100 of it unreserved; new accounts may have 10.",
      ),
    hostingInstances: z
      .record(instanceType("hosting"), z.int().min(0).max(100_000))
      .default({})
      .describe(
        "Service quota per hosting instance type, where known; endpoints are held against it, rollouts included.",
      ),
  })
  .describe("Limits of the AWS account that the configuration is held against.");

import { z } from "zod";
import { accountId, cronExpression, distinct, email, positiveUsd, reason, timeZone } from "./fields";

export const alarms = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("notify"),
      emails: distinct(z.array(email).min(1).max(20), "an address").describe(
        "Each address confirms its subscription once.",
      ),
      idleEndpointHours: z
        .int()
        .min(1)
        .max(24)
        .default(6)
        .describe("An endpoint without an invocation for so long raises an alarm: it bills all the same."),
    }),
    z.strictObject({ kind: z.literal("silent"), reason }),
  ])
  .describe(
    "Who is told. `silent`: the alarms exist, since rollouts roll back on them, but nobody is notified.",
  );

export const budget = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("monthly"),
      limitUsd: positiveUsd.optional().describe("Default: ceilings.monthlyUsd."),
      alertPercents: distinct(z.array(z.int().min(1).max(1000)).min(1).max(4), "a share")
        .default([50, 80, 100])
        .describe(
          "Shares of the limit, of the actual spend, at which mail is sent; a forecast above 100 % is always mailed.",
        ),
      emails: distinct(z.array(email).min(1).max(10), "an address").describe(
        "Who is mailed: AWS takes 10 addresses per alert.",
      ),
      anomalyUsd: positiveUsd.default(20).describe("Unexpected spend of a day that is mailed."),
      costAllocationTag: z
        .enum(["activate", "managed-elsewhere"])
        .default("managed-elsewhere")
        .describe(
          "A budget by tag shows nothing until the tag is active. Only the paying account can activate it, and only a day after the first resource carries it: then set `activate`.",
        ),
    }),
    z.strictObject({ kind: z.literal("none"), reason }),
  ])
  .describe("A budget tells hours late and stops nothing: the ceilings do, before a resource is created.");

export const schedules = z
  .strictObject({
    stopDevelopment: z
      .strictObject({
        cron: cronExpression.default("cron(0 20 ? * MON-FRI *)").describe("When they stop."),
        timeZone: timeZone.default("UTC").describe("Zone of the cron expression."),
      })
      .optional()
      .describe("Stops the notebook and the training box even when their own idle stop fails."),
  })
  .prefault({})
  .describe("What happens at given times.");

export const contract = z
  .strictObject({
    parameterPrefix: z
      .string()
      .regex(/^\/(?!aws|ssm)[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+){0,8}$/i, {
        error: "must be an SSM path such as /sagemaker-ops/dev",
      })
      .optional()
      .describe("SSM path of the outputs. Default: /sagemaker-ops/<environment>."),
    consumerAccounts: distinct(z.array(accountId).max(20), "an account")
      .default([])
      .describe("Other accounts that may invoke the functions' aliases."),
  })
  .prefault({})
  .describe("How other teams find the endpoints.");

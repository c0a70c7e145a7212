import { z } from "zod";
import { cronExpression, entryName, type Finding, timeZone, withChecks } from "./fields";

/** Instances of a fleet. */
export const capacity = z.int().min(1).max(100);

const scheduledBounds = withChecks(
  z.strictObject({
    cron: cronExpression.describe("When these bounds begin to hold."),
    timeZone: timeZone.default("UTC").describe("Zone of the cron expression."),
    min: capacity.describe("Fewest instances from then on."),
    max: capacity.describe("Most instances from then on."),
  }),
  [{ reads: ["min", "max"], find: (bounds) => ordered(bounds) }],
);

export const scalingFields = {
  min: capacity.describe("Fewest instances; at most initialCount."),
  max: capacity.describe("Most instances, and so the most the endpoint can cost."),
  scaleOutCooldownSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .describe("Pause after adding instances. Short, since late capacity costs requests."),
  scaleInCooldownSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(300)
    .describe("Pause after removing instances. Long, since early removal makes the fleet flap."),
  schedules: z
    .record(entryName, scheduledBounds)
    .default({})
    .describe("Other bounds at given times, for instance fewer at night."),
};

/** `min` of bounds is not above `max`. */
export function ordered({ min, max }: { min: number; max: number }): Finding[] {
  return min <= max
    ? []
    : [{ path: ["max"], message: `${max} is below min ${min}`, allowed: `${min} to 100` }];
}

export const scaling = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("fixed") }),
    withChecks(
      z.strictObject({
        kind: z.literal("invocations"),
        maxRequestsPerSecond: z
          .number()
          .positive()
          .max(10_000)
          .describe("What one instance serves before latency bends, from a load test of one instance."),
        safetyFactor: z
          .number()
          .min(0.1)
          .max(1)
          .default(0.5)
          .describe("Share of that rate to aim for, as detection takes minutes."),
        ...scalingFields,
      }),
      [{ reads: ["min", "max"], find: ordered }],
    ),
    withChecks(
      z.strictObject({
        kind: z.literal("concurrency"),
        targetConcurrentRequests: z
          .number()
          .positive()
          .max(1000)
          .describe(
            "Requests in flight and queued per instance to aim for; measured every 10 s, so it reacts sooner.",
          ),
        ...scalingFields,
      }),
      [{ reads: ["min", "max"], find: ordered }],
    ),
  ])
  .prefault({ kind: "fixed" })
  .describe("What decides how many instances there are.");

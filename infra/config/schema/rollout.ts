import { z } from "zod";

const waitSeconds = z.int().min(0).max(3600);

const alarmWait = waitSeconds
  .default(300)
  .describe("How long the alarms watch each step; a fault that shows later is not rolled back.");
const terminationWaitSeconds = waitSeconds
  .default(120)
  .describe("How long the old fleet is kept after all traffic has moved, for a quick way back.");

export const rollout = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all-at-once"), waitSeconds: alarmWait, terminationWaitSeconds }),
    z.strictObject({
      kind: z.literal("canary"),
      percent: z
        .int()
        .min(1)
        .max(50)
        .describe("Share of the new fleet that takes traffic first, rounded up to whole instances."),
      waitSeconds: alarmWait,
      terminationWaitSeconds,
    }),
    z.strictObject({
      kind: z.literal("linear"),
      stepPercent: z.int().min(10).max(50).describe("Share of the traffic that moves in each step."),
      waitSeconds: alarmWait,
      terminationWaitSeconds,
    }),
    z.strictObject({
      kind: z.literal("rolling"),
      batchPercent: z
        .int()
        .min(5)
        .max(50)
        .describe("Share of the fleet that is replaced at a time; needs no second fleet."),
      waitSeconds: alarmWait,
    }),
  ])
  .describe(
    "How a new model takes over. All kinds watch the endpoint's alarms and roll back when one fires.",
  );

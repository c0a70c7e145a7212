import { z } from "zod";
import { rolloutFindings } from "../../rules/rollout";
import { withChecks } from "./fields";
import { burstable, hostingType, startup, volume, volumes } from "./hosted";
import { rollout } from "./rollout";
import { capacity, ordered, scalingFields } from "./scaling";

export const asynchronous = withChecks(
  z.strictObject({
    kind: z.literal("async"),
    instanceType: hostingType,
    initialCount: capacity.default(1).describe("Instances at creation."),
    ...volume,
    ...startup,
    maxConcurrentInvocationsPerInstance: z
      .int()
      .min(1)
      .max(1000)
      .default(4)
      .describe("Requests that an instance takes from the queue at once."),
    scaling: withChecks(
      z.strictObject({
        min: z
          .int()
          .min(0)
          .max(100)
          .default(0)
          .describe("0: no instance, and no bill, while the queue is empty."),
        max: scalingFields.max,
        targetBacklogPerInstance: z
          .number()
          .positive()
          .max(10_000)
          .default(5)
          .describe("Queued requests per instance to aim for."),
        scaleOutCooldownSeconds: scalingFields.scaleOutCooldownSeconds,
        scaleInCooldownSeconds: scalingFields.scaleInCooldownSeconds,
      }),
      [{ reads: ["min", "max"], find: ordered }],
    ).describe("Instances follow the length of the queue."),
    rollout: rollout.prefault({ kind: "all-at-once" }),
  }),
  [
    { reads: ["instanceType", "volumeSizeGiB", "volumeEncryption"], find: volumes },
    { reads: ["instanceType"], find: ({ instanceType: name }) => burstable(name, ["instanceType"]) },
    {
      reads: ["initialCount", "scaling"],
      find: ({ initialCount, scaling: { min, max } }) =>
        min <= initialCount && initialCount <= max
          ? []
          : [
              {
                path: ["initialCount"],
                message: `${initialCount} is outside the scaling bounds ${min} to ${max}`,
                allowed: `${min} to ${max}`,
              },
            ],
    },
    {
      reads: ["initialCount", "scaling", "rollout"],
      find: ({ initialCount, scaling: { min, max }, rollout }) =>
        rolloutFindings({
          rollout,
          fleetSize: Math.min(initialCount, min),
          largestFleet: max,
          hasShadow: false,
        }).map(({ path, ...rest }) => ({
          path: ["rollout", ...path],
          ...rest,
        })),
    },
  ],
);

import { z } from "zod";
import { maximumInstances } from "../../rules/fleet";
import { rolloutFindings } from "../../rules/rollout";
import { entryName, withChecks } from "./fields";
import { burstable, hostingType, startup, volume, volumes } from "./hosted";
import { volumeKey } from "./job-fields";
import { rollout } from "./rollout";
import { capacity, scaling } from "./scaling";

export const instances = withChecks(
  z.strictObject({
    kind: z.literal("instances"),
    instanceType: hostingType.describe(
      "One with an NVIDIA GPU takes the GPU image. AWS refuses another type while the fleet is registered for scaling: deploy with `scaling: { kind: fixed }`, then with the new type, then with scaling again.",
    ),
    initialCount: capacity.describe(
      "Instances at creation, and again after every rollout until scaling acts.",
    ),
    ...volume,
    ...startup,
    scaling,
    rollout: rollout.prefault({ kind: "all-at-once" }),
    routing: z
      .enum(["LEAST_OUTSTANDING_REQUESTS", "RANDOM"])
      .default("LEAST_OUTSTANDING_REQUESTS")
      .describe("How requests are spread; the first keeps queues short when service times differ."),
    shadow: z
      .strictObject({
        model: entryName.describe("Name under `models`."),
        instanceType: hostingType,
        count: capacity.default(1).describe("Instances of the shadow; they do not scale."),
        samplingPercent: z
          .number()
          .min(1)
          .max(100)
          .default(100)
          .describe("Share of the requests that is copied."),
      })
      .optional()
      .describe("A second model that gets a copy of the requests and whose answers are discarded."),
  }),
  [
    { reads: ["instanceType", "volumeSizeGiB", "volumeEncryption"], find: volumes },
    {
      // One key is for the volumes of all variants (CreateEndpointConfig, KmsKeyId).
      reads: ["volumeEncryption", "shadow"],
      find: ({ volumeEncryption, shadow }) =>
        shadow === undefined ? [] : volumeKey("hosting", shadow.instanceType, volumeEncryption),
    },
    {
      reads: ["instanceType", "scaling"],
      find: ({ instanceType: name, scaling: { kind } }) =>
        kind === "fixed" ? [] : burstable(name, ["instanceType"]),
    },
    {
      reads: ["initialCount", "scaling"],
      find: ({ initialCount, scaling }) =>
        scaling.kind === "fixed" || (scaling.min <= initialCount && initialCount <= scaling.max)
          ? []
          : [
              {
                path: ["initialCount"],
                message: `${initialCount} is outside the scaling bounds ${scaling.min} to ${scaling.max}; every rollout starts from it`,
                allowed: `${scaling.min} to ${scaling.max}`,
              },
            ],
    },
    {
      reads: ["initialCount", "scaling", "rollout", "shadow"],
      find: ({ initialCount, scaling, rollout, shadow }) =>
        rolloutFindings({
          rollout,
          fleetSize: smallestFleet(initialCount, scaling),
          largestFleet: maximumInstances({ kind: "instances", initialCount, scaling }),
          hasShadow: shadow !== undefined,
        }).map(({ path, ...rest }) => ({ path: ["rollout", ...path], ...rest })),
    },
  ],
);

/** Instances a rollout can count on whenever it comes, also at night when a schedule has lowered the bounds. */
function smallestFleet(initialCount: number, bounds: z.output<typeof scaling>): number {
  return bounds.kind === "fixed"
    ? initialCount
    : Math.min(initialCount, bounds.min, ...Object.values(bounds.schedules).map(({ min }) => min));
}

import type { EndpointConfig } from "../config/schema/stack";
import { rolloutPeakInstances } from "./rollout";

/** The part of an endpoint's `serving` that bounds its fleet. */
type Sized =
  | { readonly kind: "serverless" }
  | { readonly kind: "async"; readonly scaling: { readonly max: number } }
  | {
      readonly kind: "instances";
      readonly initialCount: number;
      readonly scaling:
        | { readonly kind: "fixed" }
        | {
            readonly kind: "invocations" | "concurrency";
            readonly max: number;
            readonly schedules: Readonly<Record<string, { readonly max: number }>>;
          };
    };

/** Most instances that the serving fleet of an endpoint reaches by scaling, schedules included; 0 for serverless. */
export function maximumInstances(serving: Sized): number {
  switch (serving.kind) {
    case "serverless":
      return 0;
    case "async":
      return serving.scaling.max;
    case "instances":
      return serving.scaling.kind === "fixed"
        ? serving.initialCount
        : Math.max(serving.scaling.max, ...Object.values(serving.scaling.schedules).map(({ max }) => max));
  }
}

/**
 * Instances by hosting type that the endpoints need at once in the worst moment: all at maximum capacity, and the
 * one rollout under way that adds most.
 */
export function largestFleets(endpoints: Readonly<Record<string, EndpointConfig>>): Record<string, number> {
  const fleets: Record<string, number> = {};
  const largestExtra: Record<string, number> = {};
  const add = (type: string, count: number) => {
    fleets[type] = (fleets[type] ?? 0) + count;
  };
  for (const { serving } of Object.values(endpoints)) {
    if (serving.kind === "serverless") continue;
    const most = maximumInstances(serving);
    const extra = rolloutPeakInstances(serving.rollout, most) - most;
    add(serving.instanceType, most);
    largestExtra[serving.instanceType] = Math.max(largestExtra[serving.instanceType] ?? 0, extra);
    if (serving.kind === "instances" && serving.shadow !== undefined)
      add(serving.shadow.instanceType, serving.shadow.count);
  }
  for (const [type, extra] of Object.entries(largestExtra)) add(type, extra);
  return fleets;
}

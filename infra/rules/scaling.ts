import type { ServingConfig } from "../config/schema/stack";
import { variantName } from "./naming";

export type ScaledServing =
  | (Extract<ServingConfig, { kind: "instances" }> & {
      readonly scaling: Exclude<Extract<ServingConfig, { kind: "instances" }>["scaling"], { kind: "fixed" }>;
    })
  | Extract<ServingConfig, { kind: "async" }>;

/** Whether the number of instances follows the load. Serverless endpoints scale by themselves. */
export function isScaled(serving: ServingConfig): serving is ScaledServing {
  return serving.kind === "async" || (serving.kind === "instances" && serving.scaling.kind !== "fixed");
}

/** Application Auto Scaling's name for an endpoint's variant. */
export function variantResourceId(endpointName: string): string {
  return `endpoint/${endpointName}/variant/${variantName}`;
}

export const instanceCountDimension = "sagemaker:variant:DesiredInstanceCount";

/** `TargetTrackingScalingPolicyConfiguration`. */
export interface TargetTracking {
  readonly targetValue: number;
  readonly scaleOutCooldown: number;
  readonly scaleInCooldown: number;
  readonly predefinedMetricSpecification?: { readonly predefinedMetricType: string };
  readonly customizedMetricSpecification?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: { readonly name: string; readonly value: string }[];
    readonly statistic: string;
  };
}

/**
 * Invocations per instance and minute to aim for.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
 *
 * Rounded to a hundredth, and at least that: the service refuses zero.
 */
export function invocationsTarget(maxRequestsPerSecond: number, safetyFactor: number): number {
  return Math.max(0.01, Math.round(maxRequestsPerSecond * safetyFactor * 60 * 100) / 100);
}

/** What the fleet follows: invocations per minute, requests in flight, or the queue of an asynchronous endpoint. */
export function targetTracking(serving: ScaledServing, endpointName: string): TargetTracking {
  const { scaling } = serving;
  const cooldowns = {
    scaleOutCooldown: scaling.scaleOutCooldownSeconds,
    scaleInCooldown: scaling.scaleInCooldownSeconds,
  };
  if (serving.kind === "async") {
    return {
      ...cooldowns,
      targetValue: serving.scaling.targetBacklogPerInstance,
      customizedMetricSpecification: {
        namespace: "AWS/SageMaker",
        metricName: "ApproximateBacklogSizePerInstance",
        dimensions: [{ name: "EndpointName", value: endpointName }],
        statistic: "Average",
      },
    };
  }
  return serving.scaling.kind === "invocations"
    ? {
        ...cooldowns,
        targetValue: invocationsTarget(serving.scaling.maxRequestsPerSecond, serving.scaling.safetyFactor),
        predefinedMetricSpecification: {
          predefinedMetricType: "SageMakerVariantInvocationsPerInstance",
        },
      }
    : {
        ...cooldowns,
        targetValue: serving.scaling.targetConcurrentRequests,
        predefinedMetricSpecification: {
          predefinedMetricType: "SageMakerVariantConcurrentRequestsPerModelHighResolution",
        },
      };
}

export interface ScheduledBounds {
  readonly name: string;
  /** `cron(0 7 ? * MON-FRI *)` */
  readonly schedule: string;
  /** IANA name. */
  readonly timezone: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

/** Other bounds at given times, by name, in the order of their names. */
export function scheduledBounds(serving: ScaledServing): ScheduledBounds[] {
  if (serving.kind === "async") return [];
  return Object.entries(serving.scaling.schedules)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { cron, timeZone, min, max }]) => ({
      name,
      schedule: cron,
      timezone: timeZone,
      minCapacity: min,
      maxCapacity: max,
    }));
}

/**
 * Step policy that starts the first instance of an asynchronous endpoint: with none, the backlog per instance has no
 * value to track. It is there whatever the minimum, so that a minimum raised from 0 takes nothing away.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export function wakeUpPolicy(serving: ScaledServing) {
  if (serving.kind !== "async") return undefined;
  return {
    adjustmentType: "ChangeInCapacity",
    metricAggregationType: "Average",
    cooldown: serving.scaling.scaleOutCooldownSeconds,
    stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
  };
}

import type { ServingConfig } from "../config/schema/stack";
import { maximumInstances } from "./fleet";
import { type Rollout, rolloutTimeoutSeconds } from "./rollout";

interface CapacityShare {
  readonly type: "CAPACITY_PERCENT";
  readonly value: number;
}

/** `DeploymentConfig` of an endpoint; `Name` is the type of an alarm name, text or something that resolves to it. */
export interface DeploymentConfig<Name> {
  readonly autoRollbackConfiguration: { readonly alarms: { readonly alarmName: Name }[] };
  readonly blueGreenUpdatePolicy?: {
    readonly trafficRoutingConfiguration: {
      readonly type: "ALL_AT_ONCE" | "CANARY" | "LINEAR";
      readonly waitIntervalInSeconds: number;
      readonly canarySize?: CapacityShare;
      readonly linearStepSize?: CapacityShare;
    };
    readonly terminationWaitInSeconds: number;
    readonly maximumExecutionTimeoutInSeconds: number;
  };
  readonly rollingUpdatePolicy?: {
    readonly maximumBatchSize: CapacityShare;
    readonly rollbackMaximumBatchSize: CapacityShare;
    readonly waitIntervalInSeconds: number;
    readonly maximumExecutionTimeoutInSeconds: number;
  };
}

/** AWS: Alarms of an AutoRollbackConfig, 1 to 10 to have an effect. */
const alarmCount = { min: 1, max: 10 };

/**
 * How SageMaker moves an endpoint to a new configuration and what makes it go back.
 *
 * The alarms are part of it from the endpoint's creation: the provider replaces an endpoint, that is, deletes it first,
 * when they are added or removed later. It has no effect on the first creation.
 *
 * `undefined` for serverless endpoints: deployment guardrails exist for real-time and asynchronous endpoints only, and
 * without any a new version takes over all at once with no baking period. Turning a serverless endpoint into another
 * kind therefore replaces it, which a protected endpoint refuses: deploy it under another name.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 *
 * @throws Error when the number of alarms is not 1 to 10.
 */
export function deploymentConfig<Name>(
  serving: ServingConfig,
  alarmNames: readonly Name[],
): DeploymentConfig<Name> | undefined {
  if (serving.kind === "serverless") return undefined;
  if (alarmNames.length < alarmCount.min || alarmNames.length > alarmCount.max) {
    throw new Error(
      `A rollout watches ${alarmCount.min} to ${alarmCount.max} alarms, and ${alarmNames.length} are given. Without one nothing is rolled back, and adding one later replaces the endpoint.`,
    );
  }
  const { rollout } = serving;
  const maximumExecutionTimeoutInSeconds = rolloutTimeoutSeconds(rollout, maximumInstances(serving));
  const autoRollbackConfiguration = { alarms: alarmNames.map((alarmName) => ({ alarmName })) };

  if (rollout.kind === "rolling") {
    const batch = share(rollout.batchPercent);
    return {
      autoRollbackConfiguration,
      rollingUpdatePolicy: {
        maximumBatchSize: batch,
        // The way back is taken in steps of the same size, so that it needs no more instances than the way there.
        rollbackMaximumBatchSize: batch,
        waitIntervalInSeconds: rollout.waitSeconds,
        maximumExecutionTimeoutInSeconds,
      },
    };
  }
  return {
    autoRollbackConfiguration,
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: { ...routing(rollout), waitIntervalInSeconds: rollout.waitSeconds },
      terminationWaitInSeconds: rollout.terminationWaitSeconds,
      maximumExecutionTimeoutInSeconds,
    },
  };
}

function routing(rollout: Exclude<Rollout, { kind: "rolling" }>) {
  switch (rollout.kind) {
    case "all-at-once":
      return { type: "ALL_AT_ONCE" } as const;
    case "canary":
      return { type: "CANARY", canarySize: share(rollout.percent) } as const;
    case "linear":
      return { type: "LINEAR", linearStepSize: share(rollout.stepPercent) } as const;
  }
}

function share(value: number): CapacityShare {
  return { type: "CAPACITY_PERCENT", value };
}

/** How a new model takes over an endpoint; the config's `rollout`. */
export type Rollout =
  | { readonly kind: "all-at-once"; readonly waitSeconds: number; readonly terminationWaitSeconds: number }
  | {
      readonly kind: "canary";
      readonly percent: number;
      readonly waitSeconds: number;
      readonly terminationWaitSeconds: number;
    }
  | {
      readonly kind: "linear";
      readonly stepPercent: number;
      readonly waitSeconds: number;
      readonly terminationWaitSeconds: number;
    }
  | { readonly kind: "rolling"; readonly batchPercent: number; readonly waitSeconds: number };

interface RolloutFinding {
  readonly path: readonly string[];
  readonly message: string;
  readonly allowed: string;
}

/** AWS: MaximumExecutionTimeoutInSeconds of a deployment configuration. */
const executionTimeoutSeconds = { min: 600, max: 14_400 };

/** Time to start a fleet or a batch and to shift its traffic, on top of the configured waits. */
const startSeconds = 900;

/** Steps of a rollout on a fleet of the given size; AWS rounds shares up to whole instances. */
export function rolloutSteps(rollout: Rollout, fleetSize: number): number {
  switch (rollout.kind) {
    case "all-at-once":
      return 1;
    case "canary":
      return 2;
    case "linear":
      return Math.ceil(100 / rollout.stepPercent);
    case "rolling":
      return Math.ceil(fleetSize / Math.max(1, Math.ceil((fleetSize * rollout.batchPercent) / 100)));
  }
}

/** Configured waits of a whole rollout in seconds. */
export function rolloutWaitSeconds(rollout: Rollout, fleetSize: number): number {
  const steps = rolloutSteps(rollout, fleetSize);
  return steps * rollout.waitSeconds + (rollout.kind === "rolling" ? 0 : rollout.terminationWaitSeconds);
}

/**
 * `MaximumExecutionTimeoutInSeconds`: more than the waits, with time to start each batch, within AWS's 600 to
 * 14,400 seconds.
 */
export function rolloutTimeoutSeconds(rollout: Rollout, fleetSize: number): number {
  const starts = rollout.kind === "rolling" ? rolloutSteps(rollout, fleetSize) : 1;
  const wanted = rolloutWaitSeconds(rollout, fleetSize) + starts * startSeconds;
  return Math.min(executionTimeoutSeconds.max, Math.max(executionTimeoutSeconds.min, wanted));
}

/**
 * Instances that exist at most during a rollout. Blue/green keeps the whole old fleet beside the new one; rolling
 * adds one batch.
 */
export function rolloutPeakInstances(rollout: Rollout, fleetSize: number): number {
  return rollout.kind === "rolling"
    ? fleetSize + Math.max(1, Math.ceil((fleetSize * rollout.batchPercent) / 100))
    : 2 * fleetSize;
}

/**
 * Why a rollout cannot work on this fleet.
 * Sources: SageMaker deployment guardrails, "Use canary / linear traffic shifting", "rolling deployments", "Exclusions".
 */
export function rolloutFindings(args: {
  readonly rollout: Rollout;
  /** Instances the rollout can count on: the scaling minimum, or the fixed count. */
  readonly fleetSize: number;
  /** Instances it may have to replace: the scaling maximum, or the fixed count. */
  readonly largestFleet: number;
  readonly hasShadow: boolean;
}): RolloutFinding[] {
  const { rollout, fleetSize, largestFleet, hasShadow } = args;
  const findings: RolloutFinding[] = [];
  if (rollout.kind !== "all-at-once" && fleetSize < 2) {
    findings.push({
      path: ["kind"],
      message: `a ${rollout.kind} rollout moves part of a fleet, and this one may have ${fleetSize === 1 ? "a single instance" : "no instance"}`,
      allowed: '"all-at-once", or at least 2 instances (initialCount and scaling.min)',
    });
  }
  if (rollout.kind === "rolling" && hasShadow) {
    findings.push({
      path: ["kind"],
      message: "rolling rollouts exclude endpoints with more than one variant, and a shadow is one",
      allowed: '"all-at-once", "canary" or "linear" with a shadow',
    });
  }
  const waits = rolloutWaitSeconds(rollout, Math.max(1, largestFleet));
  if (waits >= executionTimeoutSeconds.max) {
    findings.push({
      path: ["waitSeconds"],
      message: `the waits of all steps add up to ${waits} s on ${largestFleet} instances`,
      allowed: `less than ${executionTimeoutSeconds.max} s in all, AWS's limit for one rollout`,
    });
  }
  return findings;
}

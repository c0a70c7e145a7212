import { asObject, type Properties, UNKNOWN } from "../../values";
import type { Item, Ledger } from "./ledger";

/** How much of the fleet runs twice during one deployment, and for how long at most. */
export interface Rollout {
  readonly seconds: number;
  /** Instances added beside a fleet of the given size. */
  readonly extra: (fleet: number) => number;
  readonly basis: string;
}

// Without a deployment configuration SageMaker replaces the fleet at once and names no limit; half an hour is this estimate's own.
const UNSTATED_SECONDS = 1800;

/** From `deploymentConfig`: blue/green doubles the fleet, a rolling update adds its largest batch. */
export function rolloutOf(ledger: Ledger, endpoint: Item): Rollout {
  if (endpoint.properties.deploymentConfig === UNKNOWN)
    ledger.unknownUntilDeployment(endpoint, "how it is rolled out");
  const config = asObject(endpoint.properties.deploymentConfig);
  const rolling = asObject(config?.rollingUpdatePolicy);
  if (rolling !== undefined) return rollingUpdate(ledger, endpoint, rolling);

  const blueGreen = asObject(config?.blueGreenUpdatePolicy);
  if (blueGreen !== undefined) return blueGreenUpdate(ledger, endpoint, blueGreen);
  return {
    seconds: UNSTATED_SECONDS,
    extra: (fleet) => fleet,
    basis: `no rollout limits given: the fleet twice for an assumed ${UNSTATED_SECONDS} s`,
  };
}

function blueGreenUpdate(ledger: Ledger, endpoint: Item, policy: Properties): Rollout {
  const routing = asObject(policy.trafficRoutingConfiguration) ?? {};
  const wait = seconds(ledger, endpoint, routing.waitIntervalInSeconds, "rollout: the wait interval");
  const termination = seconds(
    ledger,
    endpoint,
    policy.terminationWaitInSeconds,
    "rollout: the termination wait",
  );
  const limit = seconds(ledger, endpoint, policy.maximumExecutionTimeoutInSeconds, "rollout: the time limit");
  const steps = stepsOf(ledger, endpoint, routing);
  const total = Math.max(limit, steps * wait + termination);

  return {
    seconds: total === 0 ? UNSTATED_SECONDS : total,
    extra: (fleet) => fleet,
    basis: `blue/green: the fleet twice for at most ${total === 0 ? UNSTATED_SECONDS : total} s`,
  };
}

function rollingUpdate(ledger: Ledger, endpoint: Item, policy: Properties): Rollout {
  const batch = asObject(policy.maximumBatchSize) ?? {};
  const size = ledger.amount(endpoint, batch.value, "rollout: the batch size", { missing: 1, atLeast: 1 });
  const percent = batch.type === "CAPACITY_PERCENT";
  const wait = seconds(ledger, endpoint, policy.waitIntervalInSeconds, "rollout: the wait interval");
  const limit = seconds(ledger, endpoint, policy.maximumExecutionTimeoutInSeconds, "rollout: the time limit");
  // Batches of 5 to 50 % make at most 20 steps (API_RollingUpdatePolicy).
  const total = Math.max(limit, 20 * wait);

  return {
    seconds: total === 0 ? UNSTATED_SECONDS : total,
    extra: (fleet) => Math.min(fleet, percent ? Math.ceil((fleet * size) / 100) : size),
    basis: `rolling: batches of ${size}${percent ? " %" : ""} beside the fleet for at most ${total === 0 ? UNSTATED_SECONDS : total} s`,
  };
}

function stepsOf(ledger: Ledger, endpoint: Item, routing: Properties): number {
  if (routing.type === "CANARY") return 2;
  if (routing.type !== "LINEAR") return 1;

  const step = asObject(routing.linearStepSize) ?? {};
  const value = ledger.amount(endpoint, step.value, "rollout: the linear step", {
    missing: 10,
    atLeast: 10,
  });
  // A step counted in instances depends on the fleet; ten steps is what AWS's smallest percentage amounts to.
  return step.type === "CAPACITY_PERCENT" && value > 0 ? Math.ceil(100 / value) : 10;
}

function seconds(ledger: Ledger, endpoint: Item, value: unknown, what: string): number {
  return ledger.amount(endpoint, value, what, { missing: 0, atLeast: 0 });
}

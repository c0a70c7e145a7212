import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { type Quantity, quantity, UNKNOWN } from "../values";

/** Bounds of https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html and the pages beside it. */
const WAIT = { least: 0, most: 3600 };
// AWS's API takes up to 28,800; the provider of Pulumi refuses more than this.
const EXECUTION = { least: 600, most: 14_400 };

interface Share {
  readonly least: number;
  readonly most: number;
}

const CANARY: Share = { least: 1, most: 50 };
const LINEAR: Share = { least: 10, most: 50 };
const BATCH: Share = { least: 5, most: 50 };
/**
 * A batch is a share of the fleet in whole instances and at most half of it, so there are two batches at least. How many
 * there are depends on the number of instances, which the endpoint does not tell: 5 % of three instances is one of them.
 */
const LEAST_BATCHES = 2;
// Going back all at once is what AWS does without a value.
const ROLLBACK: Share = { least: 5, most: 100 };

interface Judged {
  readonly findings: readonly Finding[];
  readonly value: number | undefined;
}

/** @param path of the policy, for messages; @param policy known, of any shape. */
export function blueGreenFindings(path: string, policy: unknown): readonly Finding[] {
  const routing = `${path}.trafficRoutingConfiguration`;
  const type = at(policy, "trafficRoutingConfiguration.type");
  const canary = at(policy, "trafficRoutingConfiguration.canarySize");
  const linear = at(policy, "trafficRoutingConfiguration.linearStepSize");
  const wait = seconds(
    `${routing}.waitIntervalInSeconds`,
    at(policy, "trafficRoutingConfiguration.waitIntervalInSeconds"),
    WAIT,
    true,
  );
  const termination = seconds(
    `${path}.terminationWaitInSeconds`,
    at(policy, "terminationWaitInSeconds"),
    WAIT,
    false,
  );

  const size = sizeFindings(routing, type, canary, linear);
  const steps = type === "CANARY" ? 2 : type === "LINEAR" ? stepsOf(linear) : 1;
  return [
    ...size,
    ...wait.findings,
    ...termination.findings,
    ...limit(path, policy, sum(steps, wait.value, termination.value ?? 0)),
  ];
}

/** @param path of the policy, for messages; @param policy known, of any shape. */
export function rollingFindings(path: string, policy: unknown): readonly Finding[] {
  const batch = at(policy, "maximumBatchSize");
  const back = at(policy, "rollbackMaximumBatchSize");
  const wait = seconds(`${path}.waitIntervalInSeconds`, at(policy, "waitIntervalInSeconds"), WAIT, true);
  return [
    ...share(`${path}.maximumBatchSize`, batch, BATCH),
    ...(back === undefined ? [] : share(`${path}.rollbackMaximumBatchSize`, back, ROLLBACK)),
    ...wait.findings,
    ...limit(path, policy, sum(LEAST_BATCHES, wait.value, 0)),
  ];
}

function sizeFindings(routing: string, type: unknown, canary: unknown, linear: unknown): readonly Finding[] {
  const wanted = { ALL_AT_ONCE: undefined, CANARY: "canarySize", LINEAR: "linearStepSize" };
  if (type === UNKNOWN) return [undecided(`${routing}.type`)];
  if (typeof type !== "string" || !Object.hasOwn(wanted, type)) {
    return [
      violation(
        `${routing}.type is ${shown(type)}; allowed are ${Object.keys(wanted).join(", ")}. Choose one of them.`,
      ),
    ];
  }
  const surplus = [
    ...(canary !== undefined && type !== "CANARY" ? ["canarySize"] : []),
    ...(linear !== undefined && type !== "LINEAR" ? ["linearStepSize"] : []),
  ].map((name) =>
    violation(
      `${routing}.${name} is set with the type ${type}, which has no use for it. Leave it out, or change the type.`,
    ),
  );
  return [
    ...surplus,
    ...(type === "CANARY" ? share(`${routing}.canarySize`, canary, CANARY) : []),
    ...(type === "LINEAR" ? share(`${routing}.linearStepSize`, linear, LINEAR) : []),
  ];
}

function share(path: string, size: unknown, { least, most }: Share): readonly Finding[] {
  if (size === UNKNOWN) return [undecided(path)];
  const type = at(size, "type");
  const value = at(size, "value");
  const number = quantity(value);
  if (type === UNKNOWN || number.kind === "unknown") return [undecided(path)];

  const known = number.kind === "known" && Number.isInteger(number.value) ? number.value : undefined;
  if (type === "CAPACITY_PERCENT" && known !== undefined && known >= least && known <= most) return [];
  // How many instances there are stands in the configuration; that a count is no more than half of them AWS checks.
  if (type === "INSTANCE_COUNT" && known !== undefined && known >= 1) return [];
  return [
    violation(
      `${path} is ${shown(value)} of the type ${shown(type)}; allowed are ${least} to ${most} of CAPACITY_PERCENT, or 1 and more of INSTANCE_COUNT. Set type and value.`,
    ),
  ];
}

function stepsOf(size: unknown): number | undefined {
  const value = quantity(at(size, "value"));
  if (at(size, "type") !== "CAPACITY_PERCENT" || value.kind !== "known" || value.value <= 0) return undefined;
  return Math.ceil(100 / value.value);
}

function seconds(path: string, value: unknown, { least, most }: Share, required: boolean): Judged {
  const number: Quantity = quantity(value);
  if (number.kind === "unknown") return { findings: [undecided(path)], value: undefined };
  if (number.kind === "missing" && !required) return { findings: [], value: undefined };
  if (number.kind === "known" && number.value >= least && number.value <= most) {
    return { findings: [], value: number.value };
  }
  const finding = violation(
    `${path} is ${shown(value)}; allowed are ${least} to ${most} s. Set it within them.`,
  );
  return { findings: [finding], value: undefined };
}

function sum(steps: number | undefined, wait: number | undefined, termination: number): number | undefined {
  return steps === undefined || wait === undefined ? undefined : steps * wait + termination;
}

function limit(path: string, policy: unknown, waits: number | undefined): readonly Finding[] {
  const name = "maximumExecutionTimeoutInSeconds";
  const judged = seconds(`${path}.${name}`, at(policy, name), EXECUTION, false);
  if (judged.value === undefined || waits === undefined || waits < judged.value) return judged.findings;
  return [
    violation(
      `${path}.${name} is ${judged.value}, and the waits alone take ${waits} s, so every rollout ends in a rollback. Raise it above ${waits}, or wait less.`,
    ),
  ];
}

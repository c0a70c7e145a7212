import type { JsonObject, JsonValue } from "../../../plan/json-value";
import { type Aws, AwsError, type CloudObject, findBy, listOf, objectsOf, textOf } from "./cloud";
import type { Behaviour } from "./control-plane";
import { assumeRole } from "./iam";
import { requireInstances } from "./quotas";

const configType = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const modelType = "aws:sagemaker/model:Model";

/** What an endpoint runs of one variant. A serverless variant has no instance type and no instances. */
interface Fleet {
  readonly variant: string;
  readonly instanceType: string;
  readonly count: number;
}

/** Simulated seconds that starting a fleet takes, and moving to another one. */
const startSeconds = 240;
const rolloutSeconds = 600;

export const model: Behaviour = {
  create: (aws, { properties }) => assumeRole(aws, properties.executionRoleArn, "sagemaker"),
};

export const endpointConfiguration: Behaviour = {
  create: ({ cloud }, { properties }) => {
    for (const { modelName } of [
      ...listOf(properties.productionVariants),
      ...listOf(properties.shadowProductionVariants),
    ]) {
      if (findBy(cloud, modelType, "name", modelName) === undefined)
        throw new AwsError("ValidationException", `Could not find model "${String(modelName)}".`);
    }
  },
  // AWS does not refuse to delete one that is in use, it only says that one must not
  // (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html).
};

/**
 * The endpoint's states: Creating, InService, Updating, RollingBack, SystemUpdating, Failed, Deleting. Those that only last
 * while a call waits are seen in `live.states`, which notes each of them, and the fleet of that moment in `live.counts`.
 */
export const endpoint: Behaviour = {
  create: (aws, object) => {
    const wanted = textOf(object.properties.endpointConfigName);
    const fleet = fleetOf(requireConfig(aws, wanted));
    for (const { instanceType, count } of fleet) requireCount(aws, instanceType, count);
    enter(object, "Creating", []);
    object.live.configName = wanted;
    aws.cloud.clockSeconds += startSeconds;
    if (aws.faults.failedHealthCheck?.includes(object.id) === true) {
      enter(object, "Failed", []);
      throw new AwsError(
        "unexpected state 'Failed', wanted target 'InService'",
        `The production variant for endpoint ${object.id} did not pass the ping health check.`,
        true,
      );
    }
    enter(object, "InService", fleet);
  },
  update: (aws, object, before) => {
    const { faults } = aws;
    const { properties, live } = object;
    const serving = textOf(live.configName);
    const wanted = textOf(properties.endpointConfigName);
    if (wanted === serving) {
      const { deploymentConfig } = properties;
      if (JSON.stringify(deploymentConfig) !== JSON.stringify(before.deploymentConfig))
        live.updates = Number(live.updates ?? 0) + 1;
      return;
    }
    requireStatus(object, "InService");
    requireConfig(aws, serving);
    const old = currentFleet(object);
    const next = fleetOf(requireConfig(aws, wanted));
    requireUnregistered(aws, object.id, old, next);
    for (const { instanceType, count } of next) requireCount(aws, instanceType, count);

    enter(object, "Updating", [...old, ...next]);
    aws.cloud.clockSeconds += rolloutSeconds;
    live.updates = Number(live.updates ?? 0) + 1;
    if ([...(faults.silentRollback ?? []), ...(faults.failedHealthCheck ?? [])].includes(object.id)) {
      enter(object, "RollingBack", [...old, ...next]);
      enter(object, "InService", old);
      // What the provider calls success: https://github.com/hashicorp/terraform-provider-aws/issues/48997.
      properties.endpointConfigName = serving;
      return;
    }
    live.configName = wanted;
    // Nobody asked to retain the variants' properties, so that the fleet is as large as the new configuration says
    // (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html).
    enter(object, "InService", next);
    const scaled = next.map((fleet) => ({ ...fleet, count: atLeastMinimum(aws, object.id, fleet) }));
    if (JSON.stringify(scaled) !== JSON.stringify(next)) enter(object, "InService", scaled);
  },
  delete: (aws, object) => {
    // Stricter than AWS, which takes the target away itself where the caller may do that.
    const registered = objectsOf(aws.cloud, "aws:appautoscaling/target:Target").find(({ properties }) =>
      textOf(properties.resourceId).startsWith(`endpoint/${object.id}/`),
    );
    if (registered !== undefined)
      throw new AwsError("ValidationException", `Endpoint ${object.id} has a registered scalable target.`);
    if (object.live.status !== "Failed") requireStatus(object, "InService");
    enter(object, "Deleting", []);
  },
  describe: ({ faults }, { properties, live }) => {
    const answer: JsonObject = { ...properties };
    if (live.configName !== undefined) answer.endpointConfigName = live.configName;
    if (faults.deploymentConfig === "empty until updated" && live.updates === undefined)
      delete answer.deploymentConfig;
    return answer;
  },
};

/** Sets the number of instances as autoscaling does, within the bounds of the scalable target. */
export function scaleTo(aws: Aws, endpointName: string, count: number): void {
  const found = findBy(aws.cloud, "aws:sagemaker/endpoint:Endpoint", "name", endpointName);
  if (found === undefined)
    throw new AwsError("ValidationException", `Could not find endpoint ${endpointName}`);
  enter(
    found,
    "InService",
    currentFleet(found).map((fleet) => ({ ...fleet, count })),
  );
}

function enter(object: CloudObject, status: string, fleet: readonly Fleet[]): void {
  const { live } = object;
  live.status = status;
  live.fleet = fleet.map((one) => ({ ...one }));
  live.states = [...asList(live.states), status];
  live.counts = [...asList(live.counts), fleet.reduce((sum, { count }) => sum + count, 0)];
}

function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function currentFleet({ live }: CloudObject): Fleet[] {
  return listOf(live.fleet) as unknown as Fleet[];
}

function fleetOf({ properties }: CloudObject): Fleet[] {
  return listOf(properties.productionVariants).map(({ variantName, instanceType, initialInstanceCount }) => ({
    variant: textOf(variantName),
    instanceType: textOf(instanceType),
    count: Number(initialInstanceCount ?? 0),
  }));
}

function requireCount(aws: Aws, instanceType: string, count: number): void {
  if (instanceType !== "") requireInstances(aws, instanceType, count);
}

function requireConfig({ cloud }: Aws, name: string): CloudObject {
  const config = findBy(cloud, configType, "name", name);
  if (config !== undefined) return config;
  throw new AwsError("ValidationException", `Could not find endpoint configuration "${name}".`);
}

function requireStatus({ id, live }: CloudObject, status: string): void {
  if (live.status === status) return;
  throw new AwsError("ValidationException", `Cannot change endpoint ${id} in status ${String(live.status)}.`);
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html, "instance type". */
function requireUnregistered(aws: Aws, name: string, old: readonly Fleet[], next: readonly Fleet[]): void {
  for (const { variant, instanceType } of next) {
    const before = old.find((fleet) => fleet.variant === variant);
    if (before === undefined || before.instanceType === instanceType) continue;
    if (targetOf(aws, name, variant) === undefined) continue;
    throw new AwsError(
      "ValidationException",
      `The variant(s) "${variant}" of endpoint ${name} must be deregistered as scalable target before the instance type changes.`,
    );
  }
}

function atLeastMinimum(aws: Aws, name: string, { variant, count }: Fleet): number {
  return Math.max(count, Number(targetOf(aws, name, variant)?.properties.minCapacity ?? 0));
}

function targetOf({ cloud }: Aws, name: string, variant: string): CloudObject | undefined {
  const resourceId = `endpoint/${name}/variant/${variant}`;
  return findBy(cloud, "aws:appautoscaling/target:Target", "resourceId", resourceId);
}

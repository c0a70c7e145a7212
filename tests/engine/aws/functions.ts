import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import { type Aws, AwsError, type Cloud, type CloudObject, findBy, objectsOf, textOf } from "./cloud";
import type { Behaviour } from "./control-plane";
import { assumeRole } from "./iam";

const functionType = "aws:lambda/function:Function";
const aliasType = "aws:lambda/alias:Alias";

const provisionedType = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";

/** Seconds for which an alias has weights while its environments move to another version; AWS names none, people wait for 240. */
const movingSeconds = 90;

/** Concurrent executions of an account, and how many of them stay for functions that reserve none. */
const accountConcurrency = 1000;
const keptUnreserved = 100;

export const lambdaFunction: Behaviour = {
  create: (aws, object) => {
    assumeRole(aws, object.properties.role, "lambda");
    requireReservable(aws, object.properties);
    object.live.versions = ["1"];
  },
  update: (aws, object, before) => {
    if (before.reservedConcurrentExecutions !== object.properties.reservedConcurrentExecutions)
      requireReservable(aws, object.properties);
    if (object.properties.publish !== true || !publishesVersion(before, object.properties)) return;
    const versions = versionsOf(object);
    const version = String(versions.length + 1);
    const arn = textOf(object.properties.arn);
    object.live.versions = [...versions, version];
    object.properties = { ...object.properties, version, qualifiedArn: `${arn}:${version}` };
  },
};

/** Whether an update publishes a version: reserving concurrency, and tagging, make none. */
export function publishesVersion(before: JsonObject, after: JsonObject): boolean {
  const code = ({ reservedConcurrentExecutions: _, tags: _t, tagsAll: _a, ...rest }: JsonObject) =>
    JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  return code(before) !== code(after);
}

export const alias: Behaviour = {
  create: ({ cloud }, { properties }) => requireVersion(cloud.objects, properties),
  update: ({ cloud }, object, before) => {
    requireVersion(cloud.objects, object.properties);
    const { functionName, name, functionVersion } = object.properties;
    const isKeptReady = provisionedOf(cloud, functionName).some(({ qualifier }) => qualifier === name);
    if (isKeptReady && functionVersion !== before.functionVersion)
      object.live.movingUntilSeconds = cloud.clockSeconds + movingSeconds;
  },
};

export const provisionedConcurrency: Behaviour = {
  create: (aws, { properties }) => checkProvisioned(aws, properties),
  update: (aws, { properties }) => checkProvisioned(aws, properties),
};

function checkProvisioned({ cloud }: Aws, properties: JsonObject): void {
  const { functionName, qualifier, provisionedConcurrentExecutions: count } = properties;
  const fn = findBy(cloud, functionType, "name", functionName);
  if (qualifier === "$LATEST") {
    throw new AwsError(
      "InvalidParameterValueException",
      "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
    );
  }
  const known = objectsOf(cloud, aliasType).find(
    ({ properties: own }) => own.functionName === functionName && own.name === qualifier,
  );
  if (fn === undefined || !(known !== undefined || versionsOf(fn).includes(textOf(qualifier))))
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionName}:${qualifier}`);
  const reserved = fn.properties.reservedConcurrentExecutions;
  if (typeof reserved === "number" && reserved >= 0 && Number(count) > reserved) {
    throw new AwsError(
      "InvalidParameterValueException",
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function.",
    );
  }
  if (known === undefined || !hasWeights(cloud, known)) return;
  // https://github.com/hashicorp/terraform-provider-aws/pull/48116
  throw new AwsError(
    "InvalidParameterValueException",
    "Alias with weights can not be used with Provisioned Concurrency",
  );
}

/** Whether an alias has weights of its owner's, or of Lambda's while environments move. */
function hasWeights({ clockSeconds }: Cloud, { properties, live }: CloudObject): boolean {
  const { routingConfig } = properties;
  const weights = isJsonObject(routingConfig) ? routingConfig.additionalVersionWeights : undefined;
  return (
    clockSeconds < Number(live.movingUntilSeconds ?? 0) ||
    (isJsonObject(weights) && Object.keys(weights).length > 0)
  );
}

function provisionedOf(cloud: Cloud, functionName: JsonValue | undefined): JsonObject[] {
  return objectsOf(cloud, provisionedType)
    .map(({ properties }) => properties)
    .filter((own) => own.functionName === functionName);
}

function requireReservable({ cloud }: Aws, { name, reservedConcurrentExecutions: own }: JsonObject): void {
  const provisioned = provisionedOf(cloud, name).reduce(
    (sum, { provisionedConcurrentExecutions: count }) => sum + Number(count),
    0,
  );
  if (typeof own === "number" && own >= 0 && provisioned > own) {
    // In the words of https://github.com/localstack/localstack, whose tests compare with AWS.
    throw new AwsError(
      "InvalidParameterValueException",
      `ReservedConcurrentExecutions ${own} should not be lower than function's total provisioned concurrency [${provisioned}].`,
    );
  }
  const reserved = objectsOf(cloud, functionType).reduce(
    (sum, { properties }) => sum + Math.max(0, Number(properties.reservedConcurrentExecutions ?? 0)),
    0,
  );
  if (reserved <= accountConcurrency - keptUnreserved) return;
  throw new AwsError(
    "InvalidParameterValueException",
    `Specified ReservedConcurrentExecutions decreases account's UnreservedConcurrentExecution below its minimum value of [${keptUnreserved}].`,
  );
}

function requireVersion(
  objects: Readonly<Record<string, CloudObject>>,
  { functionName, functionVersion }: JsonObject,
): void {
  const fn = Object.values(objects).find(
    ({ type, properties }) =>
      type === functionType && [properties.name, properties.arn].includes(functionName ?? ""),
  );
  if (fn === undefined || !versionsOf(fn).includes(textOf(functionVersion)))
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionName}:${functionVersion}`);
}

function versionsOf({ live }: CloudObject): string[] {
  return Array.isArray(live.versions) ? live.versions.map(String) : [];
}

import type { JsonObject } from "../../../plan/json-value";
import { type Aws, AwsError, type CloudObject, findBy, objectsOf, textOf } from "./cloud";
import type { Behaviour } from "./control-plane";
import { assumeRole } from "./iam";

const functionType = "aws:lambda/function:Function";
const aliasType = "aws:lambda/alias:Alias";

/** Concurrent executions of an account, and how many of them stay for functions that reserve none. */
const accountConcurrency = 1000;
const keptUnreserved = 100;

export const lambdaFunction: Behaviour = {
  create: (aws, object) => {
    assumeRole(aws, object.properties.role, "lambda");
    requireReservable(aws);
    object.live.versions = ["1"];
  },
  update: (aws, object, before) => {
    requireReservable(aws);
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
  update: ({ cloud }, { properties }) => requireVersion(cloud.objects, properties),
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
  const known = objectsOf(cloud, aliasType).some(
    ({ properties: own }) => own.functionName === functionName && own.name === qualifier,
  );
  if (fn === undefined || !(known || versionsOf(fn).includes(textOf(qualifier))))
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionName}:${qualifier}`);
  const reserved = fn.properties.reservedConcurrentExecutions;
  if (typeof reserved === "number" && reserved >= 0 && Number(count) > reserved) {
    throw new AwsError(
      "InvalidParameterValueException",
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function.",
    );
  }
}

function requireReservable({ cloud }: Aws): void {
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

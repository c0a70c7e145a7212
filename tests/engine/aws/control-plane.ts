import type { JsonObject } from "../../../plan/json-value";
import { bucket } from "./buckets";
import { type Aws, AwsError, type Call, type CloudObject, keyOf, objectsOf } from "./cloud";
import { requireUnused } from "./dependencies";
import { endpoint, endpointConfiguration, model } from "./endpoints";
import { alias, lambdaFunction, provisionedConcurrency } from "./functions";
import { assumeRole, instanceProfile, ofRole, role } from "./iam";
import { trainingJob, tuningJob } from "./jobs";
import { checkName } from "./names";
import { ofTarget, scalableTarget } from "./scaling";

/** What one type does beside being kept. Each may change the object and the account, let time pass, and throw AwsError. */
export interface Behaviour {
  /** The one that is there and is as good: AWS then makes no second one. */
  readonly same?: (aws: Aws, object: CloudObject) => CloudObject | undefined;
  /** The object stands in the account already. */
  readonly create?: (aws: Aws, object: CloudObject) => void;
  /** The object has its new properties already. */
  readonly update?: (aws: Aws, object: CloudObject, before: JsonObject) => void;
  readonly delete?: (aws: Aws, object: CloudObject) => void;
  /** @default - the properties as they are kept */
  readonly describe?: (aws: Aws, object: CloudObject) => JsonObject;
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": ofRole,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ofRole,
  "aws:iam/instanceProfile:InstanceProfile": instanceProfile,
  "aws:s3/bucket:Bucket": bucket,
  "aws:sagemaker/model:Model": model,
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": endpointConfiguration,
  "aws:sagemaker/endpoint:Endpoint": endpoint,
  "aws:sagemaker/trainingJob:TrainingJob": trainingJob,
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": tuningJob,
  "aws:sagemaker/notebookInstance:NotebookInstance": {
    create: (aws, { properties }) => assumeRole(aws, properties.roleArn, "sagemaker", 0),
  },
  "aws:appautoscaling/target:Target": scalableTarget,
  "aws:appautoscaling/policy:Policy": ofTarget,
  "aws:appautoscaling/scheduledAction:ScheduledAction": ofTarget,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/alias:Alias": alias,
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": provisionedConcurrency,
  "aws:sns/topicSubscription:TopicSubscription": {
    // https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: it answers with the subscription that is there.
    same: ({ cloud }, { type, properties: { topic, protocol, endpoint: address } }) =>
      objectsOf(cloud, type).find(
        ({ properties: own }) => own.topic === topic && own.protocol === protocol && own.endpoint === address,
      ),
  },
  "aws:ssm/parameter:Parameter": {
    update: (_aws, object, before) => {
      object.properties.version = Number(before.version) + 1;
    },
  },
};

/** Settings of something else, which AWS puts where there may be some already. */
const overwrites =
  /^aws:(s3\/bucket(?!:)|iam\/rolePolicy|sns\/topicPolicy|lambda\/provisioned|ec2\/default|appautoscaling\/)/;

/** How often the provider repeats a throttled call before it gives up, and the simulated seconds of each pause. */
const attempts = 25;
const pauseSeconds = 2;

export interface Made {
  readonly id: string;
  /** As a description of it returns them. */
  readonly properties: JsonObject;
}

export function createObject(aws: Aws, object: CloudObject): Made {
  return call(aws, "create", object, () => {
    const { cloud } = aws;
    const key = keyOf(object.type, object.id);
    checkName(object);
    const same = behaviours[object.type]?.same?.(aws, object);
    if (same !== undefined) return { id: same.id, properties: describe(aws, same) };
    if (cloud.objects[key] !== undefined && !overwrites.test(object.type))
      throw new AwsError("AlreadyExists", `Cannot create already existing ${object.type} "${object.id}".`);
    cloud.objects[key] = object;
    cloud.made[object.urn] = (cloud.made[object.urn] ?? 0) + 1;
    try {
      behaviours[object.type]?.create?.(aws, object);
    } catch (error) {
      if (!(error instanceof AwsError && error.leavesResource)) delete cloud.objects[key];
      throw error;
    }
    return { id: object.id, properties: describe(aws, object) };
  });
}

/** @param next takes the place of the object's properties; it goes back where AWS refuses. */
export function updateObject(aws: Aws, object: CloudObject, next: JsonObject): JsonObject {
  return call(aws, "update", object, () => {
    const before = object.properties;
    object.properties = next;
    try {
      behaviours[object.type]?.update?.(aws, object, before);
    } catch (error) {
      object.properties = before;
      throw error;
    }
    return describe(aws, object);
  });
}

/** Deleting what is not there is no error, as in the provider. */
export function deleteObject(aws: Aws, type: string, id: string): void {
  const object = findObject(aws, type, id);
  if (object === undefined) return;
  call(aws, "delete", object, () => {
    requireUnused(aws.cloud, object);
    behaviours[type]?.delete?.(aws, object);
    delete aws.cloud.objects[keyOf(type, id)];
  });
}

export function findObject({ cloud }: Aws, type: string, id: string): CloudObject | undefined {
  return cloud.objects[keyOf(type, id)];
}

export function describe(aws: Aws, object: CloudObject): JsonObject {
  return behaviours[object.type]?.describe?.(aws, object) ?? object.properties;
}

function call<T>(aws: Aws, operation: Call["operation"], object: CloudObject, body: () => T): T {
  const { cloud, faults } = aws;
  const note = (outcome: string) => {
    cloud.clockSeconds += 1;
    const { type, id } = object;
    const number = cloud.journal.length + 1;
    cloud.journal.push({ number, atSeconds: cloud.clockSeconds, operation, type, id, outcome });
  };
  for (let attempt = 1; isThrottled(aws, object.type, faults.throttle?.[object.type] ?? 0); attempt += 1) {
    note("ThrottlingException");
    cloud.clockSeconds += pauseSeconds;
    if (attempt === attempts) throw new AwsError("ThrottlingException", "Rate exceeded");
  }
  try {
    const result = body();
    note("ok");
    return result;
  } catch (error) {
    if (error instanceof AwsError) note(error.code);
    throw error;
  }
}

function isThrottled({ cloud }: Aws, type: string, times: number): boolean {
  const so = cloud.journal.filter((one) => one.type === type && one.outcome === "ThrottlingException");
  return so.length < times;
}

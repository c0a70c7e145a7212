import assert from "node:assert/strict";
import type { JsonObject } from "../../../plan/json-value";
import { type Aws, emptyCloud } from "./cloud";
import {
  createObject,
  deleteObject,
  describe as describeObject,
  findObject,
  updateObject,
} from "./control-plane";
import { scaleTo } from "./endpoints";
import type { Faults } from "./faults";
import { jobStatus, startedJobs } from "./jobs";

const roleType = "aws:iam/role:Role";
const modelType = "aws:sagemaker/model:Model";
const configType = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const endpointType = "aws:sagemaker/endpoint:Endpoint";
const targetType = "aws:appautoscaling/target:Target";
const functionType = "aws:lambda/function:Function";
const aliasType = "aws:lambda/alias:Alias";
const provisionedType = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
const jobType = "aws:sagemaker/trainingJob:TrainingJob";

/** What the scenarios stand on; it shows what the simulation does, not what AWS does. */
describe("the simulated AWS", () => {
  it("keeps an endpoint's states and the size of its fleet through a rollout", () => {
    const aws = serving({});
    scaleTo(aws, "live", 3);

    const read = update(aws, endpointType, "live", { endpointConfigName: "second" });

    assert.equal(read.endpointConfigName, "second");
    assert.deepEqual(live(aws, endpointType, "live").states, [
      "Creating",
      "InService",
      "InService",
      "Updating",
      "InService",
    ]);
    assert.deepEqual(live(aws, endpointType, "live").counts, [0, 1, 3, 4, 1]);
  });

  it("raises the fleet of a registered variant to its minimum after a rollout", () => {
    const aws = serving({});
    create(aws, targetType, resourceId, { resourceId, minCapacity: 2, maxCapacity: 4 });

    update(aws, endpointType, "live", { endpointConfigName: "second" });

    assert.deepEqual(live(aws, endpointType, "live").counts, [0, 1, 2, 3, 1, 2]);
  });

  it("rolls an update back without an error where the scenario says so", () => {
    const aws = serving({ silentRollback: ["live"] });

    const read = update(aws, endpointType, "live", { endpointConfigName: "second" });

    assert.equal(read.endpointConfigName, "first");
    assert.deepEqual((live(aws, endpointType, "live").states as string[]).slice(2), [
      "Updating",
      "RollingBack",
      "InService",
    ]);
  });

  it("leaves a failed endpoint behind where its containers never answer", () => {
    assert.throws(() => serving({ failedHealthCheck: ["live"] }), /did not pass the ping health check/);
  });

  it("refuses to move an endpoint away from a configuration that is gone", () => {
    const aws = serving({});
    deleteObject(aws, configType, "first");

    assert.throws(
      () => update(aws, endpointType, "live", { endpointConfigName: "second" }),
      /Could not find endpoint configuration "first"/,
    );
  });

  it("refuses another instance type while the variant is registered for scaling", () => {
    const aws = serving({});
    create(aws, targetType, resourceId, { resourceId, minCapacity: 1, maxCapacity: 2 });
    config(aws, "larger", "ml.c5.xlarge");

    assert.throws(
      () => update(aws, endpointType, "live", { endpointConfigName: "larger" }),
      /must be deregistered as scalable target/,
    );
  });

  it("counts both fleets of a rollout against the quota", () => {
    const aws = serving({ quotas: { "ml.m5.large": 1 } });

    assert.throws(
      () => update(aws, endpointType, "live", { endpointConfigName: "second" }),
      /ResourceLimitExceeded: .*'ml\.m5\.large for endpoint usage' is 1 Instances, with current utilization of 1/,
    );
  });

  it("has no capacity where the scenario says so", () => {
    assert.throws(() => serving({ noCapacity: ["ml.m5.large"] }), /InsufficientInstanceCapacity/);
  });

  it("answers a throttled call once the provider has repeated it often enough, and gives up in the end", () => {
    const patient = account({ throttle: { [roleType]: 3 } });
    role(patient);
    assert.deepEqual(
      patient.cloud.journal.map(({ outcome }) => outcome),
      ["ThrottlingException", "ThrottlingException", "ThrottlingException", "ok"],
    );

    assert.throws(() => role(account({ throttle: { [roleType]: 99 } })), /Rate exceeded/);
  });

  it("lets a service take on a new role after a while, and a role that does not trust it never", () => {
    const slow = account({ iamDelaySeconds: 60 });
    role(slow);
    create(slow, modelType, "model", { name: "model", executionRoleArn: "arn:role" });
    assert.ok(slow.cloud.clockSeconds >= 60 && slow.cloud.clockSeconds < 70, `${slow.cloud.clockSeconds} s`);

    const never = account({ iamDelaySeconds: 300 });
    role(never);
    assert.throws(
      () => create(never, modelType, "model", { name: "model", executionRoleArn: "arn:role" }),
      /Could not assume role arn:role/,
    );

    const wrong = account({});
    role(wrong, "lambda.amazonaws.com");
    assert.throws(
      () => create(wrong, modelType, "model", { name: "model", executionRoleArn: "arn:role" }),
      /allows principal 'sagemaker\.amazonaws\.com'/,
    );
    assert.ok(wrong.cloud.clockSeconds < 130, `${wrong.cloud.clockSeconds} s`);
  });

  it("refuses to delete what something else stands on", () => {
    const aws = serving({});
    create(aws, "aws:iam/rolePolicy:RolePolicy", "policy", { name: "policy", role: "role" });
    create(aws, targetType, resourceId, { resourceId, minCapacity: 1, maxCapacity: 2 });
    create(aws, "aws:s3/bucket:Bucket", "data", { bucket: "data", forceDestroy: false });
    const key = "aws:s3/bucket:Bucket data";
    Object.assign(aws.cloud.objects[key]?.live ?? {}, { objectCount: 1 });

    assert.throws(() => deleteObject(aws, roleType, "role"), /DeleteConflict/);
    assert.throws(() => deleteObject(aws, endpointType, "live"), /registered scalable target/);
    assert.throws(() => deleteObject(aws, "aws:s3/bucket:Bucket", "data"), /BucketNotEmpty/);
  });

  it("takes each name once, and only names that the service takes", () => {
    const aws = serving({});

    assert.throws(() => config(aws, "first"), /AlreadyExists/);
    assert.throws(() => config(aws, "-first"), /ValidationException: .*must match/);
  });

  it("sets no provisioned concurrency on an alias with weights, its owner's or those of a move", () => {
    const aws = account({});
    role(aws, "lambda.amazonaws.com");
    create(aws, functionType, "f", { name: "f", role: "arn:role", publish: true, timeout: 3 });
    update(aws, functionType, "f", { timeout: 4 });
    const alias = { name: "live", functionName: "f", functionVersion: "1" };
    create(aws, aliasType, "live", { ...alias, routingConfig: { additionalVersionWeights: { 2: 0.1 } } });
    const keep = (count: number) =>
      create(aws, provisionedType, "f,live", {
        functionName: "f",
        qualifier: "live",
        provisionedConcurrentExecutions: count,
      });

    assert.throws(() => keep(1), /Alias with weights/);
    update(aws, aliasType, "live", { routingConfig: { additionalVersionWeights: {} } });
    keep(1);
    update(aws, aliasType, "live", { functionVersion: "2" });
    assert.throws(() => keep(2), /Alias with weights/);
    aws.cloud.clockSeconds += 240;
    keep(2);
  });

  it("runs a job from its creation on, and counts it for ever", () => {
    const aws = account({});
    role(aws);
    create(aws, jobType, "job", { trainingJobName: "job", roleArn: "arn:role" });
    const job = findObject(aws, jobType, "job");
    assert.ok(job !== undefined);
    assert.equal(jobStatus(aws.cloud, job), "InProgress");

    aws.cloud.clockSeconds += 3600;

    assert.equal(jobStatus(aws.cloud, job), "Completed");
    deleteObject(aws, jobType, "job");
    assert.deepEqual(startedJobs(aws.cloud), ["job"]);
  });

  it("describes the deployment config as the scenario wants it before the first update", () => {
    const deploymentConfig = { autoRollbackConfiguration: { alarms: [{ alarmName: "alarm" }] } };
    for (const [mode, shown] of [
      ["returned", [true, true]],
      ["empty until updated", [false, true]],
    ] as const) {
      const aws = serving({ deploymentConfig: mode }, { deploymentConfig });
      const object = findObject(aws, endpointType, "live");
      assert.ok(object !== undefined);
      const before = "deploymentConfig" in describeObject(aws, object);
      const after = update(aws, endpointType, "live", { endpointConfigName: "second" });

      assert.deepEqual([before, "deploymentConfig" in after], shown);
    }
  });
});

const resourceId = "endpoint/live/variant/main";

function account(faults: Faults): Aws {
  return { cloud: emptyCloud(), faults };
}

/** A role, a model, two configurations and an endpoint on the first. */
function serving(faults: Faults, more: JsonObject = {}): Aws {
  const aws = account(faults);
  role(aws);
  create(aws, modelType, "model", { name: "model", executionRoleArn: "arn:role" });
  config(aws, "first");
  config(aws, "second");
  create(aws, endpointType, "live", { name: "live", endpointConfigName: "first", ...more });
  return aws;
}

function role(aws: Aws, service = "sagemaker.amazonaws.com"): void {
  const assumeRolePolicy = JSON.stringify({ Statement: [{ Principal: { Service: service } }] });
  create(aws, roleType, "role", { name: "role", arn: "arn:role", assumeRolePolicy });
}

function config(aws: Aws, name: string, instanceType = "ml.m5.large"): void {
  const variant = { variantName: "main", modelName: "model", instanceType, initialInstanceCount: 1 };
  create(aws, configType, name, { name, productionVariants: [variant] });
}

function create(aws: Aws, type: string, id: string, properties: JsonObject): JsonObject {
  return createObject(aws, { type, id, urn: `urn:${type}:${id}`, properties, live: {} }).properties;
}

function update(aws: Aws, type: string, id: string, changes: JsonObject): JsonObject {
  const object = findObject(aws, type, id);
  assert.ok(object !== undefined);
  return updateObject(aws, object, { ...object.properties, ...changes });
}

function live(aws: Aws, type: string, id: string): JsonObject {
  return findObject(aws, type, id)?.live ?? {};
}

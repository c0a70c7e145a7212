import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { importIds, wayOf } from "../../../cli/core/recover/import-id";

/**
 * Protects: that a resource is looked up by the id that its provider takes. The expected ids are the examples of the provider's own
 * documentation, which comes with its package.
 */
const place = {
  partition: "aws",
  accountId: "123456789012",
  region: "us-west-2",
  dnsSuffix: "amazonaws.com",
};

const lambda = { functionName: "example", name: "production", qualifier: "production" };
const bucket = { bucket: "bucket-name" };
const ownBucket = { bucket: "my-bucket" };
const scaled = {
  serviceNamespace: "service-namespace",
  resourceId: "resource-id",
  scalableDimension: "scalable-dimension",
};

/** Inputs that belong to the documented example, by type. */
const samples: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string]>> = {
  "aws:appautoscaling/policy:Policy": [
    { ...scaled, name: "policy-name" },
    "service-namespace/resource-id/scalable-dimension/policy-name",
  ],
  "aws:appautoscaling/target:Target": [scaled, "service-namespace/resource-id/scalable-dimension"],
  "aws:budgets/budget:Budget": [{ name: "myBudget" }, "123456789012:myBudget"],
  "aws:cloudwatch/dashboard:Dashboard": [{ dashboardName: "example-dashboard" }, "example-dashboard"],
  "aws:cloudwatch/logGroup:LogGroup": [{ name: "yada" }, "yada"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [{ name: "alarm-12345" }, "alarm-12345"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    { subnetId: "subnet-6777656e646f6c796e", routeTableId: "rtb-656c65616e6f72" },
    "subnet-6777656e646f6c796e/rtb-656c65616e6f72",
  ],
  "aws:iam/instanceProfile:InstanceProfile": [{ name: "app-instance-profile-1" }, "app-instance-profile-1"],
  "aws:iam/policy:Policy": [
    { name: "UsersManageOwnCredentials" },
    "arn:aws:iam::123456789012:policy/UsersManageOwnCredentials",
  ],
  "aws:iam/role:Role": [{ name: "developer_name" }, "developer_name"],
  "aws:iam/rolePolicy:RolePolicy": [
    { role: "role_of_mypolicy_name", name: "mypolicy_name" },
    "role_of_mypolicy_name:mypolicy_name",
  ],
  "aws:kms/alias:Alias": [{ name: "alias/my-key-alias" }, "alias/my-key-alias"],
  "aws:lambda/alias:Alias": [{ ...lambda, functionName: "example-function" }, "example-function/production"],
  "aws:lambda/function:Function": [{ name: "example" }, "example"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [lambda, "example:production"],
  "aws:lambda/functionUrl:FunctionUrl": [{ functionName: "example" }, "example"],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": [lambda, "example,production"],
  "aws:s3/bucket:Bucket": [bucket, "bucket-name"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [bucket, "bucket-name"],
  "aws:s3/bucketLogging:BucketLogging": [bucket, "bucket-name"],
  "aws:s3/bucketObjectv2:BucketObjectv2": [
    { bucket: "some-bucket-name", key: "some/key.txt" },
    "some-bucket-name/some/key.txt",
  ],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [ownBucket, "my-bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": [{ bucket: "my-tf-test-bucket" }, "my-tf-test-bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [ownBucket, "my-bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    bucket,
    "bucket-name",
  ],
  "aws:s3/bucketVersioning:BucketVersioning": [bucket, "bucket-name"],
  "aws:sagemaker/endpoint:Endpoint": [{ name: "my-endpoint" }, "my-endpoint"],
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": [
    { name: "example-endpoint-config" },
    "example-endpoint-config",
  ],
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": [
    { name: "example-hyper-parameter-tuning-job" },
    "example-hyper-parameter-tuning-job",
  ],
  "aws:sagemaker/model:Model": [{ name: "model-foo" }, "model-foo"],
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": [
    { modelPackageGroupName: "my-code-repo" },
    "my-code-repo",
  ],
  "aws:sagemaker/notebookInstance:NotebookInstance": [
    { name: "my-notebook-instance" },
    "my-notebook-instance",
  ],
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": [
    { name: "foo" },
    "foo",
  ],
  "aws:sagemaker/trainingJob:TrainingJob": [{ trainingJobName: "my-training-job" }, "my-training-job"],
  "aws:scheduler/schedule:Schedule": [
    { groupName: "my-schedule-group", name: "my-schedule" },
    "my-schedule-group/my-schedule",
  ],
  "aws:sns/topic:Topic": [{ name: "my-topic" }, "arn:aws:sns:us-west-2:123456789012:my-topic"],
  "aws:sns/topicPolicy:TopicPolicy": [
    { arn: "arn:aws:sns:us-west-2:123456789012:my-topic" },
    "arn:aws:sns:us-west-2:123456789012:my-topic",
  ],
  "aws:ssm/parameter:Parameter": [{ name: "/my_path/my_paramname" }, "/my_path/my_paramname"],
};

/** Its documented example is an address of an older form, without a region: SQS gives the one of the queue's own region. */
const queue = "aws:sqs/queue:Queue";

describe("the id by which a resource is looked up", () => {
  for (const [type, [inputs, expected]] of Object.entries(samples)) {
    it(`is the documented one for ${type}`, () => {
      const documentation = readFileSync(require.resolve(`@pulumi/aws/${fileOf(type)}`), "utf8");

      assert.deepEqual(wayOf({ urn: "u", type, inputs }, place), { kind: "look", id: expected });
      const examples = documentation.split("\n").filter((line) => line.includes(`pulumi import ${type} `));
      assert.ok(
        examples.some((line) => line.trim().endsWith(` ${expected}`)),
        examples.join("\n"),
      );
    });
  }

  it("is the address of a queue", () => {
    assert.deepEqual(wayOf({ urn: "u", type: queue, inputs: { name: "example" } }, place), {
      kind: "look",
      id: "https://sqs.us-west-2.amazonaws.com/123456789012/example",
    });
  });

  it("has a documented example for each type in the table", () => {
    assert.deepEqual(Object.keys(importIds).sort(), [...Object.keys(samples), queue].sort());
  });

  it("is asked for where AWS draws it, or where the input that it stands on is secret", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "c",
    };

    assert.deepEqual(wayOf({ urn: "u", type: "aws:kms/key:Key", inputs: {} }, place), { kind: "ask" });
    assert.deepEqual(
      wayOf({ urn: "u", type: "aws:ssm/parameter:Parameter", inputs: { name: secret } }, place),
      { kind: "ask" },
    );
  });

  it("is not needed where making the thing again makes no second one", () => {
    const type = "aws:sns/topicSubscription:TopicSubscription";

    assert.deepEqual(wayOf({ urn: "u", type, inputs: {} }, place), { kind: "repeat" });
  });
});

function fileOf(type: string): string {
  return `${type.split(":")[1]}.d.ts`;
}

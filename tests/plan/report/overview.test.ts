import assert from "node:assert/strict";
import type { PlannedResource } from "../../../plan/plan";
import { contentsOf } from "../../../plan/report/contents";
import { layoutOf } from "../../../plan/report/layout";
import { renderOverview } from "../../../plan/report/overview";
import { amountOf, typeWords } from "../../../plan/report/words";

const layout = layoutOf(80, false);

function resource(type: string, name: string, parent?: string, due = true): PlannedResource {
  const custom = type.startsWith("aws:");
  const urn = `urn:pulumi:dev::p::${type}::${name}`;
  return { urn, type, name, parent, custom, inputs: {}, dependencies: [], options: {}, due };
}

function component(type: string, name: string, leaves: readonly string[], due = true): PlannedResource[] {
  const owner = resource(type, name, undefined, due);
  return [owner, ...leaves.map((leaf, index) => resource(leaf, `${name}-${index}`, owner.urn, due))];
}

describe("plan/report/overview", () => {
  it("puts components of one name under one heading, in words instead of types", () => {
    const resources = [
      ...component("mlops:serving:InferenceEndpoint", "multi", ["aws:sagemaker/model:Model"]),
      ...component("mlops:serving:EndpointScaling", "multi", ["aws:appautoscaling/target:Target"]),
      ...component("mlops:operations:Dashboard", "dashboard", ["aws:cloudwatch/dashboard:Dashboard"]),
    ];

    assert.deepEqual(renderOverview({ resources }, layout), [
      "├─ dashboard              dashboard",
      "└─ multi",
      "   ├─ endpoint scaling    scaling target",
      "   └─ inference endpoint  model",
    ]);
  });

  it("says not due once, above everything that waits", () => {
    const resources = [
      ...component("a:b:Endpoint", "one", ["aws:sagemaker/model:Model"], false),
      ...component("a:b:Alarms", "one", ["aws:cloudwatch/metricAlarm:MetricAlarm"], false),
      ...component("a:b:Alarms", "two", ["aws:sqs/queue:Queue"], false),
    ];

    assert.deepEqual(renderOverview({ resources }, layout), [
      "├─ one  not due",
      "│  ├─ alarms     metric alarm",
      "│  └─ endpoint   model",
      "└─ two  not due  alarms: SQS queue",
    ]);
  });

  it("counts what waits where the rest does not", () => {
    const [owner, ...leaves] = component("a:b:Shelf", "shelf", [
      "aws:sqs/queue:Queue",
      "aws:sns/topic:Topic",
    ]);
    assert.ok(owner);
    const resources = [owner, ...leaves.map((leaf, index) => ({ ...leaf, due: index === 0 }))];

    assert.deepEqual(renderOverview({ resources }, layout), [
      "└─ shelf  SNS topic, SQS queue; 1 of 2 not due",
    ]);
  });

  it("tells a hundred alike components in one line, and no unlike one with them", () => {
    const alike = Array.from({ length: 100 }, (_, index) =>
      component("a:b:Queue", `q${String(index).padStart(2, "0")}`, ["aws:sqs/queue:Queue"]),
    ).flat();
    const unlike = component("a:b:Queue", "waiting", ["aws:sqs/queue:Queue"], false);

    assert.deepEqual(renderOverview({ resources: [...alike, ...unlike] }, layout), [
      "├─ q00, q01, q02 and 97 more  100 queues, each: SQS queue",
      "└─ waiting  not due           queue",
    ]);
  });

  it("lists resources outside components by type", () => {
    const resources = [
      resource("aws:s3/bucket:Bucket", "b"),
      resource("aws:s3/bucket:Bucket", "a"),
      resource("aws:iam/role:Role", "reader"),
    ];

    assert.deepEqual(renderOverview({ resources }, layout), ["├─ IAM role    reader", "└─ S3 buckets  a, b"]);
  });
});

describe("plan/report/contents", () => {
  const held = (...types: string[]) => types.map((type) => ({ type, suffix: undefined }));

  it("puts a type into the parentheses of the one it continues", () => {
    assert.equal(
      contentsOf(
        held(
          "aws:s3/bucketVersioning:BucketVersioning",
          "aws:s3/bucket:Bucket",
          "aws:s3/bucketPolicy:BucketPolicy",
          "aws:kms/key:Key",
        ),
        "a:b:Store",
      ),
      "S3 bucket (policy, versioning), KMS key",
    );
  });

  it("names first what the component is named after", () => {
    assert.equal(
      contentsOf(
        held("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:sagemaker/model:Model"),
        "a:b:Model",
      ),
      "model, IAM role (policy)",
    );
  });

  it("reads out the names of up to four of a kind and counts more", () => {
    const alarms = (amount: number) =>
      Array.from({ length: amount }, (_, index) => ({
        type: "aws:cloudwatch/metricAlarm:MetricAlarm",
        suffix: `n${index}`,
      }));

    assert.equal(contentsOf(alarms(4), "a:b:C"), "4 metric alarms (n0, n1, n2, n3)");
    assert.equal(contentsOf(alarms(5), "a:b:C"), "5 metric alarms");
  });
});

describe("plan/report/words", () => {
  it("reads types as people do", () => {
    assert.deepEqual(
      [
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:appautoscaling/policy:Policy",
        "mlops:storage:SecureBucket",
        "pulumi:providers:aws",
      ].map(typeWords),
      [
        "endpoint configuration",
        "bucket object",
        "VPC",
        "VPC endpoint",
        "scaling policy",
        "secure bucket",
        "aws provider",
      ],
    );
    assert.deepEqual(
      [amountOf(1, "policy"), amountOf(2, "policy"), amountOf(2, "key"), amountOf(2, "ownership controls")],
      ["1 policy", "2 policies", "2 keys", "2 ownership controls"],
    );
  });
});

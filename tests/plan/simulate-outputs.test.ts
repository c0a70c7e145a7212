import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../plan/json-value";
import { simulate } from "../../plan/simulate-outputs";
import { simulatedAccount } from "../../plan/simulated-account";
import { simulatedTypes } from "../../plan/simulated-types";

function simulated(type: string, inputs: JsonObject = {}, name = "thing", region = "eu-west-1") {
  const urn = `urn:pulumi:dev::p::${type}::${name}`;
  return simulate({ urn, type, name, inputs, account: simulatedAccount(region) });
}

describe("plan/simulate-outputs", () => {
  const rows: [string, JsonObject, string, JsonObject][] = [
    [
      "aws:s3/bucket:Bucket",
      { bucket: "dogs" },
      "dogs",
      { arn: "arn:aws:s3:::dogs", bucketRegionalDomainName: "dogs.s3.eu-west-1.amazonaws.com" },
    ],
    [
      "aws:iam/role:Role",
      { name: "reader", path: "/ml/" },
      "reader",
      { arn: "arn:aws:iam::123456789012:role/ml/reader" },
    ],
    [
      "aws:iam/policy:Policy",
      { name: "read" },
      "arn:aws:iam::123456789012:policy/read",
      { arn: "arn:aws:iam::123456789012:policy/read" },
    ],
    ["aws:iam/rolePolicy:RolePolicy", { role: "reader", name: "read" }, "reader:read", {}],
    [
      "aws:sagemaker/endpoint:Endpoint",
      { name: "Single" },
      "Single",
      { arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/single" },
    ],
    [
      "aws:sagemaker/trainingJob:TrainingJob",
      { trainingJobName: "train-1" },
      "train-1",
      { arn: "arn:aws:sagemaker:eu-west-1:123456789012:training-job/train-1" },
    ],
    [
      "aws:sagemaker/notebookInstance:NotebookInstance",
      { name: "lab" },
      "lab",
      { url: "lab.notebook.eu-west-1.sagemaker.aws" },
    ],
    [
      "aws:lambda/function:Function",
      { name: "predict" },
      "predict",
      {
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:predict",
        version: "1",
        qualifiedArn: "arn:aws:lambda:eu-west-1:123456789012:function:predict:1",
      },
    ],
    [
      "aws:lambda/alias:Alias",
      { name: "live", functionName: "arn:aws:lambda:eu-west-1:123456789012:function:predict" },
      "arn:aws:lambda:eu-west-1:123456789012:function:predict:live",
      { arn: "arn:aws:lambda:eu-west-1:123456789012:function:predict:live" },
    ],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/aws/lambda/predict" },
      "/aws/lambda/predict",
      { arn: "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/predict" },
    ],
    [
      "aws:sqs/queue:Queue",
      { name: "jobs" },
      "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
      { arn: "arn:aws:sqs:eu-west-1:123456789012:jobs" },
    ],
    [
      "aws:ssm/parameter:Parameter",
      { name: "/dogs/arn" },
      "/dogs/arn",
      { arn: "arn:aws:ssm:eu-west-1:123456789012:parameter/dogs/arn", version: 1 },
    ],
    ["aws:appautoscaling/target:Target", { resourceId: "endpoint/e/variant/v" }, "endpoint/e/variant/v", {}],
  ];
  for (const [type, inputs, id, computed] of rows) {
    it(`gives ${type} the id and outputs that AWS would`, () => {
      const simulation = simulated(type, inputs);

      assert.equal(simulation.id, id);
      for (const [key, value] of Object.entries(computed)) assert.equal(simulation.computed[key], value, key);
    });
  }

  it("names what the program leaves unnamed as Pulumi does, within AWS's limits", () => {
    assert.match(String(simulated("aws:iam/role:Role").defaults.name), /^thing-[0-9a-f]{7}$/);
    assert.match(
      String(simulated("aws:iam/role:Role", { namePrefix: "ml-" }).defaults.name),
      /^ml-[0-9a-f]{7}$/,
    );
    assert.match(String(simulated("aws:kms/alias:Alias").defaults.name), /^alias\/thing-[0-9a-f]{7}$/);
    assert.match(
      String(simulated("aws:s3/bucket:Bucket", {}, "MyData").defaults.bucket),
      /^mydata-[0-9a-f]{7}$/,
    );
    const long = String(simulated("aws:iam/role:Role", {}, "r".repeat(100)).defaults.name);
    assert.equal(long.length, 64);
    assert.match(long, /^r{56}-[0-9a-f]{7}$/);
    assert.deepEqual(simulated("aws:iam/role:Role", { name: "given" }).defaults, {});
  });

  it("uses the partition and domain of the region", () => {
    const china = simulated("aws:s3/bucket:Bucket", { bucket: "dogs" }, "thing", "cn-north-1").computed;

    assert.equal(china.arn, "arn:aws-cn:s3:::dogs");
    assert.equal(china.bucketRegionalDomainName, "dogs.s3.cn-north-1.amazonaws.com.cn");
    assert.match(
      String(simulated("aws:sns/topic:Topic", {}, "thing", "us-gov-west-1").computed.arn),
      /^arn:aws-us-gov:sns:us-gov-west-1:/,
    );
  });

  it("gives a type it does not know an id and an ARN of its service, and other packages an id only", () => {
    const unknown = simulated("aws:glue/catalogDatabase:CatalogDatabase");
    const other = simulated("acme:storage/disk:Disk");

    assert.match(
      String(unknown.computed.arn),
      /^arn:aws:glue:eu-west-1:123456789012:catalog-database\/thing-[0-9a-f]{8}$/,
    );
    assert.match(other.id, /^thing-[0-9a-f]{8}$/);
    assert.deepEqual(other.computed, {});
  });

  it("gives a stash the output that the engine gives a new one: its input", () => {
    assert.deepEqual(simulated("pulumi:index:Stash", { input: "watched" }).computed, { output: "watched" });
  });

  it("is the same each time and never renames what has a name, for every type and any inputs", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const key = fc.constantFrom(
      "name",
      "bucket",
      "namePrefix",
      "role",
      "region",
      "functionName",
      "tags",
      "policy",
      "arn",
    );

    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(simulatedTypes), "aws:glue/job:Job", "acme:a/b:C"),
        fc.dictionary(key, value),
        (type, inputs) => {
          const first = simulated(type, inputs as JsonObject);

          assert.deepEqual(simulated(type, inputs as JsonObject), first);
          assert.equal(typeof first.id, "string");
          assert.equal(
            Object.keys(first.defaults).some((name) => name in inputs),
            false,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

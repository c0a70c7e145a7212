import assert from "node:assert/strict";
import { answerInvoke, type InvokeFixtures } from "../../plan/fixtures";
import { renderPolicyDocument } from "../../plan/iam-policy-document";
import type { JsonObject } from "../../plan/json-value";
import { simulatedAccount } from "../../plan/simulated-account";

const account = simulatedAccount("eu-west-1");

function answer(token: string, inputs: JsonObject = {}, fixtures: InvokeFixtures = {}) {
  return answerInvoke(token, inputs, fixtures, account);
}

function simulated(token: string, inputs: JsonObject = {}): JsonObject {
  const found = answer(token, inputs);
  assert.equal(found.kind, "answer");
  return found.kind === "answer" ? found.result : {};
}

describe("plan/fixtures", () => {
  it("knows the account, partition, region and zones of the configured region", () => {
    assert.equal(simulated("aws:index/getCallerIdentity:getCallerIdentity").accountId, "123456789012");
    assert.equal(simulated("aws:index/getPartition:getPartition").reverseDnsPrefix, "com.amazonaws");
    assert.equal(simulated("aws:index/getRegion:getRegion").region, "eu-west-1");
    const zones = simulated("aws:index/getAvailabilityZones:getAvailabilityZones");
    assert.deepEqual(zones.names, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    assert.deepEqual(zones.zoneIds, ["euw1-az1", "euw1-az2", "euw1-az3"]);
  });

  it("lets a call name its own region", () => {
    assert.equal(simulated("aws:index/getRegion:getRegion", { region: "us-west-2" }).region, "us-west-2");
  });

  it("gives an AMI parameter an AMI id that depends on its name, and another parameter a text", () => {
    const value = (name: string) => String(simulated("aws:ssm/getParameter:getParameter", { name }).value);
    const path = "/aws/service/deeplearning/ami/x86_64/base/latest/ami-id";

    assert.match(value(path), /^ami-[0-9a-f]{17}$/);
    assert.equal(value(path), value(path));
    assert.notEqual(value(path), value(`${path}2`));
    assert.match(value("/dogs/owner"), /^value-[0-9a-f]{8}$/);
  });

  it("gives the path of a container image of AWS", () => {
    const image = simulated("aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage", {
      repositoryName: "pytorch-training",
      imageTag: "2.6-cpu-py312",
    });

    assert.equal(
      image.registryPath,
      "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.6-cpu-py312",
    );
  });

  it("never shows a call's values when it has no answer", () => {
    const found = answer("acme:x/y:z", { password: "hunter2" });

    assert.equal(found.kind, "missing");
    assert.ok(found.kind === "missing" && !found.message.includes("hunter2"));
    const noCase = answer(
      "acme:x/y:z",
      { password: "hunter2" },
      { "acme:x/y:z": [{ when: { password: "other" } }] },
    );
    assert.ok(
      noCase.kind === "missing" &&
        /none of its cases fits this call \(arguments: password\)/.test(noCase.message),
    );
    assert.ok(noCase.kind === "missing" && !noCase.message.includes("hunter2"));
  });

  it("matches a case by nested arguments", () => {
    const fixtures: InvokeFixtures = {
      "acme:x/y:z": [
        { when: { filter: { name: "a" } }, result: { hit: 1 } },
        { when: {}, result: { hit: 2 } },
      ],
    };

    assert.deepEqual(answer("acme:x/y:z", { filter: { name: "a", more: true } }, fixtures), {
      kind: "answer",
      result: { hit: 1 },
      source: "declared",
    });
    assert.deepEqual(answer("acme:x/y:z", { filter: { name: "b" } }, fixtures), {
      kind: "answer",
      result: { hit: 2 },
      source: "declared",
    });
  });
});

describe("plan/iam-policy-document", () => {
  const rows: [string, JsonObject, JsonObject][] = [
    [
      "writes lists of one as text and keeps the element order of the provider",
      {
        statements: [
          {
            sid: "Read",
            actions: ["s3:GetObject", "s3:ListBucket"],
            resources: ["*"],
            principals: [{ type: "AWS", identifiers: ["b", "a"] }],
            conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
          },
        ],
      },
      {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Read",
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:ListBucket"],
            Resource: "*",
            Principal: { AWS: ["a", "b"] },
            Condition: { StringEquals: { "aws:SourceAccount": "1" } },
          },
        ],
      },
    ],
    [
      "keeps what is excluded, the effect, the version and the id",
      {
        version: "2008-10-17",
        policyId: "p",
        statements: [
          {
            effect: "Deny",
            notActions: ["s3:*"],
            notResources: ["r"],
            notPrincipals: [{ type: "*", identifiers: ["*"] }],
          },
        ],
      },
      {
        Version: "2008-10-17",
        Id: "p",
        Statement: [{ Effect: "Deny", NotAction: "s3:*", NotResource: "r", NotPrincipal: "*" }],
      },
    ],
    [
      "merges values of one condition, and replaces statements of one Sid",
      {
        sourcePolicyDocuments: ['{"Statement":[{"Sid":"A","Effect":"Deny"},{"Sid":"B","Effect":"Deny"}]}'],
        statements: [
          {
            sid: "A",
            actions: ["x"],
            conditions: [
              { test: "ArnLike", variable: "k", values: ["1"] },
              { test: "ArnLike", variable: "k", values: ["2"] },
            ],
          },
        ],
        overridePolicyDocuments: ['{"Statement":{"Sid":"B","Effect":"Allow"}}'],
      },
      {
        Version: "2012-10-17",
        Statement: [
          { Sid: "A", Effect: "Allow", Action: "x", Condition: { ArnLike: { k: ["1", "2"] } } },
          { Sid: "B", Effect: "Allow" },
        ],
      },
    ],
  ];
  for (const [title, inputs, document] of rows) {
    it(title, () => {
      assert.equal(renderPolicyDocument(inputs), JSON.stringify(document, undefined, 2));
    });
  }
});

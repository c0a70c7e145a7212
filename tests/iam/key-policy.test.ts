import assert from "node:assert/strict";
import { renderPolicy } from "../../infra/iam/document";
import { keyPolicy } from "../../infra/iam/key-policy";
import { keyArn, place, policyJson } from "../fixtures/iam/stack";
import { type AccessRequest, isAllowed } from "../support/iam-evaluator";

const root = {
  Sid: "AdministerThroughIam",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::123456789012:root" },
  Action: ["kms:*"],
  Resource: ["*"],
};

describe("keyPolicy", () => {
  const document = keyPolicy({
    place,
    logGroupNames: ["/ops/prod/flow", "/aws/lambda/ops-prod-breeds"],
    topicPublishers: ["cloudwatch", "budgets", "costalerts"],
  });
  const resource = [renderPolicy(document, "key")];

  it("hands the key to the account, the named log groups and the publishers of alerts", () => {
    assert.deepEqual(document.Statement, [
      root,
      {
        Sid: "EncryptLogs",
        Effect: "Allow",
        Principal: { Service: "logs.us-east-1.amazonaws.com" },
        Action: ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        Resource: ["*"],
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": [
              "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/ops-prod-breeds",
              "arn:aws:logs:us-east-1:123456789012:log-group:/ops/prod/flow",
            ],
          },
        },
      },
      {
        Sid: "PublishToEncryptedTopics",
        Effect: "Allow",
        Principal: {
          Service: ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "costalerts.amazonaws.com"],
        },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: ["*"],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  it("is the account's statement alone where nothing else uses the key", () => {
    assert.deepEqual(keyPolicy({ place, logGroupNames: [], topicPublishers: [] }).Statement, [root]);
  });

  const context = {
    "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:123456789012:log-group:/ops/prod/flow",
  };
  const encrypt: AccessRequest = {
    action: "kms:GenerateDataKey",
    resource: keyArn,
    principal: { service: "logs.us-east-1.amazonaws.com" },
    context,
  };
  const publish: AccessRequest = {
    action: "kms:GenerateDataKey",
    resource: keyArn,
    principal: { service: "cloudwatch.amazonaws.com" },
    context: { "aws:SourceAccount": "123456789012" },
  };
  const cases: [string, AccessRequest, boolean][] = [
    ["lets the log service encrypt a named group", encrypt, true],
    [
      "refuses it another group",
      {
        ...encrypt,
        context: {
          "kms:EncryptionContext:aws:logs:arn": `${context["kms:EncryptionContext:aws:logs:arn"]}2`,
        },
      },
      false,
    ],
    ["refuses it anything without a context", { ...encrypt, context: {} }, false],
    [
      "refuses the log service of another region",
      { ...encrypt, principal: { service: "logs.eu-west-1.amazonaws.com" } },
      false,
    ],
    [
      "refuses the log service the key's administration",
      { ...encrypt, action: "kms:ScheduleKeyDeletion" },
      false,
    ],
    ["lets alarms reach encrypted topics", publish, true],
    [
      "refuses alarms of another account",
      { ...publish, context: { "aws:SourceAccount": "999999999999" } },
      false,
    ],
    ["refuses publishers a grant", { ...publish, action: "kms:CreateGrant" }, false],
  ];
  for (const [title, request, allowed] of cases) {
    it(title, () => {
      assert.equal(isAllowed({ resource }, request), allowed);
    });
  }

  it("leaves it to each role's own policy what the role may do, and keeps other accounts out", () => {
    const decrypt: AccessRequest = {
      action: "kms:Decrypt",
      resource: keyArn,
      principal: { arn: "arn:aws:iam::123456789012:role/serving" },
      context: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
    };
    const outside = { ...decrypt, principal: { arn: "arn:aws:iam::999999999999:role/serving" } };

    assert.equal(isAllowed({ identity: [policyJson("serving")], resource }, decrypt), true);
    assert.equal(isAllowed({ identity: [policyJson("function")], resource }, decrypt), false);
    assert.equal(isAllowed({ identity: [policyJson("serving")], resource }, outside), false);
  });

  it("uses the names of another partition", () => {
    const china = { ...place, partition: "aws-cn", dnsSuffix: "amazonaws.com.cn", region: "cn-north-1" };
    const { Statement } = keyPolicy({ place: china, logGroupNames: ["/a"], topicPublishers: [] });

    assert.deepEqual(
      Statement.map(({ Principal }) => Principal),
      [{ AWS: "arn:aws-cn:iam::123456789012:root" }, { Service: "logs.cn-north-1.amazonaws.com.cn" }],
    );
  });
});

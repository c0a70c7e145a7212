import assert from "node:assert/strict";
import { allow, policyDocument, renderPolicy } from "../../infra/iam/document";
import { topicPolicy } from "../../infra/iam/topic-policy";
import { place, topicArn } from "../fixtures/iam/stack";
import { type AccessRequest, decide } from "../support/iam-evaluator";

describe("topicPolicy", () => {
  const document = topicPolicy(place, topicArn, ["cloudwatch", "budgets", "costalerts"]);
  const resource = [renderPolicy(document, "topic")];

  it("lets three services publish for this account, and nobody without TLS", () => {
    const publish = { Effect: "Allow", Action: ["sns:Publish"], Resource: [topicArn] };
    const mine = { StringEquals: { "aws:SourceAccount": "123456789012" } };

    assert.deepEqual(document.Statement, [
      {
        Sid: "DenyPlainHttp",
        Effect: "Deny",
        Principal: "*",
        Action: ["sns:Publish"],
        Resource: [topicArn],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "PublishAlarms",
        ...publish,
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*" },
          ...mine,
        },
      },
      {
        Sid: "PublishAnomalies",
        ...publish,
        Principal: { Service: "costalerts.amazonaws.com" },
        Condition: mine,
      },
      {
        Sid: "PublishBudgets",
        ...publish,
        Principal: { Service: "budgets.amazonaws.com" },
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:budgets::123456789012:*" }, ...mine },
      },
    ]);
  });

  it("names only the services that publish", () => {
    assert.deepEqual(
      topicPolicy(place, topicArn, ["cloudwatch"]).Statement.map(({ Sid }) => Sid),
      ["DenyPlainHttp", "PublishAlarms"],
    );
  });

  const alarm: AccessRequest = {
    action: "sns:Publish",
    resource: topicArn,
    principal: { service: "cloudwatch.amazonaws.com" },
    context: {
      "aws:SecureTransport": "true",
      "aws:SourceAccount": "123456789012",
      "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ops-prod-breeds-latency",
    },
  };
  const context = alarm.context ?? {};
  const role = { arn: "arn:aws:iam::123456789012:role/serving" };
  const cases: [string, AccessRequest, string][] = [
    ["lets an alarm of this account publish", alarm, "allow"],
    [
      "refuses an alarm of another account",
      {
        ...alarm,
        context: {
          ...context,
          "aws:SourceAccount": "999999999999",
          "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:999999999999:alarm:a",
        },
      },
      "implicit deny",
    ],
    ["refuses other services", { ...alarm, principal: { service: "events.amazonaws.com" } }, "implicit deny"],
    ["refuses alarms to subscribe", { ...alarm, action: "sns:Subscribe" }, "implicit deny"],
    ["refuses roles without a permission of their own", { ...alarm, principal: role }, "implicit deny"],
  ];
  for (const [title, request, decision] of cases) {
    it(title, () => {
      assert.equal(decide({ resource }, request), decision);
    });
  }

  it("lets a role with its own permission publish with TLS only", () => {
    const identity = [renderPolicy(policyDocument([allow("Publish", ["sns:Publish"], [topicArn])]))];
    const asked = { action: "sns:Publish", resource: topicArn, principal: role };

    assert.equal(
      decide({ identity, resource }, { ...asked, context: { "aws:SecureTransport": "true" } }),
      "allow",
    );
    assert.equal(
      decide({ identity, resource }, { ...asked, context: { "aws:SecureTransport": "false" } }),
      "explicit deny",
    );
  });
});

import assert from "node:assert/strict";
import { accessLogBucketPolicy, bucketPolicy } from "../../infra/iam/bucket-policy";
import { renderPolicy } from "../../infra/iam/document";
import { place, policyJson } from "../fixtures/iam/stack";
import { type AccessRequest, decide } from "../support/iam-evaluator";

const tls = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
const role = { arn: "arn:aws:iam::123456789012:role/training" };
const readImage = {
  action: "s3:GetObject",
  resource: "arn:aws:s3:::acme-data/dogImages/a.jpg",
  principal: role,
};

describe("bucketPolicy", () => {
  it("is two denials and grants nothing", () => {
    const everything = {
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
    };

    assert.deepEqual(bucketPolicy(place, "acme-data"), {
      Version: "2012-10-17",
      Statement: [
        { Sid: "DenyOldTls", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
        { Sid: "DenyPlainHttp", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ],
    });
  });

  const policies = {
    identity: [policyJson("training")],
    resource: [renderPolicy(bucketPolicy(place, "acme-data"), "bucket")],
  };
  const cases: [string, Record<string, string>, string][] = [
    ["lets a role that may read read with TLS 1.3", tls, "allow"],
    ["lets it with TLS 1.2", { ...tls, "s3:TlsVersion": "1.2" }, "allow"],
    ["refuses it TLS 1.1", { ...tls, "s3:TlsVersion": "1.1" }, "explicit deny"],
    ["refuses it TLS 1.0", { ...tls, "s3:TlsVersion": "1.0" }, "explicit deny"],
    [
      "refuses it plain HTTP, where there is no TLS version",
      { "aws:SecureTransport": "false" },
      "explicit deny",
    ],
  ];
  for (const [title, context, decision] of cases) {
    it(title, () => {
      assert.equal(decide(policies, { ...readImage, context }), decision);
    });
  }

  it("refuses listing and the account's administrator over plain HTTP too", () => {
    const admin = { ...policies, identity: [allowEverything] };
    const context = { "aws:SecureTransport": "false" };
    const list = { action: "s3:ListBucket", resource: "arn:aws:s3:::acme-data", principal: role };

    assert.equal(decide(admin, { ...list, context }), "explicit deny");
    assert.equal(decide(admin, { ...list, context: tls }), "allow");
  });

  it("gives nobody access who has none", () => {
    assert.equal(decide({ resource: policies.resource }, { ...readImage, context: tls }), "implicit deny");
  });
});

const allowEverything = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

describe("accessLogBucketPolicy", () => {
  const resource = [
    renderPolicy(accessLogBucketPolicy(place, "acme-logs", ["acme-output", "acme-data"], "s3/"), "bucket"),
  ];
  const deliver: AccessRequest = {
    action: "s3:PutObject",
    resource: "arn:aws:s3:::acme-logs/s3/2026-11-21-a",
    principal: { service: "logging.s3.amazonaws.com" },
    context: { ...tls, "aws:SourceAccount": "123456789012", "aws:SourceArn": "arn:aws:s3:::acme-data" },
  };
  const context = deliver.context ?? {};
  const cases: [string, AccessRequest, string][] = [
    ["lets S3 deliver the logs of a named bucket", deliver, "allow"],
    [
      "refuses the logs of another bucket",
      { ...deliver, context: { ...context, "aws:SourceArn": "arn:aws:s3:::other" } },
      "implicit deny",
    ],
    [
      "refuses the logs of another account",
      { ...deliver, context: { ...context, "aws:SourceAccount": "999999999999" } },
      "implicit deny",
    ],
    [
      "refuses another service",
      { ...deliver, principal: { service: "config.amazonaws.com" } },
      "implicit deny",
    ],
    [
      "refuses keys outside the prefix",
      { ...deliver, resource: "arn:aws:s3:::acme-logs/a" },
      "implicit deny",
    ],
    ["refuses S3 to read", { ...deliver, action: "s3:GetObject" }, "implicit deny"],
    [
      "refuses plain HTTP",
      { ...deliver, context: { ...context, "aws:SecureTransport": "false" } },
      "explicit deny",
    ],
  ];
  for (const [title, request, decision] of cases) {
    it(title, () => {
      assert.equal(decide({ resource }, request), decision);
    });
  }

  it("is exactly TLS only and one delivery", () => {
    const { Statement } = accessLogBucketPolicy(place, "acme-logs", ["acme-output", "acme-data"], "");

    assert.deepEqual(
      Statement.map(({ Sid }) => Sid),
      ["DeliverAccessLogs", "DenyOldTls", "DenyPlainHttp"],
    );
    assert.deepEqual(Statement[0], {
      Sid: "DeliverAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::acme-logs/*"],
      Condition: {
        ArnLike: { "aws:SourceArn": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-output"] },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      },
    });
  });
});

import assert from "node:assert/strict";
import { type AccessRequest, type Decision, decide } from "./iam-evaluator";

const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" };
const get: AccessRequest = { action: "s3:GetObject", resource: "arn:aws:s3:::data/a" };
const role = "arn:aws:iam::123456789012:role/r";

function policy(...Statement: unknown[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

describe("the IAM evaluator of the tests", () => {
  const cases: [string, unknown[], AccessRequest, Decision][] = [
    ["denies what nobody allows", [], get, "implicit deny"],
    ["allows what a statement allows", [read], get, "allow"],
    ["lets a deny win", [read, { ...read, Effect: "Deny" }], get, "explicit deny"],
    ["ignores the case of actions", [{ ...read, Action: "S3:getobject" }], get, "allow"],
    ["minds the case of resources", [read], { ...get, resource: "arn:aws:s3:::DATA/a" }, "implicit deny"],
    ["expands wildcards in actions", [{ ...read, Action: "s3:Get*" }], get, "allow"],
    ["takes ? as one character", [{ ...read, Action: "s3:GetObjec?" }], get, "allow"],
    ["takes a dot literally", [{ ...read, Resource: "arn:aws:s3:::da.a/*" }], get, "implicit deny"],
    [
      "keeps wildcards inside one part of an ARN",
      [{ ...read, Action: "sagemaker:InvokeEndpoint", Resource: "arn:aws:*:endpoint/x" }],
      { action: "sagemaker:InvokeEndpoint", resource: "arn:aws:sagemaker:us-east-1:1:endpoint/x" },
      "implicit deny",
    ],
    ["turns NotAction round", [{ Effect: "Allow", NotAction: "s3:Put*", Resource: "*" }], get, "allow"],
    [
      "turns NotResource round",
      [{ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::data/*" }],
      get,
      "implicit deny",
    ],
    [
      "fails a condition whose key is missing",
      [{ ...read, Condition: { StringEquals: { "aws:SourceAccount": "1" } } }],
      get,
      "implicit deny",
    ],
    [
      "passes IfExists when the key is missing",
      [{ ...read, Condition: { StringEqualsIfExists: { "aws:SourceAccount": "1" } } }],
      get,
      "allow",
    ],
    [
      "fails IfExists when the key differs",
      [{ ...read, Condition: { StringEqualsIfExists: { "aws:SourceAccount": "1" } } }],
      { ...get, context: { "aws:SourceAccount": "2" } },
      "implicit deny",
    ],
    [
      "tells by Null whether a key is missing",
      [{ ...read, Condition: { Null: { "aws:SourceAccount": "true" } } }],
      get,
      "allow",
    ],
    [
      "needs one of several values, and all of several keys",
      [{ ...read, Condition: { StringEquals: { a: ["1", "2"], b: "3" } } }],
      { ...get, context: { a: "2", b: "4" } },
      "implicit deny",
    ],
    [
      "compares numbers as numbers",
      [{ ...read, Condition: { NumericLessThan: { n: "10" } } }],
      { ...get, context: { n: "9.5" } },
      "allow",
    ],
    [
      "matches ARNs by part",
      [{ ...read, Condition: { ArnLike: { arn: "arn:aws:sagemaker:*:1:*" } } }],
      { ...get, context: { ARN: "arn:aws:sagemaker:us-east-1:1:training-job/x" } },
      "allow",
    ],
  ];
  for (const [title, statements, request, decision] of cases) {
    it(title, () => {
      assert.equal(decide({ identity: [policy(...statements)] }, request), decision);
    });
  }

  it("joins identity and resource policies: one allows, either denies", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::data/*" };
    const plain = { ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } };
    const asked = { ...get, principal: { arn: role } };

    assert.equal(decide({ identity: [policy(read)], resource: [policy(plain)] }, asked), "allow");
    const overHttp = { ...asked, context: { "aws:SecureTransport": "false" } };
    assert.equal(decide({ identity: [policy(read)], resource: [policy(plain)] }, overHttp), "explicit deny");
  });

  it("opens a key to the account's policies only where the key policy names the account", () => {
    const decrypt = { action: "kms:Decrypt", resource: "arn:aws:kms:us-east-1:123456789012:key/k" };
    const mine = policy({ Effect: "Allow", Action: "kms:Decrypt", Resource: decrypt.resource });
    const keyFor = (account: string) =>
      policy({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      });
    const asked = { ...decrypt, principal: { arn: role } };

    assert.equal(decide({ identity: [mine], resource: [keyFor("123456789012")] }, asked), "allow");
    assert.equal(decide({ identity: [], resource: [keyFor("123456789012")] }, asked), "implicit deny");
    assert.equal(decide({ identity: [mine], resource: [keyFor("999999999999")] }, asked), "implicit deny");
  });

  it("refuses what it does not know instead of guessing", () => {
    const unknown: [unknown, RegExp][] = [
      [{ ...read, Condition: { DateLessThan: { a: "1" } } }, /unknown condition operator DateLessThan/],
      [{ ...read, NotPrincipal: "*" }, /unknown element NotPrincipal/],
      [
        { ...read, Resource: ["arn:aws:s3:::", "{aws:username}/*"].join("$") },
        /policy variables are not known/,
      ],
      [{ ...read, Effect: "allow" }, /unknown effect allow/],
    ];
    for (const [statement, message] of unknown) {
      assert.throws(
        () => decide({ identity: [policy(statement)] }, { ...get, context: { a: "1" } }),
        message,
      );
    }
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { requiresTls } from "../../../policy/storage/bucket-policy";
import { UNKNOWN } from "../../../policy/values";

const BOTH = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"];
const plainHttp = { Bool: { "aws:SecureTransport": "false" } };
const deny = (changes: Record<string, unknown> = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: BOTH,
  Condition: plainHttp,
  ...changes,
});
const policy = (...statements: readonly unknown[]) => ({ Version: "2012-10-17", Statement: statements });

describe("requiresTls", () => {
  const enforced: readonly [string, unknown][] = [
    ["the usual statement", policy(deny())],
    ["the usual statement as text", JSON.stringify(policy(deny()))],
    ["one statement instead of a list", { Statement: deny() }],
    [
      "element names in other letters",
      {
        statement: [{ effect: "Deny", principal: "*", action: "S3:*", resource: BOTH, condition: plainHttp }],
      },
    ],
    ["every AWS principal", policy(deny({ Principal: { AWS: "*" } }))],
    [
      "every AWS principal in a list",
      policy(deny({ Principal: { AWS: ["arn:aws:iam::123456789012:root", "*"] } })),
    ],
    ["every action of every service", policy(deny({ Action: ["s3:GetObject", "*"] }))],
    ["every resource", policy(deny({ Resource: "*" }))],
    ["every bucket", policy(deny({ Resource: "arn:aws:s3:::*" }))],
    ["a pattern that holds bucket and objects", policy(deny({ Resource: "arn:aws-cn:s3:::dat*" }))],
    [
      "all but another bucket",
      policy(deny({ Resource: undefined, NotResource: ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"] })),
    ],
    [
      "bucket and objects in two statements",
      policy(deny({ Resource: BOTH[0] }), deny({ Resource: BOTH[1] })),
    ],
    ["a boolean instead of text", policy(deny({ Condition: { bool: { "AWS:securetransport": [false] } } }))],
    [
      "the form that also holds where the key is missing",
      policy(deny({ Condition: { BoolIfExists: plainHttp.Bool } })),
    ],
    ["text compared", policy(deny({ Condition: { StringEquals: { "aws:SecureTransport": "false" } } }))],
    [
      "text compared by not",
      policy(deny({ Condition: { StringNotEquals: { "aws:SecureTransport": "true" } } })),
    ],
    [
      "a TLS version, which a request without TLS lacks",
      policy(deny({ Condition: { NumericLessThanIfExists: { "s3:TlsVersion": "1.2" } } })),
    ],
    ["no condition at all", policy(deny({ Condition: undefined }))],
    [
      "a statement among others",
      policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: BOTH }, deny()),
    ],
  ];
  for (const [title, document] of enforced) {
    it(`holds for ${title}`, () => {
      assert.deepEqual(requiresTls(document, "data"), { kind: "enforced" });
    });
  }

  const open: readonly [string, unknown, RegExp][] = [
    ["an allowance only", policy(deny({ Effect: "Allow" })), /denies nothing/],
    ["a deny in small letters, which AWS refuses", policy(deny({ Effect: "deny" })), /denies nothing/],
    [
      "one principal",
      policy(deny({ Principal: { AWS: "arn:aws:iam::123456789012:root" } })),
      /no Deny that takes in all/,
    ],
    ["services only", policy(deny({ Principal: { Service: "*" } })), /no Deny/],
    [
      "all but one principal",
      policy(deny({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" } })),
      /no Deny/,
    ],
    ["reading only", policy(deny({ Action: "s3:Get*" })), /no Deny/],
    ["all but writing", policy(deny({ Action: undefined, NotAction: "s3:Put*" })), /no Deny/],
    ["objects only", policy(deny({ Resource: BOTH[1] })), /not for the bucket itself$/],
    ["the bucket only", policy(deny({ Resource: BOTH[0] })), /not for its objects$/],
    [
      "some objects",
      policy(deny({ Resource: [BOTH[0], "arn:aws:s3:::data/models/*"] })),
      /not for its objects$/,
    ],
    [
      "another bucket",
      policy(deny({ Resource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] })),
      /the bucket itself and its objects$/,
    ],
    [
      "the condition the wrong way round",
      policy(deny({ Condition: { Bool: { "aws:SecureTransport": "true" } } })),
      /no Deny/,
    ],
    [
      "the negation the wrong way round",
      policy(deny({ Condition: { StringNotEquals: { "aws:SecureTransport": "false" } } })),
      /no Deny/,
    ],
    [
      "an old TLS version only",
      policy(deny({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })),
      /no Deny/,
    ],
    [
      "a second condition",
      policy(deny({ Condition: { ...plainHttp, StringEquals: { "aws:PrincipalOrgID": "o-1" } } })),
      /no Deny/,
    ],
    [
      "a second key",
      policy(deny({ Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } })),
      /no Deny/,
    ],
    [
      "all but this bucket's objects",
      policy(deny({ Resource: undefined, NotResource: ["arn:aws:s3:::logs", "arn:aws:s3:::data/*"] })),
      /not for its objects$/,
    ],
    ["a condition that is none", policy(deny({ Condition: "never" })), /no Deny/],
    ["no statement", { Version: "2012-10-17" }, /cannot be read/],
    ["no JSON", "{", /cannot be read/],
    ["no text", 17, /cannot be read/],
  ];
  for (const [title, document, reason] of open) {
    it(`does not hold for ${title}`, () => {
      const verdict = requiresTls(document, "data");
      assert.equal(verdict.kind, "open");
      assert.match(verdict.kind === "open" ? verdict.reason : "", reason);
    });
  }

  it("takes the name from the policy where the bucket has none yet", () => {
    assert.deepEqual(requiresTls(policy(deny()), undefined), { kind: "enforced" });
    assert.deepEqual(requiresTls(policy(deny({ Resource: "*" })), undefined), { kind: "enforced" });
    assert.equal(
      requiresTls(policy(deny({ Resource: [BOTH[0], "arn:aws:s3:::other/*"] })), undefined).kind,
      "open",
    );
  });

  it("waits for what is unknown unless the rest is enough", () => {
    assert.deepEqual(requiresTls(UNKNOWN, "data"), { kind: "unknown" });
    assert.deepEqual(requiresTls(policy(deny({ Resource: [BOTH[0], UNKNOWN] })), "data"), {
      kind: "unknown",
    });
    assert.deepEqual(requiresTls(policy(UNKNOWN), "data"), { kind: "unknown" });
    assert.deepEqual(requiresTls(policy(UNKNOWN, deny({ Effect: "Allow" })), "data"), { kind: "unknown" });
    assert.deepEqual(requiresTls(policy(UNKNOWN, deny()), "data"), { kind: "enforced" });
  });

  it("stays enforced whatever statements join it, and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.nat(5), (others, at) => {
        const statements = [...others.slice(0, at), deny(), ...others.slice(at)];
        assert.deepEqual(requiresTls(policy(...statements), "data"), { kind: "enforced" });
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), (document) => void requiresTls(document, "data")),
    );
  });
});

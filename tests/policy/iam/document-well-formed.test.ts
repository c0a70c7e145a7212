import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { documentWellFormed } from "../../../policy/iam/document-well-formed";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const POLICY = "aws:iam/policy:Policy";
const GOOD = { Sid: "Read0", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" };

function policy(statement: unknown, rest: Record<string, unknown> = {}) {
  return { type: POLICY, props: { policy: { Version: "2012-10-17", ...rest, Statement: statement } } };
}

function violating(title: string, statement: unknown, says: RegExp, rest?: Record<string, unknown>) {
  return { title, ...policy(statement, rest), says };
}

describeRule(documentWellFormed, {
  violate: [
    violating(
      "a misspelt element",
      { ...GOOD, Actions: "s3:*" },
      /policy has a fault in statement 1: an element "Actions" that no policy has; "Action" may be meant\. Write it/,
    ),
    violating(
      "an element in the wrong letter case",
      { ...GOOD, effect: "Allow" },
      /"effect" that no policy has; "Effect" may be meant/,
    ),
    violating("an element of the document that there is not", GOOD, /policy has an element "Statements"/, {
      Statements: [],
    }),
    violating(
      "a principal",
      { ...GOOD, Principal: "*" },
      /a "Principal", which only policies of resources have/,
    ),
    violating(
      "an effect in the wrong letter case",
      { ...GOOD, Effect: "allow" },
      /"Effect" is neither Allow nor Deny/,
    ),
    violating("no effect", { ...GOOD, Effect: undefined }, /"Effect" is neither/),
    violating("no action", { ...GOOD, Action: undefined }, /neither "Action" nor "NotAction"/),
    violating("two ways to name actions", { ...GOOD, NotAction: "s3:*" }, /both "Action" and "NotAction"/),
    violating("no resource", { ...GOOD, Resource: undefined }, /neither "Resource" nor "NotResource"/),
    violating(
      "two ways to name resources",
      { ...GOOD, NotResource: "*" },
      /both "Resource" and "NotResource"/,
    ),
    violating(
      "an empty list",
      [GOOD, { ...GOOD, Sid: "B", Action: [] }],
      /statement 2: its "Action" is empty/,
    ),
    violating(
      "actions without a service",
      { ...GOOD, Action: ["GetObject", "s3:Get Object", "s3:GetObject"] },
      /2 of its "Action" have not the form service:Action/,
    ),
    violating(
      "what is no text",
      { ...GOOD, NotAction: 7, Action: undefined },
      /1 of its "NotAction" has not the form/,
    ),
    violating(
      "what is no ARN",
      { ...GOOD, Resource: ["bucket", "*"] },
      /1 of its "Resource" has not an ARN or \*/,
    ),
    violating(
      "what is no ARN among the exceptions",
      { ...GOOD, Resource: undefined, NotResource: "bucket" },
      /1 of its "NotResource"/,
    ),
    violating("a Sid of odd characters", { ...GOOD, Sid: "a b" }, /"Sid" is not of letters and digits only/),
    violating("one Sid twice", [GOOD, GOOD], /policy has one "Sid" twice/),
    violating("a condition that is a text", { ...GOOD, Condition: "x" }, /"Condition" is not an object/),
    violating(
      "an operator that there is not",
      { ...GOOD, Condition: { StringEqual: { a: "b" } } },
      /"Condition" has "StringEqual", which is no operator/,
    ),
    violating("an operator without a key", { ...GOOD, Condition: { Bool: {} } }, /names no key under "Bool"/),
    violating(
      "an operator with a text",
      { ...GOOD, Condition: { Null: "true" } },
      /names no key under "Null"/,
    ),
    violating("no statement", [], /policy has no statement/),
    violating("a statement that is a text", [GOOD, "x"], /statement 2: it is not an object/),
    violating("another version", GOOD, /"Version" other than 2012-10-17 and 2008-10-17/, {
      Version: "2012-10-18",
    }),
    violating(
      "variables in the version of 2008",
      { ...GOOD, Resource: "arn:aws:s3:::data/${aws:username}/*" },
      /policy variables are plain text in it, and the document has some/,
      { Version: "2008-10-17" },
    ),
    {
      title: "text that is no JSON",
      type: POLICY,
      props: { policy: '{"Statement": [' },
      says: /cannot be read as a policy: it is not valid JSON/,
    },
    {
      title: "a document without statements",
      type: POLICY,
      props: { policy: {} },
      says: /it has no "Statement"/,
    },
    {
      title: "more than a managed policy may hold",
      ...policy({
        ...GOOD,
        Resource: Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::bucket-${index}/*`),
      }),
      says: /has \d{4} characters without white space; AWS takes 6144 there/,
    },
    {
      title: "more than a user's policy may hold",
      type: "aws:iam/userPolicy:UserPolicy",
      props: {
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ ...GOOD, Resource: `arn:aws:s3:::${"x".repeat(2000)}` }],
        }),
      },
      says: /AWS takes 2048 there/,
    },
  ],
  pass: [
    { title: "a plain statement", ...policy(GOOD) },
    {
      title: "every element there is",
      ...policy(
        [
          {
            Sid: "",
            Effect: "Deny",
            NotAction: ["s3:*", "*", "ec2:Describe?"],
            NotResource: ["*", "arn:aws:s3:::x"],
            Condition: {
              "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a"] },
              "ForAllValues:ArnEquals": { "aws:SourceArn": "x" },
              NumericLessThanEquals: { "s3:max-keys": 10 },
            },
          },
        ],
        { Id: "x" },
      ),
    },
    {
      title: "variables in the newer version",
      ...policy({ ...GOOD, Resource: "arn:aws:s3:::data/${aws:username}/*" }),
    },
    {
      title: "a document with an unknown in it that is named",
      type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
      props: { inlinePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [GOOD] }) },
    },
  ],
});

describe("iam-document-well-formed", () => {
  it("advises on a document without a version", async () => {
    const found = await diagnose(documentWellFormed, {
      type: POLICY,
      props: { policy: { Statement: GOOD } },
    });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      found[0]?.message ?? "",
      /is written in the version of 2008, which is meant where "Version" is left out/,
    );
  });

  it("passes over what is unknown, and says that it is undecided", async () => {
    const found = await diagnose(
      documentWellFormed,
      policy([{ ...GOOD, Action: UNKNOWN_STRING, Resource: [UNKNOWN_STRING, "*"] }]),
    );

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(found[0]?.message ?? "", /policy: 2 element\(s\) is unknown/);
  });

  it("echoes nothing of odd names", async () => {
    const found = await diagnose(
      documentWellFormed,
      policy({ ...GOOD, "hunter 2": 1, Condition: { "hunter 2": {} } }),
    );

    assert.equal(found.length, 2);
    assert.doesNotMatch(JSON.stringify(found), /hunter/);
  });
});

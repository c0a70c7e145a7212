import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  AREAS_OF_FULL_ACCESS,
  fullAccess as fullAccessOf,
  SENSITIVE_ACTIONS,
} from "../../../policy/iam/canaries";
import { readDocument, type Statement } from "../../../policy/iam/document";
import { type Canary, evaluate as evaluateOf, permissionsOf } from "../../../policy/iam/evaluate";
import managed from "../../fixtures/amazon-sagemaker-full-access.json";

const DELETE_MODEL: Canary = { action: "sagemaker:DeleteModel", resource: "model/{name}" };

const evaluate = (statements: readonly Statement[], canary: Canary, home?: string) =>
  evaluateOf(permissionsOf(statements, home), canary);
const fullAccess = (statements: readonly Statement[]) => fullAccessOf(permissionsOf(statements));

describe("evaluate", () => {
  const rows: readonly [string, unknown[], boolean][] = [
    ["an exact action on everything", [allow("sagemaker:DeleteModel", "*")], true],
    ["another action", [allow("sagemaker:DescribeModel", "*")], false],
    ["the action in another letter case", [allow("SageMaker:deletemodel", "*")], true],
    ["a verb with a wildcard", [allow("sagemaker:Delete*", "*")], true],
    ["a single-character wildcard", [allow("sagemaker:DeleteMode?", "*")], true],
    ["every action of every service", [allow("*", "*")], true],
    ["the action in a list", [allow(["s3:GetObject", "sagemaker:DeleteModel"], ["*"])], true],
    ["NotAction of another service", [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }], true],
    [
      "NotAction that names it",
      [{ Effect: "Allow", NotAction: "sagemaker:DeleteModel", Resource: "*" }],
      false,
    ],
    [
      "NotResource of another kind",
      [{ Effect: "Allow", Action: "sagemaker:*", NotResource: "arn:aws:sagemaker:*:*:domain/*" }],
      true,
    ],
    [
      "NotResource of its kind, in another partition",
      [{ Effect: "Allow", Action: "sagemaker:*", NotResource: "arn:aws-cn:sagemaker:*:*:model/*" }],
      true,
    ],
    ["its kind of resource", [allow("sagemaker:*", "arn:aws:sagemaker:*:*:model/*")], true],
    ["another kind of resource", [allow("sagemaker:*", "arn:aws:sagemaker:*:*:endpoint/*")], false],
    ["one region and account", [allow("sagemaker:*", "arn:aws:sagemaker:eu-west-1:111122223333:*")], true],
    ["a region with a wildcard", [allow("sagemaker:*", "arn:aws:sagemaker:ap-*:*:model/*")], true],
    ["another partition", [allow("sagemaker:*", "arn:aws-us-gov:sagemaker:*:*:model/*")], true],
    ["a partition with a wildcard", [allow("sagemaker:*", "arn:*:sagemaker:*:*:*")], true],
    ["an ARN cut short by a wildcard", [allow("sagemaker:*", "arn:aws:sagemaker:*")], true],
    ["names with a prefix", [allow("sagemaker:*", "arn:aws:sagemaker:*:*:model/dog-*")], false],
    [
      "a policy variable for the name, which is one name",
      [allow("sagemaker:*", "arn:aws:sagemaker:*:*:model/${aws:PrincipalTag/team}")],
      false,
    ],
    [
      "a policy variable for the account",
      [allow("sagemaker:*", "arn:aws:sagemaker:*:${aws:PrincipalAccount}:model/*")],
      true,
    ],
    ["an ARN of another service", [allow("sagemaker:*", "arn:aws:s3:::*")], false],
    ["an ARN in the wrong letter case", [allow("sagemaker:*", "ARN:AWS:SAGEMAKER:*:*:MODEL/*")], false],
    [
      "a condition, taken as met",
      [{ ...allow("sagemaker:*", "*"), Condition: { Bool: { "aws:x": "true" } } }],
      true,
    ],
    ["a Deny of all of it", [allow("sagemaker:*", "*"), deny("sagemaker:*", "*")], false],
    ["a Deny that comes first", [deny("sagemaker:Delete*", "*"), allow("*", "*")], false],
    ["a Deny of another action", [allow("sagemaker:*", "*"), deny("sagemaker:CreateModel", "*")], true],
    [
      "a Deny with a condition",
      [
        allow("sagemaker:*", "*"),
        { ...deny("sagemaker:*", "*"), Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
      ],
      true,
    ],
    [
      "a Deny of one region",
      [allow("sagemaker:*", "*"), deny("sagemaker:*", "arn:aws:sagemaker:us-east-1:*:*")],
      true,
    ],
    [
      "a Deny of one account",
      [allow("sagemaker:*", "*"), deny("sagemaker:*", "arn:aws:sagemaker:*:123456789012:*")],
      true,
    ],
    [
      "a Deny of every region but one",
      [
        allow("sagemaker:*", "*"),
        { Effect: "Deny", Action: "sagemaker:*", NotResource: "arn:aws:sagemaker:eu-west-1:*:*" },
      ],
      true,
    ],
    [
      "a Deny of all of another partition's ARNs",
      [allow("sagemaker:*", "*"), deny("sagemaker:*", "arn:aws-cn:sagemaker:*:*:*")],
      true,
    ],
    [
      "a Deny of a policy variable's text",
      [allow("sagemaker:*", "*"), deny("*", "arn:aws:sagemaker:*:*:${x}")],
      true,
    ],
    [
      "a Deny by NotAction",
      [allow("sagemaker:*", "*"), { Effect: "Deny", NotAction: "s3:*", Resource: "*" }],
      false,
    ],
    ["no statement at all", [], false],
  ];
  for (const [what, statements, expected] of rows) {
    it(`${expected ? "reaches" : "does not reach"} the canary by ${what}`, () => {
      assert.equal(evaluate(read(statements), DELETE_MODEL) !== undefined, expected);
    });
  }

  it("names the statement that decides", () => {
    const statements = read([allow("s3:*", "*"), { Sid: "TooMuch", ...allow("sagemaker:*", "*") }]);

    assert.deepEqual(
      evaluate(statements, DELETE_MODEL)?.statements.map(({ label }) => label),
      ["statement TooMuch"],
    );
  });
});

describe("evaluate, with the partition of the deployment", () => {
  it("takes a Deny of that partition's ARNs for a Deny of all", () => {
    const statements = read([allow("sagemaker:*", "*"), deny("sagemaker:*", "arn:aws-cn:sagemaker:*:*:*")]);

    assert.equal(evaluate(statements, DELETE_MODEL, "aws-cn"), undefined);
    assert.notEqual(evaluate(statements, DELETE_MODEL, "aws"), undefined);
  });

  it("looks into other partitions only where an Allow names them", () => {
    const exceptions = ["arn:aws-cn:sagemaker:*:*:*", "arn:aws-us-gov:s3:::data/*"];
    const all = { Effect: "Allow", Action: "sagemaker:*", NotResource: exceptions };
    const named = allow("s3:*", "arn:aws-us-gov:s3:::data/*");

    assert.equal(evaluate(read([all]), DELETE_MODEL, "aws-cn"), undefined);
    assert.notEqual(evaluate(read([all, named]), DELETE_MODEL, "aws-cn"), undefined);
  });
});

describe("evaluate, where a condition key keeps its meaning", () => {
  const PASS: Canary = {
    action: "iam:PassRole",
    resource: "role/{name}",
    regional: false,
    context: { "iam:passedtoservice": "sagemaker.amazonaws.com", "iam:permissionsboundary": null },
  };
  const rows: readonly [string, string, string, unknown, boolean][] = [
    ["the service", "StringEquals", "iam:PassedToService", "sagemaker.amazonaws.com", true],
    [
      "the service among others",
      "StringEquals",
      "iam:PassedToService",
      ["x", "sagemaker.amazonaws.com"],
      true,
    ],
    ["another service", "StringEquals", "iam:PassedToService", "ec2.amazonaws.com", false],
    [
      "another service, in odd letter case",
      "stringequals",
      "IAM:passedtoservice",
      "ec2.amazonaws.com",
      false,
    ],
    ["a pattern of the service", "StringLike", "iam:PassedToService", "sagemaker.*", true],
    ["a pattern that needs all to match", "ForAllValues:StringLike", "iam:PassedToService", "ec2.*", false],
    [
      "the service by any letter case",
      "StringEqualsIgnoreCase",
      "iam:PassedToService",
      "SAGEMAKER.amazonaws.com",
      true,
    ],
    ["all but the service", "StringNotEquals", "iam:PassedToService", "sagemaker.amazonaws.com", false],
    ["all but another service", "StringNotLike", "iam:PassedToService", "ec2.*", true],
    [
      "a variable, which may be anything",
      "StringEquals",
      "iam:PassedToService",
      "${aws:PrincipalTag/s}",
      true,
    ],
    ["the key present", "Null", "iam:PassedToService", "false", true],
    ["the key absent", "Null", "iam:PassedToService", true, false],
    ["a boundary, where none is sent", "StringEquals", "iam:PermissionsBoundary", "arn", false],
    ["a boundary if there is one", "StringEqualsIfExists", "iam:PermissionsBoundary", "arn", true],
    ["no such boundary", "StringNotEquals", "iam:PermissionsBoundary", "arn", true],
    ["a key that the request leaves open", "StringEquals", "aws:PrincipalTag/x", "y", true],
    ["an operator that compares no texts", "NumericLessThan", "iam:PassedToService", "3", true],
  ];
  for (const [what, operator, key, value, expected] of rows) {
    it(`${expected ? "reaches" : "does not reach"} the canary on condition of ${what}`, () => {
      const when = { Condition: { [operator]: { [key]: value } } };
      const allowed = evaluate(read([{ ...allow("iam:PassRole", "*"), ...when }]), PASS);

      assert.equal(allowed !== undefined, expected);
    });
  }

  it("counts a Deny only if its conditions surely hold", () => {
    const denied = (operator: string, key: string, value: string) =>
      evaluate(
        read([
          allow("iam:PassRole", "*"),
          { ...deny("iam:PassRole", "*"), Condition: { [operator]: { [key]: value } } },
        ]),
        PASS,
      ) === undefined;

    assert.equal(denied("StringNotEquals", "iam:PassedToService", "ec2.amazonaws.com"), true);
    assert.equal(denied("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"), false);
    assert.equal(denied("StringEquals", "aws:PrincipalTag/x", "y"), false);
  });
});

describe("fullAccess", () => {
  it("recognises AWS's own document, which has no Resource in its SageMaker grant", () => {
    const found = fullAccess(read(managed.document.Statement));

    assert.deepEqual(found?.areas, Object.keys(SENSITIVE_ACTIONS));
    assert.deepEqual(
      [...new Set(found?.verdicts.flatMap(({ statements }) => statements.map(({ label }) => label)))],
      ["statement AllowAllNonAdminSageMakerActions"],
    );
  });

  const rows: readonly [string, unknown[], boolean][] = [
    ["sagemaker:* on everything", [allow("sagemaker:*", "*")], true],
    ["sagemaker:Delete* on everything", [allow("sagemaker:Delete*", "*")], true],
    ["sagemaker:Create* on everything", [allow("sagemaker:Create*", "*")], true],
    [
      "everything but some actions",
      [{ Effect: "Allow", NotAction: ["iam:*", "sagemaker:DeleteModel"], Resource: "*" }],
      true,
    ],
    [
      "the service split over statements",
      ["model", "endpoint", "training-job", "notebook-instance"].map((kind) =>
        allow("sagemaker:*", `arn:aws:sagemaker:*:*:${kind}/*`),
      ),
      true,
    ],
    ["the service limited by names", [allow("sagemaker:*", "arn:aws:sagemaker:*:*:*/dog-*")], false],
    [
      "one endpoint's invocation",
      [allow("sagemaker:InvokeEndpoint", "arn:aws:sagemaker:us-east-1:123456789012:endpoint/dogs")],
      false,
    ],
    [
      "all reading",
      [allow(["sagemaker:Describe*", "sagemaker:List*", "sagemaker:Get*", "sagemaker:Search"], "*")],
      false,
    ],
    [
      "releasing models",
      [
        allow(
          [
            "sagemaker:CreateModel",
            "sagemaker:CreateEndpointConfig",
            "sagemaker:CreateEndpoint",
            "sagemaker:UpdateEndpoint",
          ],
          "*",
        ),
      ],
      false,
    ],
    ["starting jobs", [allow(["sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"], "*")], false],
    ["full access taken back", [allow("*", "*"), deny(["sagemaker:*", "iam:*"], "*")], false],
    [
      "SageMaker taken back from one who can give it to others",
      [allow("*", "*"), deny("sagemaker:*", "*")],
      true,
    ],
  ];
  for (const [what, statements, expected] of rows) {
    it(`${expected ? "is" : "is not"} ${what}`, () => {
      assert.equal(fullAccess(read(statements)) !== undefined, expected);
    });
  }

  it("asks for several areas, and there are more than that", () => {
    assert.ok(Object.keys(SENSITIVE_ACTIONS).length > AREAS_OF_FULL_ACCESS);
  });

  it("keeps every finding when an Allow is added, wherever", () => {
    fc.assert(
      fc.property(fc.array(anyStatement, { maxLength: 5 }), anyAllow, fc.nat(5), (statements, added, at) => {
        const before = fullAccess(read(statements));
        const after = fullAccess(read(statements.toSpliced(at, 0, added)));

        return (before?.verdicts.length ?? 0) <= (after?.verdicts.length ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("never finds more when a Deny of everything is added", () => {
    fc.assert(
      fc.property(
        fc.array(anyStatement, { maxLength: 5 }),
        (statements) => fullAccess(read([...statements, deny("*", "*")])) === undefined,
      ),
    );
  });

  it("throws on no input, and neither does the reading of it", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ maxDepth: 5 }), fc.string(), fc.json(), anyBrokenDocument),
        (value) => {
          const document = readDocument(value);
          if (document.kind === "document") fullAccess(document.statements);
          return ["document", "malformed", "unknown", "absent"].includes(document.kind);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const anyAction = fc.constantFrom(
  "*",
  "sagemaker:*",
  "sagemaker:Delete*",
  "sagemaker:CreateModel",
  "SAGEMAKER:U*",
  "s3:*",
  "",
);
const anyResource = fc.constantFrom(
  "*",
  "arn:aws:sagemaker:*:*:*",
  "arn:aws:sagemaker:eu-west-1:111122223333:model/*",
  "arn:aws-cn:sagemaker:*:*:endpoint/*",
  "arn:aws:sagemaker:us-*:*:notebook-instance/*",
  "arn:aws:sagemaker:*:*:cluster/${aws:username}",
  "arn:aws:s3:::bucket",
  "",
);
const oneOrMore = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, fc.array(value, { maxLength: 3 }));
const elements = fc.oneof(
  fc.record({ Action: oneOrMore(anyAction), Resource: oneOrMore(anyResource) }),
  fc.record({ NotAction: oneOrMore(anyAction), Resource: oneOrMore(anyResource) }),
  fc.record({ Action: oneOrMore(anyAction), NotResource: oneOrMore(anyResource) }),
);
const condition = fc.constantFrom({}, { Condition: { Bool: { "aws:SecureTransport": "true" } } });
const anyAllow: fc.Arbitrary<object> = fc
  .tuple(elements, condition)
  .map(([body, when]) => ({ Effect: "Allow", ...body, ...when }));
const anyStatement: fc.Arbitrary<object> = fc
  .tuple(fc.constantFrom("Allow", "Deny"), elements, condition)
  .map(([Effect, body, when]) => ({ Effect, ...body, ...when }));
const anyBrokenDocument = fc.record({
  Statement: oneOrMore(
    fc.record(
      {
        Effect: fc.anything(),
        Action: fc.anything(),
        Resource: fc.anything(),
        NotAction: fc.anything(),
        Condition: fc.anything(),
      },
      { requiredKeys: [] },
    ),
  ),
});

function allow(Action: unknown, Resource: unknown) {
  return { Effect: "Allow", Action, Resource };
}

function deny(Action: unknown, Resource: unknown) {
  return { Effect: "Deny", Action, Resource };
}

function read(statements: readonly unknown[]): readonly Statement[] {
  const document = readDocument({ Version: "2012-10-17", Statement: statements });
  assert.equal(document.kind, "document");
  return document.kind === "document" ? document.statements : [];
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { AREAS_OF_FULL_ACCESS, CANARIES, fullAccess } from "../../../policy/iam/canaries";
import { readDocument, type Statement } from "../../../policy/iam/document";
import { type Canary, evaluate, glob } from "../../../policy/iam/evaluate";
import managed from "../../fixtures/amazon-sagemaker-full-access.json";

const DELETE_MODEL: Canary = { action: "sagemaker:DeleteModel", resource: "model/canary" };

describe("glob", () => {
  const rows: readonly [string, string, boolean][] = [
    ["*", "", true],
    ["*", "anything", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*model/*", "arn:aws:sagemaker:r:1:model/x", true],
    ["sagemaker:*Model", "sagemaker:DeleteModel", true],
    ["sagemaker:*Model", "sagemaker:DeleteModels", false],
    ["a.c", "abc", false],
    ["", "a", false],
    ["a*b*c", "a-b-b-c", true],
  ];
  for (const [pattern, text, expected] of rows) {
    it(`${expected ? "matches" : "does not match"} "${text}" by "${pattern}"`, () => {
      assert.equal(glob(pattern, text), expected);
    });
  }

  it("agrees with the equivalent regular expression on random patterns", () => {
    const word = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 10 });

    fc.assert(
      fc.property(word("ab*?"), word("ab"), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        return glob(pattern, text) === expression.test(text);
      }),
    );
  });

  it("answers a pattern made to blow up within a fraction of a second", () => {
    const started = performance.now();

    assert.equal(glob(`${"*a".repeat(2000)}b`, "a".repeat(6000)), false);

    assert.ok(performance.now() - started < 500);
  });
});

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
      false,
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
      "a policy variable",
      [allow("sagemaker:*", "arn:aws:sagemaker:*:*:model/${aws:PrincipalTag/team}")],
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
      false,
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

    assert.equal(evaluate(statements, DELETE_MODEL)?.statement.label, "statement TooMuch");
  });
});

describe("fullAccess", () => {
  it("recognises AWS's own document, which has no Resource in its SageMaker grant", () => {
    const found = fullAccess(read(managed.document.Statement));

    assert.deepEqual(found?.areas, Object.keys(CANARIES));
    assert.deepEqual(
      [...new Set(found?.verdicts.map(({ statement }) => statement.label))],
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
    ["full access taken back", [allow("*", "*"), deny("sagemaker:*", "*")], false],
  ];
  for (const [what, statements, expected] of rows) {
    it(`${expected ? "is" : "is not"} ${what}`, () => {
      assert.equal(fullAccess(read(statements)) !== undefined, expected);
    });
  }

  it("asks for several areas, and there are more than that", () => {
    assert.ok(Object.keys(CANARIES).length > AREAS_OF_FULL_ACCESS);
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

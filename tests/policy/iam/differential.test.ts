import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { fullAccess } from "../../../policy/iam/canaries";
import { readDocument, type Statement } from "../../../policy/iam/document";
import { type Canary, evaluate, permissionsOf } from "../../../policy/iam/evaluate";
import { couldEver, type NaiveStatement, type Power, type World } from "../../support/naive-iam";

const WORLD: World = {
  regions: ["us-east-1", "eu-west-1", "eu-north-1", "ap-south-1", "mars-1"],
  accounts: ["123456789012", "111122223333", "999999999999"],
};

const POWERS: readonly Power[] = [
  { action: "sagemaker:DeleteModel", resource: "model/canary", regional: true },
  { action: "sagemaker:CreateEndpoint", resource: "endpoint/canary", regional: true },
  { action: "sagemaker:CreateTrainingJob", resource: "training-job/canary", regional: true },
  { action: "sagemaker:UpdateNotebookInstance", resource: "notebook-instance/canary", regional: true },
  { action: "iam:PassRole", resource: "role/canary", regional: false, passedTo: "sagemaker.amazonaws.com" },
];

const actions = fc.constantFrom(
  "*",
  "sagemaker:*",
  "SageMaker:Delete*",
  "sagemaker:Create*",
  "sagemaker:?reate*",
  "sagemaker:*Model",
  "sagemaker:CreateEndpoint",
  "sagemaker:Update*",
  "iam:*",
  "iam:Pass?ole",
  "s3:*",
);
const resources = fc.constantFrom(
  "*",
  "arn:aws:sagemaker:*:*:*",
  "arn:aws:sagemaker:us-east-1:*:*",
  "arn:aws:sagemaker:eu-*:*:*",
  "arn:aws:sagemaker:eu-west-?:111122223333:*",
  "arn:aws:sagemaker:*:123456789012:model/*",
  "arn:aws:sagemaker:*:*:endpoint/*",
  "arn:aws:sagemaker:*:*:*/dogs-*",
  "arn:aws:sagemaker:ap-south-1:*:training-job/*",
  "arn:aws-us-gov:sagemaker:*:*:*",
  "arn:*:sagemaker:*:*:notebook-instance/*",
  "arn:aws:iam::*:role/*",
  "arn:aws:iam::123456789012:role/*",
  "arn:aws:iam::*:role/dogs-*",
  "arn:aws:s3:::data/*",
);
const oneOrMore = (value: fc.Arbitrary<string>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));
const bodies = fc.oneof(
  { weight: 4, arbitrary: fc.record({ Action: oneOrMore(actions), Resource: oneOrMore(resources) }) },
  { weight: 1, arbitrary: fc.record({ NotAction: oneOrMore(actions), Resource: oneOrMore(resources) }) },
  { weight: 1, arbitrary: fc.record({ Action: oneOrMore(actions), NotResource: oneOrMore(resources) }) },
  { weight: 1, arbitrary: fc.record({ NotAction: oneOrMore(actions), NotResource: oneOrMore(resources) }) },
);
const conditions = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ Condition: { Bool: { "aws:SecureTransport": "true" } } }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("sagemaker.amazonaws.com", "lambda.amazonaws.com")
      .map((service) => ({ Condition: { StringEquals: { "iam:PassedToService": service } } })),
  },
);
const statement = (effects: fc.Arbitrary<"Allow" | "Deny">): fc.Arbitrary<NaiveStatement> =>
  fc.tuple(effects, bodies, conditions).map(([Effect, body, when]) => ({ Effect, ...body, ...when }));
const anyStatement = statement(fc.constantFrom("Allow", "Allow", "Deny"));
const unconditionalDeny = bodies.map((body): NaiveStatement => ({ Effect: "Deny", ...body }));

function read(statements: readonly NaiveStatement[]): readonly Statement[] {
  const document = readDocument(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  assert.equal(document.kind, "document");
  return document.kind === "document" ? document.statements : [];
}

function canaryOf({ action, resource, regional, passedTo }: Power): Canary {
  return {
    action,
    resource: resource.replace("canary", "{name}"),
    regional,
    ...(passedTo === undefined ? {} : { context: { "iam:passedtoservice": passedTo } }),
  };
}

/**
 * Generated policies, with patterns of a small alphabet. Both implementations are this project's, so a misreading of AWS's rules that
 * they share stays unseen.
 */
describe("the evaluator", function () {
  this.timeout(60_000);

  it("agrees with a naive one that lists all requests, on 6,000 policies", () => {
    fc.assert(
      fc.property(fc.array(anyStatement, { minLength: 1, maxLength: 6 }), (statements) => {
        const permissions = permissionsOf(read(statements));
        for (const power of POWERS) {
          assert.equal(
            evaluate(permissions, canaryOf(power)) !== undefined,
            couldEver(statements, power, WORLD),
            power.action,
          );
        }
      }),
      { numRuns: 6000 },
    );
  });

  it("finds no less when an Allow is added, wherever", () => {
    fc.assert(
      fc.property(
        fc.array(anyStatement, { maxLength: 5 }),
        statement(fc.constant("Allow")),
        fc.nat(5),
        (statements, added, at) => {
          const before = reach(statements);
          const after = reach(statements.toSpliced(at, 0, added));
          assert.deepEqual(
            before.filter((finding) => !after.includes(finding)),
            [],
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it("finds no more when an unconditional Deny is added, wherever", () => {
    fc.assert(
      fc.property(
        fc.array(anyStatement, { maxLength: 5 }),
        unconditionalDeny,
        fc.nat(5),
        (statements, added, at) => {
          const before = reach(statements);
          const after = reach(statements.toSpliced(at, 0, added));
          assert.deepEqual(
            after.filter((finding) => !before.includes(finding)),
            [],
          );
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Each action reached and each way out, as texts; and whether all of it amounts to full access. */
function reach(statements: readonly NaiveStatement[]): readonly string[] {
  const permissions = permissionsOf(read(statements));
  const full = fullAccess(permissions);
  return [
    ...POWERS.flatMap((power) =>
      evaluate(permissions, canaryOf(power)) === undefined ? [] : [power.action],
    ),
    ...(full === undefined ? [] : ["full access", ...full.verdicts.map(({ canary }) => canary.action)]),
    ...(full?.escalations.map(({ means }) => means) ?? []),
  ];
}

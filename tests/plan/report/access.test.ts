import assert from "node:assert/strict";
import fc from "fast-check";
import type { Plan } from "../../../plan/plan";
import { renderAccess } from "../../../plan/report/access";
import { shortArn, shortConditions, shortPrincipal } from "../../../plan/report/arns";
import { type MergedGrant, mergedGrants } from "../../../plan/report/grants";
import { layoutOf } from "../../../plan/report/layout";
import { smallPlan } from "../small-plan";

const context = { account: "123456789012", region: "eu-west-1", buckets: new Set(["data"]) };

describe("plan/report/arns", () => {
  it("leaves out this account, this region and the action's own service, and nothing else", () => {
    const short = (arn: string) => shortArn(arn, "sagemaker", context);

    assert.deepEqual(
      [
        "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/a",
        "arn:aws:sagemaker:us-east-1:123456789012:endpoint/a",
        "arn:aws:sagemaker:eu-west-1:999999999999:endpoint/a",
        "arn:aws:ec2:eu-west-1:*:subnet/subnet-1",
        "arn:aws:s3:::data-0a1b2c3/x/*",
        "arn:aws:s3:::foreign-0a1b2c3/x/*",
        "arn:aws:kms:eu-west-1:123456789012:key/1f2d6829-1424-4cdc-a8cd-e79b078c87d3",
        "*",
        "not an arn",
      ].map(short),
      [
        "endpoint/a",
        "endpoint/a (us-east-1)",
        "endpoint/a (999999999999)",
        "ec2:subnet/subnet-1 (any account)",
        "s3://data-…/x/*",
        "s3://foreign-0a1b2c3/x/*",
        "kms:key/1f2d6829-…",
        "every resource",
        "not an arn",
      ],
    );
  });

  it("names principals and conditions in words", () => {
    assert.deepEqual(
      [
        "lambda.amazonaws.com (limited by aws:SourceArn)",
        "*",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::999999999999:role/x",
      ].map((principal) => shortPrincipal(principal, context)),
      ["lambda", "anyone", "this account", "iam:role/x (999999999999)"],
    );
    assert.equal(
      shortConditions(
        {
          conditions: {
            StringLike: { "s3:prefix": ["a/*", "b/*"] },
            Bool: { "kms:GrantIsForAWSResource": ["true"] },
          },
        },
        context,
      ),
      " if s3:prefix is a/* or b/* and kms:GrantIsForAWSResource is true",
    );
    assert.equal(
      shortConditions(
        { conditions: { StringNotEquals: { "aws:SourceAccount": ["123456789012"] } } },
        context,
      ),
      " if aws:SourceAccount StringNotEquals this account",
    );
  });
});

describe("plan/report/grants", () => {
  const words = (letters: string) =>
    fc.uniqueArray(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 });
  const grants = fc.array(
    fc.record({
      effect: fc.constantFrom("Allow" as const, "Deny" as const),
      actions: words("abc"),
      resources: words("xyz"),
      conditions: fc.constantFrom<NonNullable<MergedGrant["conditions"]>>({}, { Bool: { k: ["true"] } }),
    }),
    { maxLength: 8 },
  );
  const triples = (list: readonly MergedGrant[]) =>
    new Set(
      list.flatMap(({ effect, actions, resources, conditions }) =>
        actions.flatMap((action) =>
          resources.map((resource) => JSON.stringify([effect, action, resource, conditions ?? {}])),
        ),
      ),
    );

  it("merges statements without allowing or denying anything more or less", () => {
    fc.assert(
      fc.property(grants, (given) => {
        const merged = mergedGrants(given);

        assert.ok(merged.length <= given.length);
        assert.deepEqual([...triples(merged)].sort(), [...triples(given)].sort());
      }),
      { numRuns: 500 },
    );
  });

  it("never merges what excepts actions or resources", () => {
    const except = (action: string): MergedGrant => ({
      effect: "Allow",
      actions: [],
      notActions: [action],
      resources: ["*"],
    });

    assert.deepEqual(mergedGrants([except("a"), except("b")]), [except("a"), except("b")]);
  });
});

describe("plan/report/access", () => {
  const render = (permissions: Plan["permissions"]) =>
    renderAccess({ ...smallPlan, permissions }, layoutOf(100, false));
  const { principals, resourcePolicies } = smallPlan.permissions;

  it("tells two roles together only while they differ in their names alone", () => {
    const [left, right] = principals;
    assert.ok(left && right);
    const more = { ...right, grants: [...right.grants, { ...left.grants[0], actions: ["sqs:SendMessage"] }] };

    assert.equal(
      render({ principals, resourcePolicies: [] })[0],
      "sites left, right  IAM role used by lambda, each for its own <name>  not due",
    );
    assert.deepEqual(
      render({ principals: [left, more as typeof left], resourcePolicies: [] }).filter((line) =>
        line.startsWith("site"),
      ),
      ["site left  IAM role used by lambda  not due", "site right  IAM role used by lambda  not due"],
    );
  });

  it("says never for a denial, and that a role without grants has none", () => {
    const [left] = principals;
    assert.ok(left);
    const denial = { effect: "Deny" as const, actions: ["s3:*"], resources: ["*"], source: "" };

    assert.equal(
      render({ principals: [{ ...left, grants: [denial] }], resourcePolicies: [] })[1],
      "  s3            never every action on every resource",
    );
    assert.equal(
      render({ principals: [{ ...left, grants: [] }], resourcePolicies: [] })[1],
      "  nothing       is granted",
    );
    assert.deepEqual(render({ principals: [], resourcePolicies: [] }), ["The program grants nothing."]);
  });

  it("folds a statement that every bucket carries, and keeps one that a single bucket has", () => {
    const [left, right] = resourcePolicies;
    assert.ok(left && right);
    const extra = {
      effect: "Allow" as const,
      principals: ["logging.s3.amazonaws.com"],
      actions: ["s3:PutObject"],
      resources: [`arn:aws:s3:::${right.resource.name}/*`],
      source: "",
    };

    assert.deepEqual(
      render({
        principals: [],
        resourcePolicies: [left, { ...right, statements: [...right.statements, extra] }],
      }),
      [
        "on bucket right-files",
        "  allows        logging.s3: s3 PutObject",
        "",
        "on buckets left-files, right-files",
        "  denies        anyone: s3 every action without TLS or with TLS below 1.2",
      ],
    );
  });

  it("names resources that are not the policy's own", () => {
    const [left] = resourcePolicies;
    assert.ok(left);
    const [statement] = left.statements;
    assert.ok(statement);

    assert.deepEqual(
      render({
        principals: [],
        resourcePolicies: [
          { ...left, statements: [{ ...statement, resources: ["arn:aws:s3:::other/*"], conditions: {} }] },
        ],
      }),
      ["on bucket left-files", "  denies        anyone: s3 every action on s3://other/*"],
    );
  });
});

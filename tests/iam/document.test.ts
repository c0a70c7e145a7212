import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allow,
  type PolicyKind,
  policyDocument,
  renderPolicy,
  type Statement,
} from "../../infra/iam/document";

const read = allow("Read", ["s3:GetObject"], ["arn:aws:s3:::a/*"]);
const list = allow("List", ["s3:ListBucket"], ["arn:aws:s3:::a"], { StringLike: { "s3:prefix": ["x/*"] } });

describe("policyDocument", () => {
  it("puts statements, actions, resources and conditions in one order, without duplicates", () => {
    const document = policyDocument([
      read,
      allow("Keep", ["s3:PutObject", "s3:GetObject", "s3:PutObject"], ["arn:b", "arn:a", "arn:b"], {
        StringEquals: { b: ["2", "1", "2"], a: "z" },
        Bool: { c: "true" },
      }),
    ]);

    assert.equal(
      renderPolicy(document),
      '{"Version":"2012-10-17","Statement":[' +
        '{"Sid":"Keep","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:a","arn:b"],' +
        '"Condition":{"Bool":{"c":"true"},"StringEquals":{"a":"z","b":["1","2"]}}},' +
        '{"Sid":"Read","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::a/*"]}]}',
    );
  });

  it("leaves its arguments as they were", () => {
    const frozen = Object.freeze([Object.freeze({ ...read, Action: Object.freeze(["s3:b", "s3:a"]) })]);

    assert.deepEqual(policyDocument(frozen).Statement[0]?.Action, ["s3:a", "s3:b"]);
    assert.deepEqual(frozen[0]?.Action, ["s3:b", "s3:a"]);
  });

  const refused: [string, Statement[], RegExp][] = [
    ["no statement", [], /at least one statement/],
    ["a Sid used twice", [read, { ...list, Sid: "Read" }], /Two statements have the Sid "Read"/],
    [
      "a Sid with other characters",
      [{ ...read, Sid: "read-data" }],
      /"read-data" is not allowed: use letters/,
    ],
    ["an empty Sid", [{ ...read, Sid: "" }], /The Sid "" is not allowed/],
    ["no action", [{ ...read, Action: [] }], /"Read" has an empty Action or Resource list/],
    ["no resource", [{ ...read, Resource: [] }], /"Read" has an empty Action or Resource list/],
  ];
  for (const [what, statements, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => policyDocument(statements), message);
    });
  }

  it("is the same whatever the order of statements, actions, resources and condition values", () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 5 });
    const statements = fc.uniqueArray(
      fc.record({
        Sid: fc.stringMatching(/^[A-Za-z0-9]{1,8}$/),
        Action: words,
        Resource: words,
        values: words,
      }),
      { minLength: 1, maxLength: 6, selector: ({ Sid }) => Sid },
    );
    const build = (
      items: readonly { Sid: string; Action: string[]; Resource: string[]; values: string[] }[],
    ) =>
      renderPolicy(
        policyDocument(
          items.map(({ Sid, Action, Resource, values }) =>
            allow(Sid, Action, Resource, { StringEquals: { key: values } }),
          ),
        ),
      );

    fc.assert(
      fc.property(statements, (items) => {
        const backwards = items
          .map(({ Sid, Action, Resource, values }) => ({
            Sid,
            Action: Action.toReversed(),
            Resource: Resource.toReversed(),
            values: values.toReversed(),
          }))
          .toReversed();

        assert.equal(build(backwards), build(items));
      }),
    );
  });
});

describe("renderPolicy", () => {
  it("keeps the parts that only trust and resource policies have", () => {
    const trust: Statement = {
      Sid: "AssumeRole",
      Effect: "Deny",
      Principal: { Service: ["b.amazonaws.com", "a.amazonaws.com"] },
      Action: ["sts:AssumeRole"],
    };

    assert.equal(
      renderPolicy(policyDocument([trust]), "trust"),
      '{"Version":"2012-10-17","Statement":[{"Sid":"AssumeRole","Effect":"Deny",' +
        '"Principal":{"Service":["a.amazonaws.com","b.amazonaws.com"]},"Action":["sts:AssumeRole"]}]}',
    );
  });

  const limits: [PolicyKind, number][] = [
    ["role", 10_240],
    ["managed", 6_144],
    ["trust", 2_048],
    ["bucket", 20_480],
    ["key", 32_768],
    ["topic", 30_720],
  ];
  for (const [kind, maximum] of limits) {
    it(`takes ${maximum} characters for a ${kind} policy, and not one more`, () => {
      const bare = renderPolicy(policyDocument([allow("Fill", ["s3:GetObject"], [""])])).length;
      const filled = (count: number) =>
        policyDocument([allow("Fill", ["s3:GetObject"], ["x".repeat(count - bare)])]);

      assert.equal(renderPolicy(filled(maximum), kind).length, maximum);
      assert.throws(
        () => renderPolicy(filled(maximum + 1), kind),
        new RegExp(
          `A ${kind} policy has ${maximum + 1} characters; AWS allows ${maximum} \\(statements: Fill\\)`,
        ),
      );
    });
  }

  it("does not count white space, as IAM does not", () => {
    const spaced = policyDocument([
      allow("Fill", ["s3:GetObject"], [`arn:aws:s3:::a/${" ".repeat(20_000)}`]),
    ]);

    assert.ok(renderPolicy(spaced).length > 20_000);
  });
});

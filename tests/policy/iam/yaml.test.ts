import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { parse, stringify } from "yaml";
import { parseYaml } from "../../../policy/iam/yaml";

const TEMPLATE = `# a template
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  A role
  of two lines   # that are text
Parameters: {Name: {Type: String, Default: 'it''s'}, List: [a, "b, c", [d]]}   # comment
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
      - "arn:aws:iam::aws:policy/A"
      - arn:aws:iam::aws:policy/B # comment
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ["sagemaker:*",
                   'iam:PassRole']
                Resource: "*"
              -
                Effect: Deny
                Action:
                  - s3:*
                  - "\\u0073qs:*"
                Resource: a plain text
                  that goes on
      Code: |
        line one
          # two: x

        last
      Nothing:
      Empty: []
      Tilde: ~
`;

describe("parseYaml", () => {
  it("reads a template as a parser of the whole language does, scalars as text", () => {
    const expected = parse(TEMPLATE, { schema: "failsafe" });
    expected.Resources.Role.Properties.Nothing = null;
    expected.Resources.Role.Properties.Tilde = null;
    expected.Resources.Role.Properties.Code = expected.Resources.Role.Properties.Code.trimEnd();
    expected.Description = "A role of two lines   # that are text";

    assert.deepEqual(parseYaml(TEMPLATE)?.value, expected);
  });

  it("turns CloudFormation's short forms into the long ones", () => {
    const text = `A: !Sub "x-\${Y}"\nB: !Ref Name\nC: !GetAtt Role.Arn\nD: !Join\n  - ""\n  - [a, !Ref B]\nE:\n  - !Sub arn:x\n  - !If [C, !Ref D, E]\n`;

    assert.deepEqual(parseYaml(text)?.value, {
      A: { "Fn::Sub": "x-${Y}" },
      B: { Ref: "Name" },
      C: { "Fn::GetAtt": "Role.Arn" },
      D: { "Fn::Join": ["", ["a", { Ref: "B" }]] },
      E: [{ "Fn::Sub": "arn:x" }, { "Fn::If": ["C", { Ref: "D" }, "E"] }],
    });
  });

  for (const text of [
    "a: &x 1\nb: *x\n",
    "<<: {a: 1}\n",
    "a: 1\na: 2\n",
    "a: [1\n",
    'a: "x\n',
    "a: 1\n--- \nb: 2\n",
    "\ta: 1\n",
    "a: 1\n  b: 2\n c: 3\n",
    "- a\nb: c\n",
  ]) {
    it(`leaves ${JSON.stringify(text)} to others`, () => {
      assert.equal(parseYaml(text), undefined);
    });
  }

  it("agrees with a parser of the whole language on generated values", () => {
    const word = fc.oneof(
      fc.stringMatching(/^[A-Za-z][A-Za-z0-9 :*/.#'"{}[\],&!-]{0,12}$/),
      fc.constantFrom(
        "*",
        "sagemaker:*",
        "arn:aws:s3:::b/*",
        "- x",
        "# x",
        "it's",
        '"',
        "a: b",
        "multi\nline",
      ),
    );
    const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9:]{0,8}[A-Za-z]$/);
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 3 }),
      ),
    }));
    let read = 0;
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 3 }), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const found = parseYaml(stringify(plain, { lineWidth: 0 }));
        if (found === undefined) return;
        read += 1;
        assert.deepEqual(found.value, plain);
      }),
      { numRuns: 600 },
    );
    assert.ok(read > 400, `only ${read} of 600 were read`);
  });

  it("throws on no text", () => {
    const line = fc.constantFrom(
      "a:",
      "- b",
      "  c: d",
      "- - e",
      "  - f: g",
      "[",
      "{a: b",
      "|",
      "x: |",
      "'",
      "!Sub",
      "? k",
      "#",
      "",
      "   ",
      ": ",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => parseYaml(lines.join("\n")) !== null),
    );
    fc.assert(fc.property(fc.string(), (text) => parseYaml(text) !== null));
    assert.equal(parseYaml("- ".repeat(20_000)), undefined);
  });
});

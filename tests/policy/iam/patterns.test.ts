import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { arnPattern, glob, mayMatch, surelyMatches } from "../../../policy/iam/patterns";

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

  it("answers a pattern made to blow up, which would outlast the test's own limit otherwise", () => {
    assert.equal(glob(`${"*a".repeat(2000)}b`, "a".repeat(6000)), false);
  });
});

describe("arnPattern", () => {
  const ARN = ["arn", "aws", "sagemaker", "eu-west-1", "123456789012", "model/dogs"];
  const rows: readonly [string, boolean, boolean][] = [
    ["*", true, true],
    ["arn:*", true, true],
    ["arn:aws:sagemaker:*:*:model/*", true, true],
    ["arn:aws:sagemaker:eu-west-?:*:*/dogs", true, true],
    ["arn:aws:sagemaker", true, true],
    ["arn:aws:sagemaker:us-east-1:*:*", false, false],
    ["arn:aws:*:model/dogs", false, true],
    ["arn:aws:sagemaker:*:model/*", false, true],
    ["ARN:aws:sagemaker:*:*:*", false, false],
    ["arn:aws:sagemaker:*:*:Model/*", false, false],
    ["", false, false],
  ];
  for (const [pattern, surely, may] of rows) {
    it(`says that "${pattern}" ${surely ? "surely" : may ? "perhaps" : "never"} takes in a model's ARN`, () => {
      assert.equal(surelyMatches(arnPattern(pattern, "closed"), ARN), surely);
      assert.equal(mayMatch(arnPattern(pattern, "open"), ARN), may);
    });
  }

  it("is surely right only where it is perhaps right, whatever the pattern", () => {
    const part = fc.constantFrom(
      "*",
      "arn",
      "aws",
      "sagemaker",
      "",
      "eu-*",
      "?",
      "model/*",
      "${aws:x}",
      "${*}",
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const pattern = parts.join(":");
        return (
          !surelyMatches(arnPattern(pattern, "closed"), ARN) || mayMatch(arnPattern(pattern, "open"), ARN)
        );
      }),
    );
  });
});

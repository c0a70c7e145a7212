import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { firstMatch, patterns } from "../../policy/patterns";

const field = patterns(["^a"], "Words.");

describe("a setting of regular expressions", () => {
  it("takes a list of them in place of the default", () => {
    assert.deepEqual(field.read(["b$", "c+"], field.default), { value: ["b$", "c+"], problems: [] });
    assert.deepEqual(field.read(["x".repeat(200)], field.default).problems, []);
    assert.deepEqual(field.read([], field.default), { value: [], problems: [] });
  });

  it("keeps what it has for anything else, and says so", () => {
    for (const value of ["b$", ["("], [""], [17], null, { 0: "b" }, ["x".repeat(201)]]) {
      assert.deepEqual(field.read(value, ["^a"]), {
        value: ["^a"],
        problems: [" is not a list, each of it a regular expression of at most 200 characters"],
      });
    }
  });
});

describe("the first pattern that occurs", () => {
  it("is looked for anywhere, without regard to capitals", () => {
    assert.equal(firstMatch(["x", "LATEST"], "my-latest-tag"), "LATEST");
    assert.equal(firstMatch(["^latest"], "my-latest"), undefined);
    assert.equal(firstMatch([], "anything"), undefined);
    assert.equal(firstMatch(["("], "("), undefined);
  });
});

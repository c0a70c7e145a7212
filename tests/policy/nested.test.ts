import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { at, isText, shown } from "../../policy/nested";
import { UNKNOWN } from "../../policy/values";

describe("a value at a path", () => {
  it("is what stands there, and undefined where a part is missing, null or of another kind", () => {
    assert.equal(at({ a: { b: 0 } }, "a.b"), 0);
    assert.equal(at({ a: { b: false } }, "a.b"), false);
    for (const value of [
      {},
      { a: null },
      { a: [] },
      { a: "text" },
      { a: { b: null } },
      17,
      undefined,
      null,
    ]) {
      assert.equal(at(value, "a.b"), undefined);
    }
  });

  it("is unknown where it, or anything above it, is", () => {
    for (const value of [UNKNOWN, { a: UNKNOWN }, { a: { b: UNKNOWN } }]) {
      assert.equal(at(value, "a.b"), UNKNOWN);
    }
  });

  it("is never a member that every object has", () => {
    assert.equal(at({}, "constructor"), undefined);
    assert.equal(at({ a: {} }, "a.toString"), undefined);
  });
});

describe("a text that is there", () => {
  it("is neither empty nor blank nor another kind of value", () => {
    assert.equal(isText("x"), true);
    for (const value of ["", " ", undefined, null, 17, UNKNOWN, ["x"]]) assert.equal(isText(value), false);
  });
});

describe("a value in a message", () => {
  it("is short, on one line, and never the words of JavaScript", () => {
    assert.deepEqual(
      ["a\nb", "x".repeat(200), "x".repeat(201), 1.5, true, undefined, null, UNKNOWN, [1], { a: 1 }].map(
        shown,
      ),
      [
        '"a\\nb"',
        `"${"x".repeat(200)}"`,
        "a long text",
        "1.5",
        "true",
        "not set",
        "not set",
        "unknown",
        "a list",
        "an object",
      ],
    );
  });
});

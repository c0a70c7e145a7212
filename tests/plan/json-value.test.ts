import assert from "node:assert/strict";
import { byCodeUnit, sortKeys } from "../../plan/json-value";

describe("plan/json-value", () => {
  it("orders by code unit, which no locale changes", () => {
    assert.deepEqual(["b", "a", "B", "ä", "i", "I", "ı", "a-b", "a$b"].sort(byCodeUnit), [
      "B",
      "I",
      "a",
      "a$b",
      "a-b",
      "b",
      "i",
      "ä",
      "ı",
    ]);
  });

  it("sorts keys inside lists and objects", () => {
    assert.equal(
      JSON.stringify(sortKeys([{ b: { d: 1, c: null }, a: "x" }])),
      '[{"a":"x","b":{"c":null,"d":1}}]',
    );
  });
});

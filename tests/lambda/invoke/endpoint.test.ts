import assert from "node:assert/strict";
import { readLogits } from "../../../lambda/invoke/endpoint";

describe("readLogits", () => {
  it("returns the numbers of the one row", () => {
    assert.deepEqual(readLogits("[[1e-3, -2.5, 3]]", 3), [0.001, -2.5, 3]);
  });

  for (const text of [
    "",
    "[]",
    "[[1,2,3],[1,2,3]]",
    "[1,2,3]",
    "[[1,2,null]]",
    '[[1,2,"3"]]',
    "[[1,2,1e999]]",
    "[[1,2,3,4]]",
    '{"0":[1,2,3]}',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readLogits(text, 3), { name: "Problem", status: 502, code: "invalid-answer" });
    });
  }
});

import assert from "node:assert/strict";
import { modelDigestOf, readLogits } from "../../../lambda/invoke/endpoint";

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

describe("modelDigestOf", () => {
  const model = "a1".repeat(32);
  const manifest = "b2".repeat(32);
  const table: readonly [string, string | undefined, string | undefined][] = [
    ["the artifact's digest", `model-sha256=${model}`, model],
    ["it among others", `correlation-id=c, model-sha256=${model};x=1`, model],
    ["it behind a manifest's", `manifest-sha256=${manifest} model-sha256=${model}`, model],
    ["nothing of a manifest's digest", `manifest-sha256=${manifest}`, undefined],
    ["nothing of a bare digest", model, undefined],
    ["nothing of another key that ends alike", `old-model-sha256=${model}`, undefined],
    ["nothing of more digits", `model-sha256=${model}0`, undefined],
    ["nothing of fewer digits", `model-sha256=${model.slice(1)}`, undefined],
    ["nothing of capitals", `model-sha256=${model.toUpperCase()}`, undefined],
    ["nothing where nothing is told", undefined, undefined],
  ];
  for (const [title, attributes, expected] of table) {
    it(`reads ${title}`, () => {
      assert.equal(modelDigestOf(attributes), expected);
    });
  }
});

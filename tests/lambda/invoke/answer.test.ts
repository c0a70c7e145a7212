import assert from "node:assert/strict";
import { servedAnswer } from "../../../lambda/invoke/answer";
import { settings } from "./fake-endpoint";

describe("the answer of the invoke function", () => {
  const served = (row: string, top?: number) =>
    servedAnswer(
      [{ logits: Array.from({ length: 100_000 }, () => 1), row, modelDigest: undefined }],
      { kind: "classify", sources: [], top },
      { settings, cors: {} },
    );

  it("is refused where Lambda would not hand it over, as it is too large", () => {
    assert.equal(served("1".repeat(4_499_998)).body.length, 4_500_000);
    assert.throws(() => served("1".repeat(4_499_999)), { status: 400, code: "answer-too-large" });
    assert.throws(() => served("[1]", 100_000), { status: 400, code: "answer-too-large" });
    assert.equal(served("[1]", 10_000).statusCode, 200);
  });
});

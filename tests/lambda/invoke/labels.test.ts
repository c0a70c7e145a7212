import assert from "node:assert/strict";
import fc from "fast-check";
import { readLabels, softmax, topLabels } from "../../../lambda/invoke/labels";

const logits = fc.array(fc.double({ min: -1e308, max: 1e308, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

describe("softmax", () => {
  it("gives probabilities that add up to 1 and keep the order, however large the logits are", () => {
    fc.assert(
      fc.property(logits, (values) => {
        const probabilities = softmax(values);
        const sum = probabilities.reduce((total, value) => total + value, 0);
        assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
        assert.ok(probabilities.every((value) => value >= 0 && value <= 1));
        for (const [a, value] of values.entries())
          for (const [b, other] of values.entries())
            if (value > other) assert.ok((probabilities[a] ?? 0) >= (probabilities[b] ?? 0));
      }),
    );
  });

  it("does not change when all logits are shifted, and overflows nowhere", () => {
    assert.deepEqual(softmax([1000, 1000]), [0.5, 0.5]);
    assert.deepEqual(softmax([-1000, -1000, Number.NEGATIVE_INFINITY]), [0.5, 0.5, 0]);
  });
});

describe("topLabels", () => {
  it("puts the likeliest first, and of equal ones the lower index", () => {
    assert.deepEqual(
      topLabels([1, 5, 1, 5], ["a", "b", "c", "d"], 3).map(({ index, label }) => [index, label]),
      [
        [1, "b"],
        [3, "d"],
        [0, "a"],
      ],
    );
  });

  it("names a class by its index where there are no names", () => {
    assert.deepEqual(
      topLabels([0, 1], undefined, 1).map(({ label }) => label),
      ["1"],
    );
  });

  it("has the position of the largest logit first, as clients of the bare logits find it", () => {
    fc.assert(
      fc.property(logits, (values) => {
        const largest = values.reduce(
          (best, value, index) => (value > (values[best] ?? 0) ? index : best),
          0,
        );
        assert.equal(topLabels(values, undefined, 1)[0]?.index, largest);
      }),
    );
  });
});

describe("readLabels", () => {
  it("reads a list of names", () => {
    assert.deepEqual(readLabels('["a","b"]', 2), ["a", "b"]);
  });

  for (const text of ['["a"]', '["a",1]', '{"0":"a"}', "a,b"]) {
    it(`refuses ${text} for two classes`, () => {
      assert.throws(() => readLabels(text, 2));
    });
  }
});

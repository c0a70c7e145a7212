import assert from "node:assert/strict";
import fc from "fast-check";
import { lifecycleRules } from "../../infra/rules/bucket-lifecycle";
import { artifactKey, outputPrefixes } from "../../infra/rules/naming";

const days = fc.record({
  noncurrentVersionDays: fc.integer({ min: 1, max: 3650 }),
  outputExpirationDays: fc.integer({ min: 1, max: 3650 }),
});

/** Whether some rule ever removes a version, current or not, of an object. */
function removes(
  bucket: Parameters<typeof lifecycleRules>[0],
  key: string,
  which: "current" | "noncurrent",
): boolean {
  return lifecycleRules(bucket, { noncurrentVersionDays: 30, outputExpirationDays: 90 })
    .filter(({ filter }) => key.startsWith(filter.prefix))
    .some(({ expiration, noncurrentVersionExpiration }) =>
      which === "current"
        ? expiration !== undefined && "days" in expiration
        : noncurrentVersionExpiration !== undefined,
    );
}

describe("lifecycleRules", () => {
  it("never removes a promoted model, not even a version that was replaced", () => {
    const key = artifactKey("0".repeat(64));

    assert.equal(removes("models", key, "current"), false);
    assert.equal(removes("models", key, "noncurrent"), false);
  });

  it("removes results in time, and neither code nor what people keep", () => {
    const removed = Object.entries(outputPrefixes)
      .filter(([, prefix]) => removes("output", `${prefix}x`, "current"))
      .map(([name]) => name);

    assert.deepEqual(removed, ["jobs", "checkpoints", "box", "capture", "async"]);
    assert.equal(removes("data", "dogImages/train/001.Affenpinscher/a.jpg", "current"), false);
    assert.equal(removes("data", "dogImages/train/001.Affenpinscher/a.jpg", "noncurrent"), true);
  });

  it("gives every bucket a lifecycle with distinct ids that aborts broken uploads", () => {
    fc.assert(
      fc.property(days, fc.constantFrom("data", "output", "models", "logs"), (limits, bucket) => {
        const rules = lifecycleRules(bucket, limits);
        assert.deepEqual(rules[0]?.abortIncompleteMultipartUpload, { daysAfterInitiation: 7 });
        assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
      }),
    );
  });
});

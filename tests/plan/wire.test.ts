import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../plan/json-value";
import { durationSeconds } from "../../plan/policy-requests";
import { asSecret, forAnalyzer, readable, signatureKey, unknownSentinel } from "../../plan/wire";

const digest = () => ({ sha256: "digest", bytes: 1 });
const resource = (id: string) => ({ [signatureKey]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id });

describe("plan/wire", () => {
  it("shows no part of a secret, wherever it is", () => {
    const plain: fc.Arbitrary<JsonValue> = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const tree = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        plain,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
        tie("value").map((inner) => asSecret({ inner, canary: "canary-4711" })),
      ),
    })).value;

    fc.assert(
      fc.property(tree, (value) => {
        assert.equal(JSON.stringify(readable(value, digest)).includes("canary-4711"), false);
      }),
      { numRuns: 500 },
    );
  });

  it("names unknowns, alone and inside a text", () => {
    assert.deepEqual(readable([unknownSentinel, `arn:${unknownSentinel}/*`], digest), [
      "[unknown]",
      "arn:[unknown]/*",
    ]);
  });

  it("sorts keys at every depth", () => {
    assert.equal(
      JSON.stringify(readable({ b: [{ d: 1, c: 2 }], a: 0 }, digest)),
      '{"a":0,"b":[{"c":2,"d":1}]}',
    );
  });

  it("hands a policy ids for resource references, values for outputs, and no __defaults, keeping secrets marked", () => {
    const output = { [signatureKey]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: "v", secret: true };
    const value: JsonObject = {
      byId: resource("i-1"),
      byUrn: resource(""),
      output,
      nested: { __defaults: [], kept: asSecret("s") },
    };

    assert.deepEqual(forAnalyzer(value), {
      byId: "i-1",
      byUrn: "urn:x",
      output: asSecret("v"),
      nested: { kept: asSecret("s") },
    });
  });

  it("reads Go durations as seconds", () => {
    assert.deepEqual(
      ["1h30m", "10m", "45s", "500ms", undefined, ""].map(durationSeconds),
      [5400, 600, 45, 0.5, 0, 0],
    );
  });
});

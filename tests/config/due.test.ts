import assert from "node:assert/strict";
import fc from "fast-check";
import { manifestStandIn, pending, standInDigest, withStandIns } from "../../infra/config/due";
import { parseStackConfig } from "../../infra/config/parse";
import { adversarialConfig, validishConfig } from "../support/arbitrary-config";
import { changed, type Raw, rawMinimal, rawStack } from "../support/raw-config";

const digest = "0".repeat(64);

describe("pending", () => {
  it("lists everything of a stack without data and without a promoted model", () => {
    assert.deepEqual(
      pending(parseStackConfig(rawStack("dev"))).map(({ kind, name, next }) => [kind, name, next]),
      [
        ["tuning", "search", "npx sagemaker-ops data upload <folder> --stack <stack>"],
        ["job", "multi", "npx sagemaker-ops data upload <folder> --stack <stack>"],
        ["job", "single", "npx sagemaker-ops data upload <folder> --stack <stack>"],
        [
          "endpoint",
          "multi",
          "npx sagemaker-ops promote breeds --from <job or model.tar.gz> --stack <stack>",
        ],
        [
          "endpoint",
          "single",
          "npx sagemaker-ops promote breeds --from <job or model.tar.gz> --stack <stack>",
        ],
      ],
    );
  });

  it("says what a part waits for", () => {
    const reasons = pending(parseStackConfig(rawStack("dev"))).map(({ reason }) => reason);

    assert.deepEqual(
      [...new Set(reasons)],
      [
        "no data set is uploaded: storage.data.manifestDigest is not set",
        "no artifact is promoted: models.breeds.digest is not set",
      ],
    );
  });

  it("lets jobs go once the data's digest is set, and endpoints once their model's is", () => {
    const withData = changed(rawStack("dev"), "storage.data.manifestDigest", digest);
    const withModel = changed(rawStack("dev"), "models.breeds.digest", digest);

    assert.deepEqual([...new Set(pending(parseStackConfig(withData)).map(({ kind }) => kind))], ["endpoint"]);
    assert.deepEqual(
      [...new Set(pending(parseStackConfig(withModel)).map(({ kind }) => kind))],
      ["tuning", "job"],
    );
    assert.deepEqual(pending(parseStackConfig(changed(withData, "models.breeds.digest", digest))), []);
  });

  it("lets an endpoint wait for the model of its shadow", () => {
    const raw = [
      ["models.breeds.digest", digest],
      ["models.next", { classes: 133 }],
      ["endpoints.single.serving.shadow", { model: "next", instanceType: "ml.m5.large" }],
    ].reduce<Raw>((sections, [path, value]) => changed(sections, path as string, value), rawStack("dev"));

    assert.deepEqual(
      pending(parseStackConfig(raw)).filter(({ kind }) => kind === "endpoint"),
      [
        {
          kind: "endpoint",
          name: "single",
          reason: "no artifact is promoted: models.next.digest is not set",
          next: "npx sagemaker-ops promote next --from <job or model.tar.gz> --stack <stack>",
        },
      ],
    );
  });
});

describe("withStandIns", () => {
  it("puts a recognisable digest wherever one is missing, and leaves the argument alone", () => {
    const raw = rawStack("dev");
    const before = structuredClone(raw);

    const filled = parseStackConfig(withStandIns(raw));

    assert.equal(filled.storage.data.manifestDigest, standInDigest(manifestStandIn));
    assert.equal(filled.models.breeds?.digest, standInDigest("breeds"));
    assert.deepEqual(pending(filled), []);
    assert.deepEqual(raw, before);
  });

  it("keeps digests that exist", () => {
    const raw = changed(
      changed(rawStack("dev"), "models.breeds.digest", digest),
      "storage.data.manifestDigest",
      digest,
    );

    assert.deepEqual(withStandIns(raw), raw);
  });

  it("works without a storage section, and adds no models section", () => {
    const filled = withStandIns(rawMinimal());

    assert.deepEqual(filled.storage, { data: { manifestDigest: standInDigest(manifestStandIn) } });
    assert.equal(Object.hasOwn(filled, "models"), false);
  });

  it("makes another 64 digits for every name, and the same for the same", () => {
    assert.equal(standInDigest("breeds"), "1233c53f526600169d81cdee0c21a9181dc112a23b233253c67b097c4f672d64");
    assert.notEqual(standInDigest("breeds"), standInDigest("cats"));
  });

  it("leaves malformed sections for parsing to report", () => {
    for (const bad of [null, "x", 5, [], { data: "x" }, { data: null }, { data: { manifestDigest: null } }]) {
      const raw = { ...rawMinimal(), storage: bad, models: bad === null ? { a: null, b: "x", c: [] } : bad };

      const filled = withStandIns(raw);

      assert.deepEqual(filled.storage, bad);
      if (bad === null) assert.deepEqual(filled.models, raw.models);
    }
    for (const bad of [null, undefined, "x", []]) assert.equal(withStandIns(bad as never), bad);
  });

  it("never throws, makes nothing due that is broken, and everything due that parses", () => {
    fc.assert(
      fc.property(adversarialConfig, (raw) => {
        withStandIns(raw);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(validishConfig, (raw) => {
        assert.deepEqual(pending(parseStackConfig(withStandIns(raw))), []);
      }),
      { numRuns: 200 },
    );
  }).timeout(60_000);
});

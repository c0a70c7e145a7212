import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Account } from "../../../cli/core/prune/account";
import { type Decision, decide, lineageOf, type Protection } from "../../../cli/core/prune/decide";

const stackTag = "sagemaker-ops/dev";
const bucket = "models-of-dev";
const now = new Date("2026-11-21T12:00:00Z");
const digests = ["a", "b", "c", "d", "e"].map((digit) => digit.repeat(64));

/** Few names, so that what is drawn meets. */
const configurationName = fc.constantFrom(
  ...["one-config", "two-config"].flatMap((lineage) => ["1", "2", "3"].map((n) => `${lineage}-000000${n}`)),
  "by-hand",
);
const modelName = fc.constantFrom(
  ...["one-model", "one-shadow-model"].flatMap((lineage) =>
    ["1", "2", "3"].map((n) => `${lineage}-000000${n}`),
  ),
  "by-hand",
);
const digest = fc.constantFrom(...digests);
const ageHours = fc.constantFrom(0, 0.9, 1, 2, 23, 25, 100, 1000);
const createdAt = ageHours.map((hours) => new Date(now.getTime() - hours * 3_600_000));
const tag = fc.constantFrom(stackTag, stackTag, stackTag, "sagemaker-ops/prod", undefined);
const few = { maxLength: 3 };

const account: fc.Arbitrary<Account> = fc.record({
  endpoints: fc.array(
    fc.record({
      name: fc.constantFrom("e1", "e2", "e3"),
      configNames: fc.array(configurationName, { maxLength: 2 }),
    }),
    few,
  ),
  configurations: fc.uniqueArray(
    fc.record({ name: configurationName, createdAt, stackTag: tag, modelNames: fc.array(modelName, few) }),
    { selector: ({ name }) => name },
  ),
  models: fc.uniqueArray(
    fc.record({
      name: modelName,
      createdAt,
      stackTag: tag,
      artifactUris: fc.array(
        fc.oneof(
          digest.map((one) => `s3://${bucket}/models/${one}/model.tar.gz`),
          digest.map((one) => `s3://elsewhere/models/${one}/model.tar.gz`),
        ),
        { maxLength: 2 },
      ),
    }),
    { selector: ({ name }) => name },
  ),
  modelUses: fc.array(fc.record({ by: fc.constant("transform job j"), modelName }), { maxLength: 1 }),
  packageUses: fc.array(
    fc.record({
      by: fc.constant("model package g, version 1"),
      artifactUris: digest.map((one) => [`s3://${bucket}/models/${one}/model.tar.gz`]),
    }),
    { maxLength: 1 },
  ),
  artifacts: fc.uniqueArray(
    fc.record({
      digest,
      versions: fc.constant([]),
      sizeBytes: fc.nat(),
      createdAt,
    }),
    { selector: (one) => one.digest },
  ),
  promotions: fc.array(fc.record({ model: fc.constantFrom("breeds", "cats"), digest, at: createdAt }), {
    maxLength: 6,
  }),
  logGroups: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("/l/1", "/l/2", "/l/3"),
      createdAt,
      storedBytes: fc.nat(),
      stackTag: tag,
      owner: fc.constantFrom(undefined, "endpoint e1"),
    }),
    { selector: ({ name }) => name },
  ),
});

const setOf = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 }).map((items) => new Set(items));
const protection: fc.Arbitrary<Protection> = fc.record({
  stackTag: fc.constant(stackTag),
  keep: fc.nat({ max: 3 }),
  promotedDigests: setOf(digest),
  deployedDigests: setOf(digest),
  inState: fc.record({
    configurations: setOf(configurationName),
    models: setOf(modelName),
    logGroups: setOf(fc.constantFrom("/l/1", "/l/2")),
  }),
  modelsBucketName: fc.constantFrom(bucket, bucket, undefined),
  now: fc.constant(now),
});

const hours = (date: Date) => (now.getTime() - date.getTime()) / 3_600_000;
const deletedOf = (decisions: readonly Decision[]) => (kind: Decision["kind"]) =>
  new Set(decisions.filter((one) => one.kind === kind && one.verdict === "delete").map(({ name }) => name));

/** The rules said once more, thing by thing and without the order of `decide`. */
function mayGo(whole: Account, rules: Protection, gone: ReturnType<typeof deletedOf>) {
  const rank = <T extends { name: string; createdAt: Date; stackTag: string | undefined }>(
    kind: "configuration" | "model",
    one: T,
    all: readonly T[],
  ) =>
    all.filter(
      (other) =>
        other.stackTag === stackTag &&
        lineageOf(kind, other.name) === lineageOf(kind, one.name) &&
        (other.createdAt > one.createdAt ||
          (other.createdAt.getTime() === one.createdAt.getTime() && other.name < one.name)),
    ).length;
  const standing = {
    configurations: whole.configurations.filter(({ name }) => !gone("configuration").has(name)),
    models: whole.models.filter(({ name }) => !gone("model").has(name)),
  };
  const lastOf = (model: string) => {
    const sorted = whole.promotions
      .filter((one) => one.model === model)
      .sort((a, b) => b.at.getTime() - a.at.getTime() || (a.digest < b.digest ? -1 : 1));
    return sorted.map((one) => one.digest).filter((one, index, all) => all.indexOf(one) === index);
  };
  return {
    configuration: whole.configurations.filter(
      (one) =>
        one.stackTag === stackTag &&
        one.name !== "by-hand" &&
        !whole.endpoints.some(({ configNames }) => configNames.includes(one.name)) &&
        !rules.inState.configurations.has(one.name) &&
        rank("configuration", one, whole.configurations) >= rules.keep &&
        hours(one.createdAt) >= 1,
    ),
    model: whole.models.filter(
      (one) =>
        one.stackTag === stackTag &&
        one.name !== "by-hand" &&
        !standing.configurations.some(({ modelNames }) => modelNames.includes(one.name)) &&
        !whole.modelUses.some((use) => use.modelName === one.name) &&
        !rules.inState.models.has(one.name) &&
        rank("model", one, whole.models) >= rules.keep &&
        hours(one.createdAt) >= 1,
    ),
    artifact: whole.artifacts
      .filter(
        (one) =>
          rules.modelsBucketName !== undefined &&
          !standing.models.some(({ artifactUris }) =>
            artifactUris.includes(`s3://${bucket}/models/${one.digest}/model.tar.gz`),
          ) &&
          !whole.packageUses.some(({ artifactUris }) =>
            artifactUris.includes(`s3://${bucket}/models/${one.digest}/model.tar.gz`),
          ) &&
          !rules.promotedDigests.has(one.digest) &&
          !rules.deployedDigests.has(one.digest) &&
          !["breeds", "cats"].some((model) =>
            lastOf(model).slice(0, Math.max(1, rules.keep)).includes(one.digest),
          ) &&
          (whole.promotions.some((promotion) => promotion.digest === one.digest) ||
            whole.artifacts.filter(
              (other) =>
                !whole.promotions.some((promotion) => promotion.digest === other.digest) &&
                (other.createdAt > one.createdAt ||
                  (other.createdAt.getTime() === one.createdAt.getTime() && other.digest < one.digest)),
            ).length >= rules.keep) &&
          hours(one.createdAt) >= 24,
      )
      .map((one) => ({ name: one.digest })),
    logGroup: whole.logGroups.filter(
      (one) =>
        one.stackTag !== "sagemaker-ops/prod" &&
        one.owner === undefined &&
        !rules.inState.logGroups.has(one.name) &&
        hours(one.createdAt) >= 1,
    ),
  };
}

describe("what prune decides", () => {
  it("is to delete what nothing uses or protects, and nothing else, for any account", () => {
    fc.assert(
      fc.property(account, protection, (whole, rules) => {
        const gone = deletedOf(decide(whole, rules));
        const expected = mayGo(whole, rules, gone);

        for (const kind of ["configuration", "model", "artifact", "logGroup"] as const)
          assert.deepEqual([...gone(kind)].sort(), expected[kind].map(({ name }) => name).sort(), kind);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves nothing more to delete once it is carried out", () => {
    fc.assert(
      fc.property(account, protection, (whole, rules) => {
        const gone = deletedOf(decide(whole, rules));
        const left: Account = {
          ...whole,
          configurations: whole.configurations.filter(({ name }) => !gone("configuration").has(name)),
          models: whole.models.filter(({ name }) => !gone("model").has(name)),
          artifacts: whole.artifacts.filter((one) => !gone("artifact").has(one.digest)),
          logGroups: whole.logGroups.filter(({ name }) => !gone("logGroup").has(name)),
        };

        assert.deepEqual(
          decide(left, rules).filter(({ verdict }) => verdict === "delete"),
          [],
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("counts whatever still stands as a user, right before a deletion", () => {
    fc.assert(
      fc.property(account, protection, (whole, rules) => {
        const planned = deletedOf(decide(whole, rules));
        const actual = deletedOf(decide(whole, rules, "actual"));

        for (const kind of ["configuration", "model", "artifact", "logGroup"] as const)
          for (const name of actual(kind)) assert.ok(planned(kind).has(name));
        for (const { modelNames } of whole.configurations)
          for (const name of modelNames) assert.ok(!actual("model").has(name));
        for (const { artifactUris } of whole.models)
          for (const one of actual("artifact"))
            assert.ok(!artifactUris.join().includes(`${bucket}/models/${one}/`));
      }),
      { numRuns: 1000 },
    );
  });

  it("knows the names that Pulumi gives, by the logical name before the digits", () => {
    assert.equal(lineageOf("configuration", "single-config-1a2b3c4"), "single-config");
    assert.equal(lineageOf("model", "single-shadow-model-1a2b3c4"), "single-shadow-model");
    assert.equal(lineageOf("model", "single-config-1a2b3c4"), undefined);
    assert.equal(lineageOf("configuration", "single-config"), undefined);
    assert.equal(lineageOf("configuration", "my-config-2026110"), "my-config");
    assert.equal(lineageOf("configuration", "my-config-20261101"), undefined);
  });
});

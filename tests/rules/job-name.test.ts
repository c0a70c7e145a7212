import assert from "node:assert/strict";
import fc from "fast-check";
import { type JobInput, jobNamePrefix, trainingJobName, tuningJobName } from "../../infra/rules/job-name";
import { physicalName } from "../../infra/rules/naming";

const pattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const input = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Record<string, JobInput>>;

describe("trainingJobName", () => {
  it("is the base and eight digits of a digest", () => {
    assert.equal(
      trainingJobName("sagemaker-ops-dev-single", { epochs: 20 }),
      "sagemaker-ops-dev-single-fba4bcc7",
    );
  });

  it("is a name that AWS takes, whatever the base and the inputs", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), input, (base, inputs) => {
        const training = trainingJobName(base, inputs);
        assert.match(training, pattern);
        assert.ok(training.length <= 63);
        const tuning = tuningJobName(base, inputs);
        assert.match(tuning, pattern);
        assert.ok(tuning.length <= 32);
      }),
    );
  });

  it("does not depend on the order of keys, nor on keys without a value", () => {
    fc.assert(
      fc.property(input, (inputs) => {
        const reversed = Object.fromEntries([...Object.entries(inputs), ["", inputs[""]] as const].reverse());
        assert.equal(trainingJobName("b", reversed), trainingJobName("b", inputs));
      }),
    );
    assert.equal(trainingJobName("b", { a: 1, z: undefined }), trainingJobName("b", { a: 1 }));
  });

  it("changes with any input", () => {
    fc.assert(
      fc.property(input, input, (one, other) => {
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        assert.notEqual(trainingJobName("b", one), trainingJobName("b", other));
      }),
    );
    const names = [
      { a: 1 },
      { a: "1" },
      { a: [1] },
      { a: null },
      { b: 1 },
      { a: 1, b: 1 },
      { a: { b: 1 } },
    ].map((inputs) => trainingJobName("b", inputs));
    assert.equal(new Set(names).size, names.length);
  });
});

describe("tuningJobName", () => {
  it("shortens the base, and still tells long bases apart", () => {
    const one = tuningJobName("sagemaker-ops-dev-search-one", {});
    const other = tuningJobName("sagemaker-ops-dev-search-two", {});

    assert.match(one, /^sagemaker-ops-dev-searc-[0-9a-f]{8}$/);
    assert.match(other, /^sagemaker-ops-dev-searc-[0-9a-f]{8}$/);
    assert.notEqual(one, other);
  });
});

describe("jobNamePrefix", () => {
  it("begins every job name of every environment, so that roles can be narrowed to it", () => {
    const name = fc.stringMatching(/^[a-z](?:-?[a-z0-9]){0,11}$/).filter((text) => text.length <= 12);
    fc.assert(
      fc.property(name, name, input, (environment, key, inputs) => {
        const naming = { project: "sagemaker-ops", environment };
        const base = physicalName(naming, key);
        const prefix = jobNamePrefix(naming);
        assert.ok(trainingJobName(base, inputs).startsWith(prefix));
        assert.ok(tuningJobName(base, inputs).startsWith(prefix));
      }),
    );
    assert.equal(jobNamePrefix({ project: "sagemaker-ops", environment: "dev" }), "sagemaker-ops-dev-");
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value === 0 ? 0 : value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}

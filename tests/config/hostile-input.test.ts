import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError, parseStackConfig } from "../../infra/config/parse";
import { adversarialConfig, validishConfig } from "../support/arbitrary-config";
import { problemsOf } from "../support/problems";
import { changed, type Raw, rawMinimal, rawStack } from "../support/raw-config";

const runs = 2000;
const seed = Number(process.env.FAST_CHECK_SEED ?? Date.now() % 2 ** 31);

describe("hostile input", () => {
  for (const [title, raw] of [
    ["null", null],
    ["nothing", undefined],
    ["text", "sagemaker-ops"],
    ["a number", 5],
    ["a list", [rawMinimal()]],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["a function", () => undefined],
  ] as const) {
    it(`refuses ${title} in place of a configuration`, () => {
      const [problem, ...others] = problemsOf(raw);

      assert.equal(problem?.path, "(the whole configuration)");
      assert.deepEqual(others, []);
    });
  }

  it("refuses a __proto__ key wherever it stands, and pollutes nothing", () => {
    const evil = JSON.parse('{ "__proto__": { "polluted": true } }') as Raw;
    const raw = rawStack("dev");
    for (const section of ["ceilings", "jobs", "models", "endpoints", "storage"]) {
      Object.defineProperty(raw[section], "__proto__", { value: evil, enumerable: true });
    }

    const problems = problemsOf(raw);

    assert.deepEqual(
      problems.map(({ path, message }) => `${path} ${message}`),
      ["ceilings", "endpoints", "jobs", "models", "storage"].map(
        (name) => `${name}.__proto__ is not a usable key`,
      ),
    );
    assert.equal(({} as Raw).polluted, undefined);
  });

  it("does not take inherited keys for the configuration's own", () => {
    const inherited = Object.create(rawMinimal()) as Raw;

    assert.deepEqual(
      problemsOf(inherited).map(({ message }) => message),
      Array(7).fill("is missing"),
    );
  });

  it("takes names of Object.prototype's members as what they are: unknown keys, or names of entries", () => {
    const unknown = problemsOf({ ...rawMinimal(), constructor: {}, toString: 1, hasOwnProperty: 1 });
    const config = parseStackConfig({ ...rawMinimal(), models: { constructor: { classes: 2 } } });

    assert.deepEqual(
      unknown.map(({ path }) => path),
      ["constructor", "hasOwnProperty", "toString"],
    );
    assert.deepEqual(
      Object.entries(config.models).map(([name, { classes }]) => [name, classes]),
      [["constructor", 2]],
    );
    assert.deepEqual(
      problemsOf(changed(rawStack("dev"), "endpoints.single.model", "constructor")).map(({ path }) => path),
      ["endpoints.single.model"],
    );
  });

  it("names the place of a cycle", () => {
    const raw = rawStack("dev");
    (raw.jobs as Raw).loop = raw.jobs;

    const problem = problemsOf(raw).find(({ path }) => path === "jobs.loop");

    assert.equal(problem?.message, "contains itself");
  });

  it("reads shared sections, which YAML aliases make, in time that does not double with each level", () => {
    let bomb: unknown = "lol";
    for (let level = 0; level < 60; level++) bomb = [bomb, bomb];

    const problems = problemsOf({ ...rawMinimal(), bomb });

    assert.deepEqual(
      problems.map(({ path }) => path),
      ["bomb"],
    );
  });

  it("accepts one section under two names", () => {
    const job = { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60 };

    const config = parseStackConfig({ ...rawMinimal(), jobs: { one: job, two: job } });

    assert.deepEqual(config.jobs.one, config.jobs.two);
  });

  it("refuses nesting that would exhaust the stack", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = { a: deep };

    const problems = problemsOf({ ...rawMinimal(), deep });

    assert.ok(problems.some(({ message }) => message === "is nested deeper than 200 levels"));
  });

  it("refuses lists with holes, however long they claim to be", () => {
    const holes: unknown[] = [];
    holes.length = 2 ** 32 - 1;

    const [problem, ...others] = problemsOf(changed(rawStack("dev"), "tuning.search.batchSizes", holes));

    assert.equal(problem?.path, "tuning.search.batchSizes");
    assert.equal(problem?.message, "is an object that no configuration file holds");
    assert.deepEqual(others, []);
  });

  it("does not run getters, and survives objects that refuse to be read", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const raw = { ...rawMinimal(), models: proxy };
    Object.defineProperty(raw, "owner", {
      enumerable: true,
      get: () => assert.fail("the getter ran"),
    });

    assert.deepEqual(
      problemsOf(raw).map(({ path, message }) => `${path} ${message}`),
      ["models is an object that no configuration file holds", "owner is computed on access"],
    );
  });

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    it(`refuses ${value} as a number`, () => {
      const [problem, ...others] = problemsOf(changed(rawMinimal(), "ceilings.jobUsd", value));

      assert.equal(problem?.message, "is not a finite number");
      assert.equal(problem?.received, String(value));
      assert.deepEqual(others, []);
    });
  }

  it("reports ten thousand unknown keys, and shows forty", () => {
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]));

    assert.throws(
      () => parseStackConfig({ ...rawMinimal(), ...keys }),
      (error) =>
        error instanceof ConfigError &&
        error.problems.length === 10_000 &&
        error.message.split("\n\n").length === 42 &&
        error.message.endsWith("… and 9960 more."),
    );
  });

  it("refuses texts of millions of characters without matching or repeating them", () => {
    for (const text of ["a-".repeat(5_000_000), "a/".repeat(5_000_000), `${"a".repeat(5_000_000)}@`]) {
      const [problem, ...others] = problemsOf({ ...rawMinimal(), owner: text });

      assert.equal(problem?.message, `is ${text.length} characters long`);
      assert.equal(problem?.received, `text of ${text.length} characters`);
      assert.deepEqual(others, []);
    }
  });

  it(`ends every one of ${runs} broken configurations in a configuration or in named problems (seed ${seed})`, () => {
    fc.assert(
      fc.property(adversarialConfig, (raw) => {
        try {
          assert.ok(Object.isFrozen(parseStackConfig(raw)));
        } catch (error) {
          // An AssertionError or a TypeError of the parser fails here.
          assert.ok(error instanceof ConfigError, String(error));
          assert.ok(error.problems.length > 0);
          for (const problem of error.problems) {
            for (const text of Object.values(problem)) assert.match(text, /\S/);
            assert.ok(problem.received.length <= 100, problem.received);
          }
        }
        assert.equal(({} as Raw).polluted, undefined);
      }),
      { numRuns: runs, seed },
    );
  }).timeout(120_000);

  it(`keeps a generator whose configurations parse in at least 60 of 100 cases (seed ${seed})`, () => {
    const samples = fc.sample(validishConfig, { numRuns: 500, seed });

    const parsed = samples.filter((raw) => {
      try {
        parseStackConfig(raw);
        return true;
      } catch (error) {
        if (error instanceof ConfigError) return false;
        throw error;
      }
    });

    assert.ok(parsed.length >= 300, `${parsed.length} of 500 parsed`);
  }).timeout(60_000);
});

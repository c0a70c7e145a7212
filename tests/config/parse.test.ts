import assert from "node:assert/strict";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { ConfigError, parseStackConfig } from "../../infra/config/parse";
import { problemsOf } from "../support/problems";
import { changed, flatConfig, type Raw, rawMinimal, rawStack } from "../support/raw-config";

const stacks = ["dev", "staging", "prod"] as const;

describe("parseStackConfig", () => {
  for (const stack of stacks) {
    it(`parses the project's ${stack} stack`, () => {
      const config = parseStackConfig(rawFromPulumi(flatConfig(stack), "sagemaker-ops"));

      assert.equal(config.environment, stack);
      assert.equal(config.region, "us-east-1");
    });
  }

  it("fills in the defaults of sections that are left out", () => {
    const config = parseStackConfig(rawMinimal());

    assert.deepEqual(config.removal, { kind: "retain" });
    assert.deepEqual(config.network, { kind: "none" });
    assert.deepEqual(config.storage, {
      encryption: "s3",
      accessLogs: false,
      noncurrentVersionDays: 30,
      data: { prefix: "dogImages/", pretrainedPrefix: "pretrained/" },
      output: { expirationDays: 90 },
      models: {},
    });
    assert.deepEqual([config.jobs, config.tuning, config.models, config.endpoints], [{}, {}, {}, {}]);
    assert.equal(config.notebook, undefined);
  });

  it("freezes the result to its leaves, defaults included", () => {
    const config = parseStackConfig(rawStack("prod"));

    const thawed = reachable(config).filter(([, value]) => !Object.isFrozen(value));
    assert.deepEqual(
      thawed.map(([path]) => path),
      [],
    );
    assert.throws(() => {
      (config.quotas.hostingInstances as Record<string, number>)["ml.m5.large"] = 1;
    }, TypeError);
  });

  it("does not touch or keep its argument", () => {
    const raw = rawStack("dev");
    const before = structuredClone(raw);

    const config = parseStackConfig(raw);
    (raw.ceilings as Raw).jobUsd = 999;

    assert.notEqual(config.ceilings.jobUsd, 999);
    assert.deepEqual(changed(raw, "ceilings", before.ceilings), before);
    assert.equal(Object.isFrozen(raw), false);
  });

  it("gives the same object, key order included, for every order of the keys", () => {
    for (const stack of stacks) {
      const raw = rawStack(stack);

      const config = parseStackConfig(raw);
      const other = parseStackConfig(reversed(raw) as Raw);

      assert.equal(JSON.stringify(other), JSON.stringify(config));
    }
  });

  it("reports the same problems for every order of the keys", () => {
    const bad = changed(changed(rawStack("dev"), "owner", 1), "jobs.single.nope", 1);

    assert.deepEqual(problemsOf(reversed(bad)), problemsOf(bad));
  });

  it("reports five faults in five places as five problems, sorted by path", () => {
    const faults: [string, unknown][] = [
      ["jobs.single.maxRuntimeMinutes", undefined],
      ["endpoints.single.model", "breed"],
      ["endpoints.multi.serving.scaling.max", 1000],
      ["tuning.search.maxParallelJobs", 11],
      ["ceilings.hourlyusd", 1],
    ];

    const problems = problemsOf(
      faults.reduce((raw, [path, value]) => changed(raw, path, value), rawStack("dev")),
    );

    assert.deepEqual(
      problems.map(({ path }) => path),
      [
        "ceilings.hourlyusd",
        "endpoints.multi.serving.scaling.max",
        "endpoints.single.model",
        "jobs.single.maxRuntimeMinutes",
        "tuning.search.maxParallelJobs",
      ],
    );
  });

  it("checks the relations of sound entries beside an entry that is not", () => {
    const faults: [string, unknown][] = [
      ["models.cats", { classes: "two" }],
      ["endpoints.single.model", "cats"],
      ["endpoints.multi.model", "dogs"],
      ["endpoints.broken", { model: 5 }],
      ["quotas", { lambdaConcurrentExecutions: 150 }],
    ];

    const problems = problemsOf(
      faults.reduce((raw, [path, value]) => changed(raw, path, value), rawStack("dev")),
    );

    assert.deepEqual(
      problems.map(({ path, message }) => `${path} ${message}`),
      [
        "endpoints the functions reserve 105 concurrent executions in all",
        "endpoints.broken.function is missing",
        "endpoints.broken.model is a number, not text",
        "endpoints.broken.serving is missing",
        'endpoints.multi.model there is no model "dogs" under models',
        "models.cats.classes is text, not a number",
      ],
    );
  });

  it("runs every relation of an object although an earlier one found something", () => {
    const faults: [string, unknown][] = [
      ["endpoints.single.model", "nobody"],
      ["quotas", { hostingInstances: { "ml.m5.large": 1 }, lambdaConcurrentExecutions: 150 }],
    ];

    const problems = problemsOf(
      faults.reduce((raw, [path, value]) => changed(raw, path, value), rawStack("dev")),
    );

    assert.deepEqual(
      problems.map(({ path }) => path),
      ["endpoints", "endpoints", "endpoints.single.model"],
    );
  });

  it("tells of a union only what its chosen kind asks for", () => {
    const problems = problemsOf(
      changed(rawStack("dev"), "endpoints.single.serving", {
        kind: "serverless",
        instanceType: "ml.m5.large",
      }),
    );

    assert.deepEqual(
      problems.map(({ path, message }) => `${path} ${message}`),
      [
        "endpoints.single.serving.instanceType is not a key that exists here",
        "endpoints.single.serving.maxConcurrency is missing",
        "endpoints.single.serving.memoryMiB is not one of the possible values",
      ],
    );
  });

  it("tells one problem about a value that breaks several rules of form", () => {
    assert.deepEqual(
      problemsOf(changed(rawMinimal(), "environment", "")).map(({ path }) => path),
      ["environment"],
    );
    assert.deepEqual(
      problemsOf(changed(rawStack("dev"), "jobs.single.volumeSizeGiB", 2 ** 60)).map(
        ({ message }) => message,
      ),
      ["is too large: at most 16384"],
    );
  });

  it("puts all problems into the message of the error", () => {
    const bad = changed(changed(rawMinimal(), "owner", undefined), "costCentre", undefined);

    assert.throws(
      () => parseStackConfig(bad),
      (error) =>
        error instanceof ConfigError &&
        error.name === "ConfigError" &&
        error.message.startsWith("The configuration has 2 problems.\n\ncostCentre\n") &&
        error.message.includes("\n\nowner\n"),
    );
  });
});

function reachable(value: unknown, path = "config"): [string, object][] {
  if (typeof value !== "object" || value === null) return [];
  return [
    [path, value],
    ...Object.entries(value).flatMap(([key, child]) => reachable(child, `${path}.${key}`)),
  ];
}

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, child]) => [key, reversed(child)])
      .reverse(),
  );
}

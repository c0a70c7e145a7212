import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { loadConfig } from "../../infra/config/load";
import { explain, parseStackConfig } from "../../infra/config/parse";
import { problemsOf } from "../support/problems";
import { flatConfig } from "../support/raw-config";

describe("rawFromPulumi", () => {
  it("takes the project's keys and the provider's region, and leaves other namespaces alone", () => {
    const raw = rawFromPulumi(
      {
        "aws:region": "eu-west-1",
        "aws:profile": "x",
        "pulumi:disable-default-providers": '["aws"]',
        "sagemaker-ops-other:owner": "them",
        "sagemaker-ops:owner": "us",
      },
      "sagemaker-ops",
    );

    assert.deepEqual(raw, { region: "eu-west-1", owner: "us" });
  });

  it("keeps text that looks like another type where the schema wants text", () => {
    const raw = rawFromPulumi(
      { "p:owner": "1234", "p:costCentre": "true", "p:environment": "null", "aws:region": "[]" },
      "p",
    );

    assert.deepEqual(raw, { owner: "1234", costCentre: "true", environment: "null", region: "[]" });
  });

  it("decodes sections", () => {
    const raw = rawFromPulumi(
      { "p:models": '{"breeds":{"classes":133}}', "p:network": '{"kind":"none"}', "p:jobs": "{}" },
      "p",
    );

    assert.deepEqual(raw, { models: { breeds: { classes: 133 } }, network: { kind: "none" }, jobs: {} });
  });

  it("leaves malformed JSON for parsing to report, with all other problems", () => {
    const raw = rawFromPulumi(
      { ...flatConfig("dev"), "sagemaker-ops:jobs": "{", "sagemaker-ops:owner": "" },
      "sagemaker-ops",
    );

    assert.deepEqual(
      problemsOf(raw).map(({ path, message }) => `${path} ${message}`),
      ["jobs is text, not a section", "owner is too short: at least 1 character"],
    );
  });

  it("keeps unknown keys, so that parsing reports them", () => {
    const raw = rawFromPulumi({ ...flatConfig("dev"), "sagemaker-ops:job": "{}" }, "sagemaker-ops");

    assert.deepEqual(
      problemsOf(raw).map(({ path, fix }) => `${path} ${fix}`),
      ['job Did you mean "jobs"?'],
    );
  });

  it("has a second region under the project's own namespace reported", () => {
    const raw = rawFromPulumi({ ...flatConfig("dev"), "sagemaker-ops:region": "eu-west-1" }, "sagemaker-ops");

    assert.equal(raw.region, "us-east-1");
    assert.deepEqual(
      problemsOf(raw).map(({ path }) => path),
      ['["sagemaker-ops:region"]'],
    );
  });

  it("survives keys of Object.prototype", () => {
    const flat = JSON.parse('{ "p:__proto__": "{\\"polluted\\":true}", "p:constructor": "1" }') as Record<
      string,
      string
    >;

    const raw = rawFromPulumi(flat, "p");

    assert.deepEqual(Object.keys(raw), ["__proto__", "constructor"]);
    assert.equal(Object.getPrototypeOf(raw), Object.prototype);
    assert.ok(problemsOf(raw).some(({ path }) => path === "__proto__"));
  });
});

describe("loadConfig", () => {
  before(() =>
    pulumi.runtime.setMocks(
      { newResource: ({ inputs }) => ({ id: "", state: inputs }), call: ({ inputs }) => inputs },
      "sagemaker-ops",
      "dev",
    ),
  );
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it("reads the running program's configuration", () => {
    pulumi.runtime.setAllConfig(flatConfig("dev"));

    assert.deepEqual(loadConfig(), parseStackConfig(rawFromPulumi(flatConfig("dev"), "sagemaker-ops")));
  });

  it("throws what the engine prints without a stack trace, with every problem", () => {
    const bad = { ...flatConfig("dev"), "sagemaker-ops:owner": "", "sagemaker-ops:jobs": "[]" };
    pulumi.runtime.setAllConfig(bad);

    assert.throws(
      () => loadConfig(),
      (error) =>
        pulumi.RunError.isInstance(error) &&
        error.message === explain(problemsOf(rawFromPulumi(bad, "sagemaker-ops"))),
    );
  });
});

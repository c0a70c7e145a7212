import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { instanceCount, instancesOf, jobsOf, TRAINING, TUNING } from "../../../policy/training/jobs";
import { UNKNOWN } from "../../../policy/values";

describe("the jobs in a resource", () => {
  it("are the training job itself", () => {
    const properties = { resourceConfig: {} };

    assert.deepEqual(jobsOf(TRAINING, properties), [
      { prefix: "", path: "the job", properties, use: "training" },
    ]);
  });

  it("are all definitions of a tuning job's trials, in both places for them", () => {
    const jobs = jobsOf(TUNING, {
      trainingJobDefinition: { a: 1 },
      trainingJobDefinitions: [{ b: 1 }, UNKNOWN],
    });

    assert.deepEqual(jobs, [
      {
        prefix: "trainingJobDefinition.",
        path: "trainingJobDefinition",
        properties: { a: 1 },
        use: "tuning",
      },
      {
        prefix: "trainingJobDefinitions[0].",
        path: "trainingJobDefinitions[0]",
        properties: { b: 1 },
        use: "tuning",
      },
      {
        prefix: "trainingJobDefinitions[1].",
        path: "trainingJobDefinitions[1]",
        properties: UNKNOWN,
        use: "tuning",
      },
    ]);
    assert.deepEqual(jobsOf(TUNING, {}), []);
    assert.deepEqual(jobsOf(TUNING, { trainingJobDefinitions: UNKNOWN }), [
      {
        prefix: "trainingJobDefinitions.",
        path: "trainingJobDefinitions",
        properties: UNKNOWN,
        use: "tuning",
      },
    ]);
  });
});

describe("the instances of a job", () => {
  it("are counted together in groups, and one by one where they are alternatives", () => {
    assert.equal(instanceCount({ instanceCount: 3 }), 3);
    assert.equal(instanceCount({ instanceCount: "3" }), 3);
    assert.equal(instanceCount({ instanceGroups: [{ instanceCount: 2 }, { instanceCount: 3 }] }), 5);
    assert.equal(instanceCount({ instanceConfigs: [{ instanceCount: 2 }, { instanceCount: 3 }] }), 3);
    assert.equal(instanceCount({}), 0);
  });

  it("are unknown as soon as one number is", () => {
    assert.equal(instanceCount(UNKNOWN), "unknown");
    assert.equal(instanceCount({ instanceCount: UNKNOWN }), "unknown");
    assert.equal(instanceCount({ instanceGroups: [{ instanceCount: 2 }, UNKNOWN] }), "unknown");
    assert.equal(instanceCount({ instanceConfigs: UNKNOWN }), "unknown");
  });

  it("have their types in groups and alternatives too, and one is missed where none is named", () => {
    const path = "resourceConfig";

    assert.deepEqual(instancesOf({ path, value: {} }), [
      { path: "resourceConfig.instanceType", instanceType: undefined },
    ]);
    assert.deepEqual(instancesOf({ path, value: UNKNOWN }), [{ path, instanceType: UNKNOWN }]);
    assert.deepEqual(
      instancesOf({
        path,
        value: { instanceGroups: [{ instanceType: "a" }, UNKNOWN], instanceConfigs: [{}] },
      }),
      [
        { path: "resourceConfig.instanceGroups[0].instanceType", instanceType: "a" },
        { path: "resourceConfig.instanceGroups[1]", instanceType: UNKNOWN },
        { path: "resourceConfig.instanceConfigs[0].instanceType", instanceType: undefined },
      ],
    );
  });
});

import assert from "node:assert/strict";
import type { JsonObject } from "../../../plan/json-value";
import { difference } from "./diff";

const endpoint = "aws:sagemaker/endpoint:Endpoint";
const alarms = (...names: string[]) => ({
  autoRollbackConfiguration: { alarms: names.map((alarmName) => ({ alarmName })) },
});

describe("what the simulated provider replaces", () => {
  const cases: readonly [string, string, JsonObject, JsonObject, readonly string[]][] = [
    [
      "another endpoint configuration",
      endpoint,
      { endpointConfigName: "a" },
      { endpointConfigName: "b" },
      [],
    ],
    ["another endpoint name", endpoint, { name: "a" }, { name: "b" }, ["name"]],
    [
      "an edited alarm of an endpoint",
      endpoint,
      { deploymentConfig: alarms("a") },
      { deploymentConfig: alarms("a", "b") },
      [],
    ],
    [
      "alarms on an endpoint without a deployment config",
      endpoint,
      {},
      { deploymentConfig: alarms("a") },
      ["deploymentConfig"],
    ],
    [
      "no more alarms on an endpoint",
      endpoint,
      { deploymentConfig: { ...alarms("a"), blueGreenUpdatePolicy: { terminationWaitInSeconds: 0 } } },
      { deploymentConfig: { blueGreenUpdatePolicy: { terminationWaitInSeconds: 0 } } },
      ["deploymentConfig"],
    ],
    [
      "a deployment config without alarms",
      endpoint,
      {},
      { deploymentConfig: { blueGreenUpdatePolicy: { terminationWaitInSeconds: 0 } } },
      [],
    ],
    [
      "another model of a variant",
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      { productionVariants: [{ modelName: "a" }] },
      { productionVariants: [{ modelName: "b" }] },
      ["productionVariants"],
    ],
    [
      "a hyperparameter of a job",
      "aws:sagemaker/trainingJob:TrainingJob",
      { hyperParameters: { epochs: "1" } },
      { hyperParameters: { epochs: "2" } },
      ["hyperParameters"],
    ],
    [
      "the tags of a job",
      "aws:sagemaker/trainingJob:TrainingJob",
      { tags: { a: "1" } },
      { tags: { a: "2" } },
      [],
    ],
    ["a function's memory", "aws:lambda/function:Function", { memorySize: 1 }, { memorySize: 2 }, []],
    ["a box's image", "aws:ec2/instance:Instance", { ami: "a" }, { ami: "b" }, ["ami"]],
  ];

  for (const [title, type, olds, news, replaces] of cases) {
    it(`${title}: ${replaces.length > 0 ? "replaces" : "updates in place"}`, () => {
      const found = difference(type, olds, olds, news);

      assert.notDeepEqual(found.properties, []);
      assert.deepEqual(found.replaces, replaces);
    });
  }

  it("is nothing where the program says what the description says", () => {
    const same = { name: "a", deploymentConfig: alarms("a") };

    assert.deepEqual(difference(endpoint, same, { ...same, arn: "computed" }, same), {
      properties: [],
      replaces: [],
    });
  });
});

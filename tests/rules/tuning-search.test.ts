import assert from "node:assert/strict";
import { tuningJob } from "../../infra/config/schema/training";
import { tuningSearch } from "../../infra/rules/tuning-search";

const search = (section: object = {}) =>
  tuningSearch(
    tuningJob.parse({ instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60, maxJobs: 10, ...section }),
  );

describe("tuningSearch", () => {
  it("searches rates on a logarithmic scale for the lowest validation loss", () => {
    assert.deepEqual(search(), {
      strategy: "Bayesian",
      objective: { metricName: "validation:loss", type: "Minimize" },
      parameterRanges: {
        continuousParameterRanges: [
          { name: "learning_rate", minValue: "0.0001", maxValue: "0.01", scalingType: "Logarithmic" },
        ],
        categoricalParameterRanges: [{ name: "batch_size", values: ["32", "64", "128"] }],
      },
      randomSeed: 1,
      resourceLimits: {
        maxNumberOfTrainingJobs: 10,
        maxParallelTrainingJobs: 2,
        maxRuntimeInSeconds: 5 * (3600 + 900),
      },
      trainingJobEarlyStoppingType: "Auto",
      tuningJobCompletionCriteria: {
        convergenceDetected: { completeOnConvergence: "Enabled" },
        bestObjectiveNotImproving: { maxNumberOfTrainingJobsNotImproving: 5 },
      },
    });
  });

  it("maximises accuracy", () => {
    assert.deepEqual(search({ objective: "validation:accuracy" }).objective, {
      metricName: "validation:accuracy",
      type: "Maximize",
    });
  });

  it("does not search a single batch size", () => {
    assert.equal(search({ batchSizes: [64] }).parameterRanges.categoricalParameterRanges, undefined);
  });

  it("tells Hyperband how many epochs a trial may have", () => {
    const { strategy, strategyConfig, trainingJobEarlyStoppingType } = search({
      strategy: "Hyperband",
      earlyStopping: "Off",
      hyperparameters: { epochs: 12 },
    });

    assert.deepEqual(
      [strategy, strategyConfig, trainingJobEarlyStoppingType],
      ["Hyperband", { hyperbandStrategyConfig: { minResource: 1, maxResource: 12 } }, "Off"],
    );
  });

  it("gives up after half the trials without progress, never after fewer than AWS allows", () => {
    const giveUp = (maxJobs: number) =>
      search({ maxJobs, maxParallelJobs: 1 }).tuningJobCompletionCriteria.bestObjectiveNotImproving
        ?.maxNumberOfTrainingJobsNotImproving;

    assert.deepEqual([2, 3, 4, 7, 100].map(giveUp), [undefined, undefined, 3, 4, 50]);
  });

  it("ends in time for every trial, and within what AWS allows", () => {
    const seconds = (section: object) => search(section).resourceLimits.maxRuntimeInSeconds;

    assert.equal(seconds({ maxJobs: 3, market: { kind: "spot", maxWaitMinutes: 120 } }), 2 * (7200 + 900));
    assert.equal(seconds({ maxJobs: 500, maxParallelJobs: 1, maxRuntimeMinutes: 40_320 }), 15_768_000);
  });
});

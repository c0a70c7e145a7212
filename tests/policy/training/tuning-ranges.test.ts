import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { tuningRanges } from "../../../policy/training/tuning-ranges";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { diagnose } from "../../support/rule-cases";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

function search(parameterRanges: unknown, limits: object = {}, beside: object = {}) {
  return {
    config: {
      parameterRanges,
      resourceLimits: { maxNumberOfTrainingJobs: 10, maxParallelTrainingJobs: 2, ...limits },
    },
    ...beside,
  };
}
const continuous = (name: string, minValue: unknown, maxValue: unknown, scalingType?: unknown) => ({
  continuousParameterRanges: [{ name, minValue, maxValue, scalingType }],
});
const integer = (minValue: unknown, maxValue: unknown, scalingType?: unknown) => ({
  integerParameterRanges: [{ name: "layers", minValue, maxValue, scalingType }],
});
const categorical = (...values: unknown[]) => ({
  categoricalParameterRanges: [{ name: "batch_size", values }],
});
const RATE = continuous("learning_rate", "0.0001", "0.01", "Logarithmic");

describeRuleWithUnknowns(tuningRanges, {
  pass: [
    { title: "a learning rate by its order of magnitude", type: TUNING, props: search(RATE) },
    {
      title: "a narrow learning rate",
      type: TUNING,
      props: search(continuous("lr", "0.001", "0.0999", "Linear")),
    },
    {
      title: "another parameter over any range",
      type: TUNING,
      props: search(continuous("dropout", "0", "0.9")),
    },
    {
      title: "as many trials at a time as in all",
      type: TUNING,
      props: search(RATE, { maxNumberOfTrainingJobs: 1, maxParallelTrainingJobs: 1 }),
    },
    {
      title: "a share from zero on, seen from one",
      type: TUNING,
      props: search(continuous("momentum", "0", "0.9", "ReverseLogarithmic")),
    },
    { title: "whole numbers", type: TUNING, props: search(integer("1", "8")) },
    { title: "choices", type: TUNING, props: search(categorical("32", "64")) },
    {
      title: "a share near one",
      type: TUNING,
      props: search(continuous("momentum", "0.5", "0.999", "ReverseLogarithmic")),
    },
    {
      title: "ranges that AWS chooses",
      type: TUNING,
      props: search(undefined, {}, { autotune: { mode: "Enabled" } }),
    },
    {
      title: "ranges of a definition",
      type: TUNING,
      props: search(undefined, {}, { trainingJobDefinitions: [{ hyperParameterRanges: RATE }] }),
    },
    {
      title: "a parameter beside those that are fixed",
      type: TUNING,
      props: search(RATE, {}, { trainingJobDefinition: { staticHyperParameters: { epochs: "20" } } }),
    },
    {
      title: "a name that the settings leave out",
      type: TUNING,
      props: search(continuous("learning_rate", "0.0001", "0.1")),
      settings: { logarithmic: ["^rate$"] },
    },
  ],
  violate: [
    {
      title: "a learning rate over two decades on a linear scale",
      type: TUNING,
      props: search(continuous("learning_rate", "0.001", "0.1", "Linear")),
      says: /config\.parameterRanges\.continuousParameterRanges\[0\] goes from 0\.001 to 0\.1 on the scale "Linear".*Set scalingType to "Logarithmic"/,
    },
    {
      title: "a learning rate on a scale that AWS chooses",
      type: TUNING,
      props: search(continuous("lr", "1e-5", "1e-1")),
      says: /on the scale "Auto"/,
    },
    {
      title: "a learning rate from zero on",
      type: TUNING,
      props: search(continuous("base_lr", "0", "0.1")),
      says: /goes from 0 to 0\.1 .* with a minValue above 0/,
    },
    {
      title: "a range that is upside down",
      type: TUNING,
      props: search(continuous("dropout", "0.9", "0.1")),
      says: /goes from 0\.9 to 0\.1, which is no range/,
    },
    {
      title: "a range of one number",
      type: TUNING,
      props: search(integer("3", "3")),
      says: /goes from 3 to 3, which is no range/,
    },
    {
      title: "a half among whole numbers",
      type: TUNING,
      props: search(integer("1", "2.5")),
      says: /maxValue is "2\.5", in a range of whole numbers/,
    },
    {
      title: "a bound that is no number",
      type: TUNING,
      props: search(integer("few", "8")),
      says: /minValue is "few", which is no number/,
    },
    {
      title: "a logarithmic scale from zero on",
      type: TUNING,
      props: search(integer("0", "8", "Logarithmic")),
      says: /is Logarithmic and begins at 0/,
    },
    {
      title: "a reverse logarithmic scale up to one",
      type: TUNING,
      props: search(continuous("momentum", "0.5", "1", "ReverseLogarithmic")),
      says: /is ReverseLogarithmic and goes from 0\.5 to 1; AWS takes 0 to below 1/,
    },
    {
      title: "a scale that AWS does not know",
      type: TUNING,
      props: search(integer("1", "8", "Log")),
      says: /scalingType is "Log"; allowed are/,
    },
    { title: "no choice", type: TUNING, props: search(categorical()), says: /values is empty/ },
    {
      title: "a choice twice",
      type: TUNING,
      props: search(categorical("32", "64", "32")),
      says: /values has "32" twice/,
    },
    {
      title: "no range",
      type: TUNING,
      props: search({}),
      says: /has no range, so all trials would be the same/,
    },
    {
      title: "a parameter that is fixed too",
      type: TUNING,
      props: search(
        RATE,
        {},
        { trainingJobDefinition: { staticHyperParameters: { learning_rate: "hush" } } },
      ),
      says: /searches "learning_rate", which staticHyperParameters fixes too; AWS refuses that/,
    },
    {
      title: "more trials at a time than in all",
      type: TUNING,
      props: search(RATE, { maxParallelTrainingJobs: 11 }),
      says: /maxParallelTrainingJobs is 11, more than the 10 trials in all/,
    },
    {
      title: "no number of trials",
      type: TUNING,
      props: search(RATE, { maxNumberOfTrainingJobs: undefined }),
      says: /maxNumberOfTrainingJobs is not set; it must be a whole number/,
    },
    {
      title: "one trial and a half at a time",
      type: TUNING,
      props: search(RATE, { maxParallelTrainingJobs: 1.5 }),
      says: /maxParallelTrainingJobs is 1\.5; it must be a whole number/,
    },
    {
      title: "no trial at a time",
      type: TUNING,
      props: search(RATE, { maxParallelTrainingJobs: 0 }),
      says: /maxParallelTrainingJobs is 0; it must be/,
    },
    {
      title: "half a trial at a time",
      type: TUNING,
      props: search(RATE, { maxParallelTrainingJobs: 0.5 }),
      says: /maxParallelTrainingJobs is 0\.5/,
    },
    {
      title: "a range of the second definition",
      type: TUNING,
      props: search(
        undefined,
        {},
        {
          trainingJobDefinitions: [
            { hyperParameterRanges: RATE },
            { hyperParameterRanges: integer("8", "1") },
          ],
        },
      ),
      says: /trainingJobDefinitions\[1\]\.hyperParameterRanges\.integerParameterRanges\[0\] goes from 8 to 1/,
    },
  ],
});

describe("training-tuning-ranges over any numbers", () => {
  it("passes a linear learning rate exactly when it is a range of less than two decades", async () => {
    const value = fc.double({ min: 1e-6, max: 10, noNaN: true });
    await fc.assert(
      fc.asyncProperty(value, value, async (low, high) => {
        const props = search(continuous("learning_rate", String(low), String(high), "Linear"));

        const found = await diagnose(tuningRanges, { type: TUNING, props });

        assert.equal(found.length === 0, low < high && high / low < 100);
      }),
    );
  });

  it("says that unknown fixed hyperparameters may be searched too", async () => {
    const beside = { trainingJobDefinition: { staticHyperParameters: UNKNOWN_STRING } };

    const found = await diagnose(tuningRanges, { type: TUNING, props: search(RATE, {}, beside) });

    assert.equal(found.length, 1);
    assert.match(
      found[0]?.message ?? "",
      /Not decided: trainingJobDefinition\.staticHyperParameters is unknown/,
    );
  });

  it("never tells a value of a fixed hyperparameter", async () => {
    const beside = { trainingJobDefinition: { staticHyperParameters: { learning_rate: "hush-hush" } } };

    const found = await diagnose(tuningRanges, { type: TUNING, props: search(RATE, {}, beside) });

    assert.equal(found.length, 1);
    assert.doesNotMatch(found[0]?.message ?? "", /hush/);
  });
});

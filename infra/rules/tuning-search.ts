import type { TuningConfig } from "../config/schema/stack";

/** ResourceLimits.MaxRuntimeInSeconds: half a year. */
const maximumSeconds = 15_768_000;
/** Time a trial may take before and after its runtime: finding instances, downloading, uploading. */
const overheadSeconds = 900;
/** Least that BestObjectiveNotImproving allows. */
const leastNotImproving = 3;

/** What a tuning job searches, for what, and when it ends, as `aws.sagemaker.HyperParameterTuningJob` takes it. */
export function tuningSearch(tuning: TuningConfig) {
  const { maxJobs, maxParallelJobs, market, strategy } = tuning;
  const trialMinutes = market.kind === "spot" ? market.maxWaitMinutes : tuning.maxRuntimeMinutes;
  const rounds = Math.ceil(maxJobs / maxParallelJobs);
  const notImproving = Math.max(leastNotImproving, Math.ceil(maxJobs / 2));
  return {
    strategy,
    ...(strategy === "Hyperband"
      ? {
          strategyConfig: {
            hyperbandStrategyConfig: { minResource: 1, maxResource: tuning.hyperparameters.epochs },
          },
        }
      : {}),
    objective: {
      metricName: tuning.objective,
      type: tuning.objective === "validation:loss" ? "Minimize" : "Maximize",
    },
    parameterRanges: {
      continuousParameterRanges: [
        {
          name: "learning_rate",
          minValue: String(tuning.learningRate.min),
          maxValue: String(tuning.learningRate.max),
          // Useful rates lie orders of magnitude apart; on a linear scale nine in ten trials would try the largest.
          scalingType: "Logarithmic",
        },
      ],
      ...(tuning.batchSizes.length > 1
        ? { categoricalParameterRanges: [{ name: "batch_size", values: tuning.batchSizes.map(String) }] }
        : {}),
    },
    // The same search again proposes the same first trials.
    randomSeed: tuning.hyperparameters.seed,
    resourceLimits: {
      maxNumberOfTrainingJobs: maxJobs,
      maxParallelTrainingJobs: maxParallelJobs,
      maxRuntimeInSeconds: Math.min(maximumSeconds, rounds * (trialMinutes * 60 + overheadSeconds)),
    },
    trainingJobEarlyStoppingType: tuning.earlyStopping,
    tuningJobCompletionCriteria: {
      convergenceDetected: { completeOnConvergence: "Enabled" },
      ...(notImproving < maxJobs
        ? { bestObjectiveNotImproving: { maxNumberOfTrainingJobsNotImproving: notImproving } }
        : {}),
    },
  };
}

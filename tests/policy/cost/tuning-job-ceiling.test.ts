import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { tuningJobCeiling } from "../../../policy/cost/tuning-job-ceiling";
import { UNKNOWN_NUMBER } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const type = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";
const definition = (more: Record<string, unknown> = {}, instanceType = "ml.m5.xlarge") => ({
  resourceConfig: { instanceType, instanceCount: 1 },
  stoppingCondition: { maxRuntimeInSeconds: 3600 },
  ...more,
});
const search = (maxNumberOfTrainingJobs: unknown, more: Record<string, unknown> = {}) => ({
  config: { resourceLimits: { maxNumberOfTrainingJobs, maxParallelTrainingJobs: 2 } },
  trainingJobDefinition: definition(),
  ...more,
});

// 10 × 0.23 = 2.3
describeRule(tuningJobCeiling, {
  pass: [
    { title: "a search exactly at its ceiling", type, props: search(10), settings: { jobUsd: 2.3 } },
    {
      title: "a search by the dearest of its resources, since a job takes only one of them",
      type,
      props: search(10, {
        trainingJobDefinition: {
          hyperParameterTuningResourceConfig: {
            instanceConfigs: [
              { instanceType: "ml.m5.xlarge", instanceCount: 1 },
              { instanceType: "ml.m5.large", instanceCount: 1 },
            ],
          },
          stoppingCondition: { maxRuntimeInSeconds: 3600 },
        },
      }),
      settings: { jobUsd: 2.3 },
    },
  ],
  violate: [
    {
      title: "a search a cent above its ceiling, with its arithmetic",
      type,
      props: search(10),
      settings: { jobUsd: 2.29 },
      says: /2\.3 − 2\.29 = 0\.01 too much\. Counted: subject 2\.3 = 10 jobs × \(1 instance × ml\.m5\.xlarge 0\.23 USD\/h .*, at most 3600 s\)\. Cheapest for tuning, in USD a search: ml\.m5\.large 1\.15/,
    },
    {
      title: "every definition at the price of the dearest",
      type,
      props: search(10, {
        trainingJobDefinition: undefined,
        trainingJobDefinitions: [definition(), definition({}, "ml.g4dn.xlarge"), definition()],
      }),
      settings: { jobUsd: 7.35 },
      says: /up to 7\.36 USD a search/,
    },
    {
      title: "spot jobs that may wait too long",
      type,
      props: search(10, {
        trainingJobDefinition: definition({
          enableManagedSpotTraining: true,
          stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
        }),
      }),
      settings: { jobUsd: 4.59 },
      says: /up to 4\.6 USD a search/,
    },
    {
      title: "a search that does not say how many jobs it may start",
      type,
      props: search(undefined),
      says: /no maxNumberOfTrainingJobs, so nothing bounds the number of jobs/,
    },
    {
      title: "a search without limits",
      type,
      props: search(1, { config: {} }),
      says: /no maxNumberOfTrainingJobs/,
    },
    {
      title: "a search without a definition",
      type,
      props: search(10, { trainingJobDefinition: undefined }),
      says: /no training job definition is given/,
    },
    {
      title: "a number of jobs that is none",
      type,
      props: search("ten"),
      says: /the number of jobs is not a number/,
    },
  ],
});

describe("cost-tuning-job-ceiling", () => {
  it("counts one job, and says so, while their number is unknown", async () => {
    const found = await diagnose(tuningJobCeiling, { type, props: search(UNKNOWN_NUMBER) });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      found[0]?.message ?? "",
      /at least 0\.23 USD a search .* 1 value unknown: the number of jobs/,
    );
  });

  it("refuses a search that is above its ceiling with a single job, whatever their number", async () => {
    const props = search(UNKNOWN_NUMBER);

    const [found] = await diagnose(tuningJobCeiling, { type, props, settings: { jobUsd: 0.22 } });

    assert.equal(found?.level, "mandatory");
    assert.match(found?.message ?? "", /costs at least 0\.23 USD a search; the ceiling is 0\.22/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { trainingJobCeiling } from "../../../policy/cost/training-job-ceiling";
import { estimatedType } from "../../support/cost-samples";
import { UNKNOWN_NUMBER } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const ESTIMATED = estimatedType("training");
const type = "aws:sagemaker/trainingJob:TrainingJob";
const job = (more: Record<string, unknown> = {}, resources: Record<string, unknown> = {}) => ({
  resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 2, ...resources },
  stoppingCondition: { maxRuntimeInSeconds: 7200 },
  ...more,
});

// 2 × 0.23 × 2 h = 0.92
describeRule(trainingJobCeiling, {
  pass: [
    { title: "a job exactly at its ceiling", type, props: job(), settings: { jobUsd: 0.92 } },
    {
      title: "counts as text, as YAML programs send them",
      type,
      props: job({ stoppingCondition: { maxRuntimeInSeconds: "7200" } }, { instanceCount: "2" }),
      settings: { jobUsd: 0.92 },
    },
    {
      title: "a wait for spot where the job does not run on spot",
      type,
      props: job({ stoppingCondition: { maxRuntimeInSeconds: 7200, maxWaitTimeInSeconds: 72_000 } }),
      settings: { jobUsd: 0.92 },
    },
    {
      title: "an estimated price where estimates are taken",
      type,
      props: job({}, { instanceType: ESTIMATED }),
      settings: { unpriced: "estimate" },
    },
  ],
  violate: [
    {
      title: "a job a cent above its ceiling, with its arithmetic, what is cheaper and the key to change",
      type,
      props: job(),
      settings: { jobUsd: 0.91 },
      says: /costs up to 0\.92 USD a run; the ceiling is 0\.91: 0\.92 − 0\.91 = 0\.01 too much\. Counted: subject 0\.92 = 2 instances × ml\.m5\.xlarge 0\.23 USD\/h .*, at most 7200 s\. Cheapest for training, in USD a run: ml\.m5\.large 0\.46.* or change ceilings\.jobUsd \(in the pack's own configuration: jobUsd of cost-training-job-ceiling\)\.$/,
    },
    {
      title: "the day that a job without a limit may take",
      type,
      props: { resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 1 } },
      settings: { jobUsd: 5.51 },
      says: /5\.52 USD a run.* at most 86400 s/,
    },
    {
      title: "a spot job whose waiting time costs too much",
      type,
      props: job({
        enableManagedSpotTraining: true,
        stoppingCondition: { maxRuntimeInSeconds: 7200, maxWaitTimeInSeconds: 14_400 },
      }),
      settings: { jobUsd: 1.83 },
      says: /up to 1\.84 USD .* at most 14400 s with all restarts; spot, counted at the on-demand price/,
    },
    {
      title: "the sum of instance groups",
      type,
      props: job(
        {},
        {
          instanceType: undefined,
          instanceGroups: [
            { instanceType: "ml.m5.xlarge", instanceCount: 2 },
            { instanceType: "ml.g4dn.xlarge", instanceCount: 1 },
          ],
        },
      ),
      settings: { jobUsd: 2.39 },
      says: /up to 2\.39\d* USD|costs up to 2\.392 USD/,
    },
    {
      title: "the time kept warm",
      type,
      props: job({}, { keepAlivePeriodInSeconds: 3600 }),
      settings: { jobUsd: 1.37 },
      says: /up to 1\.38 USD .* kept warm 3600 s/,
    },
    {
      title: "the volume of every instance",
      type,
      props: job({}, { volumeSizeInGb: 7300 }),
      settings: { jobUsd: 6 },
      says: /up to 6\.52 USD .* with 7300 GB/,
    },
    {
      title: "a negative count",
      type,
      props: job({}, { instanceCount: -1 }),
      says: /instance count is not a number/,
    },
    {
      title: "a runtime that is no number",
      type,
      props: job({ stoppingCondition: { maxRuntimeInSeconds: "an hour" } }),
      says: /the longest run time is not a number of zero or more/,
    },
    {
      title: "a type without a price, though estimates are taken",
      type,
      props: job({}, { instanceType: "ml.nothing.large" }),
      settings: { unpriced: "estimate" },
      says: /cannot be held against the ceiling of 25 USD a run: the job: .*ml\.nothing\.large/,
    },
    {
      title: "an estimated price where estimates are refused",
      type,
      props: job({}, { instanceType: ESTIMATED }),
      says: /the job: ml\.\S+ has only an estimated price/,
    },
  ],
});

describe("cost-training-job-ceiling", () => {
  const levels = async (props: Record<string, unknown>, settings: Record<string, unknown>) =>
    (await diagnose(trainingJobCeiling, { type, props, settings })).map(({ level }) => level);

  it("lets a type without a price pass with an advisory where that is allowed", async () => {
    const props = job({}, { instanceType: "ml.nothing.large" });

    assert.deepEqual(await levels(props, { unpriced: "allow" }), ["advisory"]);
  });

  it("refuses what is above the ceiling already, though a part is unknown", async () => {
    const props = job({}, { volumeSizeInGb: UNKNOWN_NUMBER });

    const [found, ...others] = await diagnose(trainingJobCeiling, { type, props, settings: { jobUsd: 0.9 } });

    assert.deepEqual([found?.level, others], ["mandatory", []]);
    assert.match(found?.message ?? "", /costs at least 0\.92 USD .* 1 value is unknown until deployment/);
  });

  it("says what is known and how much is not, where the rest may fit", async () => {
    const props = job({}, { instanceCount: UNKNOWN_NUMBER });

    const found = await diagnose(trainingJobCeiling, { type, props });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      found[0]?.message ?? "",
      /what this training job costs \(at least 0\.46 USD a run of the 25 allowed; 1 value unknown: the instance count\) is unknown/,
    );
  });

  it("mentions a serverless job, which is billed by use", async () => {
    assert.deepEqual(await levels({ serverlessJobConfig: { jobType: "FineTuning" } }, {}), ["advisory"]);
  });

  it("prices a job in its own region", async () => {
    const props = { ...job(), region: "zz-nowhere-1" };

    const [found] = await diagnose(trainingJobCeiling, { type, props });

    assert.equal(found?.level, "mandatory");
    assert.match(found?.message ?? "", /no price table for region zz-nowhere-1/);
  });
});

import assert from "node:assert/strict";
import { UNKNOWN } from "../../../../policy/values";
import { amounts, estimate, reasons, resource } from "../../../support/cost-samples";

describe("estimateCost", () => {
  describe("of jobs", () => {
    const resourceConfig = { instanceType: "ml.m5.xlarge", instanceCount: 2, volumeSizeInGb: 73 };
    const stoppingCondition = { maxRuntimeInSeconds: 7200 };

    it("counts one training run: half the longest time expected, all of it at worst", () => {
      const report = estimate([resource("training", "train", { resourceConfig, stoppingCondition })]);

      // (0.23 + 73 × 0.14 / 730) × 2 = 0.488 per hour
      assert.deepEqual(amounts(report), [["train", 0.488, 0, 0.488, 0.976]]);
    });

    it("takes a day where no limit is given, and adds the time kept warm", () => {
      const report = estimate([
        resource("training", "train", {
          resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 1, keepAlivePeriodInSeconds: 3600 },
        }),
      ]);

      assert.deepEqual(amounts(report), [["train", 0.23, 0, 2.99, 5.75]]);
    });

    it("adds up instance groups", () => {
      const report = estimate([
        resource("training", "train", {
          resourceConfig: {
            instanceGroups: [
              { instanceType: "ml.m5.xlarge", instanceCount: 2 },
              { instanceType: "ml.g4dn.xlarge", instanceCount: 1 },
            ],
          },
          stoppingCondition: { maxRuntimeInSeconds: 3600 },
          enableManagedSpotTraining: true,
        }),
      ]);

      assert.deepEqual(amounts(report), [["train", 1.196, 0, 0.598, 1.196]]);
      assert.match(report.lines[0]?.basis ?? "", /spot, counted at the on-demand price/);
    });

    it("counts every job of a search, at its dearest definition", () => {
      const definition = (instanceType: string) => ({
        resourceConfig: { instanceType, instanceCount: 1 },
        stoppingCondition,
      });
      const config = { resourceLimits: { maxNumberOfTrainingJobs: 6, maxParallelTrainingJobs: 2 } };

      const report = estimate([
        resource("tuning", "search", {
          config,
          trainingJobDefinitions: [definition("ml.m5.xlarge"), definition("ml.g4dn.xlarge")],
        }),
      ]);

      // 0.736 × 2 h × 6
      assert.deepEqual(amounts(report), [["search", 0.736, 0, 4.416, 8.832]]);
    });

    it("reports a search without a number of jobs", () => {
      const report = estimate([
        resource("tuning", "search", {
          config: {},
          trainingJobDefinition: { resourceConfig, stoppingCondition },
        }),
      ]);

      assert.deepEqual(reasons(report), [
        "no maxNumberOfTrainingJobs, so nothing bounds the number of jobs; the amounts count one",
      ]);
      assert.deepEqual(amounts(report), [["search", 0.488, 0, 0.488, 0.976]]);
    });

    it("counts a spot job until its waiting time is over at worst, and half its run time as expected", () => {
      const report = estimate([
        resource("training", "train", {
          resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 2 },
          stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
          enableManagedSpotTraining: true,
        }),
      ]);

      assert.deepEqual(amounts(report), [["train", 0.46, 0, 0.23, 0.92]]);
    });

    it("takes the dearest of the resources that a tuning job may choose from, not their sum", () => {
      const report = estimate([
        resource("tuning", "search", {
          config: { resourceLimits: { maxNumberOfTrainingJobs: 2, maxParallelTrainingJobs: 1 } },
          trainingJobDefinition: {
            hyperParameterTuningResourceConfig: {
              instanceConfigs: [
                { instanceType: "ml.m5.xlarge", instanceCount: 1 },
                { instanceType: "ml.g4dn.xlarge", instanceCount: 1 },
              ],
            },
            stoppingCondition,
          },
        }),
      ]);

      // 0.736 × 2 h × 2
      assert.deepEqual(amounts(report), [["search", 0.736, 0, 1.472, 2.944]]);
    });

    const open: readonly [string, Record<string, unknown>, readonly string[], number][] = [
      ["stoppingCondition", { stoppingCondition: UNKNOWN }, ["the longest run time"], 0],
      ["resourceConfig", { resourceConfig: UNKNOWN }, ["the resource configuration"], 0],
      [
        "enableManagedSpotTraining",
        {
          enableManagedSpotTraining: UNKNOWN,
          stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
        },
        ["whether it runs on spot instances"],
        0.488,
      ],
    ];
    for (const [what, more, unknown, worstMonthly] of open) {
      it(`gives a lower bound and says so while ${what} is unknown`, () => {
        const report = estimate([
          resource("training", "train", { resourceConfig, stoppingCondition, ...more }),
        ]);

        assert.deepEqual(
          reasons(report),
          unknown.map((name) => `${name} is unknown until deployment; the amounts are a lower bound`),
        );
        assert.deepEqual([report.unknown, report.worstMonthly], [1, worstMonthly]);
      });
    }

    it("has no price for a serverless job, and says that it is billed by use", () => {
      const report = estimate([
        resource("training", "tune", { serverlessJobConfig: { jobType: "FineTuning" } }),
      ]);

      assert.deepEqual(report.lines, []);
      assert.deepEqual(reasons(report), [
        "a serverless training job is billed by use, at a rate this table has not",
      ]);
    });
  });
});

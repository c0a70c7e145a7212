import assert from "node:assert/strict";
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
  });
});

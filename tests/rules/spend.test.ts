import assert from "node:assert/strict";
import { anomalyExpression, budgetTagValue, spendThresholds } from "../../infra/rules/spend";
import { stackTagKey, stackTags } from "../../infra/rules/tags";

describe("budgetTagValue", () => {
  it("has the form that matches: user:<key>$<value>", () => {
    const tags = stackTags({ environment: "dev", owner: "o", costCentre: "c" }, "sagemaker-ops");

    assert.equal(
      budgetTagValue(stackTagKey, tags[stackTagKey] ?? ""),
      "user:sagemaker-ops:stack$sagemaker-ops/dev",
    );
  });
});

describe("spendThresholds", () => {
  it("are the configured shares, each once and in order, and a forecast above the limit", () => {
    assert.deepEqual(
      spendThresholds([100, 50, 100]).map(
        ({ notificationType, threshold }) => `${notificationType} ${threshold}`,
      ),
      ["ACTUAL 50", "ACTUAL 100", "FORECASTED 100"],
    );
    assert.deepEqual(spendThresholds([80])[0], {
      comparisonOperator: "GREATER_THAN",
      notificationType: "ACTUAL",
      threshold: 80,
      thresholdType: "PERCENTAGE",
    });
  });
});

describe("anomalyExpression", () => {
  it("is Cost Explorer's expression for one tag, unused fields null", () => {
    assert.deepEqual(JSON.parse(anomalyExpression("k", "v")), {
      And: null,
      CostCategories: null,
      Dimensions: null,
      Not: null,
      Or: null,
      Tags: { Key: "k", MatchOptions: null, Values: ["v"] },
    });
  });
});

import assert from "node:assert/strict";
import { costSummary } from "../../infra/rules/cost";
import { estimateCost } from "../../policy/catalog/estimate";

const endpoint = [
  {
    urn: "config",
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    properties: {
      name: "c",
      productionVariants: [
        { variantName: "AllTraffic", instanceType: "ml.m5.large", initialInstanceCount: 1 },
      ],
    },
  },
  {
    urn: "endpoint",
    type: "aws:sagemaker/endpoint:Endpoint",
    properties: { name: "e", endpointConfigName: "c" },
  },
];

describe("costSummary", () => {
  it("is the estimate in cents", () => {
    const { monthly, worstMonthly } = estimateCost(endpoint, { region: "us-east-1" });
    const summary = costSummary(endpoint, "us-east-1");

    assert.ok(monthly > 0);
    assert.ok(Math.abs(summary.monthlyUsd - monthly) <= 0.005);
    assert.ok(Math.abs(summary.worstMonthlyUsd - worstMonthly) <= 0.005);
    assert.equal(summary.monthlyUsd, Number(summary.monthlyUsd.toFixed(2)));
    assert.equal(summary.unpricedCount, 0);
  });

  it("counts what has no rate instead of taking it for free", () => {
    assert.equal(costSummary(endpoint, "nowhere-1").unpricedCount > 0, true);
  });
});

import assert from "node:assert/strict";
import { SpendGuard, type SpendGuardArgs } from "../../infra/components/spend-guard";
import { budget as budgetSchema } from "../../infra/config/schema/operations";
import { countByType, only, recordResources } from "../support/mocks";

function guard(rest: Record<string, unknown> = {}) {
  const budget = budgetSchema.parse({ kind: "monthly", emails: ["a@example.com"], ...rest });
  if (budget.kind !== "monthly") throw new Error("the sample is a monthly budget");
  const args: SpendGuardArgs = {
    budget,
    ceilingMonthlyUsd: 1400,
    tag: { key: "sagemaker-ops:stack", value: "sagemaker-ops/test" },
    budgetName: "sagemaker-ops-test-spend",
  };
  return recordResources(() => new SpendGuard("spend", args));
}

describe("SpendGuard", () => {
  it("budgets the month by the stack's tag, up to the ceiling, without counting credits", async () => {
    const resources = await guard();

    assert.deepEqual(countByType(resources), {
      "aws:budgets/budget:Budget": 1,
      "aws:costexplorer/anomalyMonitor:AnomalyMonitor": 1,
      "aws:costexplorer/anomalySubscription:AnomalySubscription": 1,
      "mlops:operations:SpendGuard": 1,
    });
    const { notifications, ...budget } = only(resources, "aws:budgets/budget:Budget").inputs;
    assert.deepEqual(budget, {
      name: "sagemaker-ops-test-spend",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitUnit: "USD",
      limitAmount: "1400",
      costFilters: [{ name: "TagKeyValue", values: ["user:sagemaker-ops:stack$sagemaker-ops/test"] }],
      costTypes: { includeCredit: false, includeRefund: false },
    });
    assert.deepEqual(
      notifications.map(
        ({ notificationType, threshold, subscriberEmailAddresses }: Record<string, unknown>) => [
          notificationType,
          threshold,
          subscriberEmailAddresses,
        ],
      ),
      [
        ["ACTUAL", 50, ["a@example.com"]],
        ["ACTUAL", 80, ["a@example.com"]],
        ["ACTUAL", 100, ["a@example.com"]],
        ["FORECASTED", 100, ["a@example.com"]],
      ],
    );
  });

  it("prefers the budget's own limit", async () => {
    const resources = await guard({ limitUsd: 99.5 });

    assert.equal(only(resources, "aws:budgets/budget:Budget").inputs.limitAmount, "99.5");
  });

  it("mails unexpected days of the stack's spend", async () => {
    const resources = await guard({ anomalyUsd: 50 });

    const monitor = only(resources, "aws:costexplorer/anomalyMonitor:AnomalyMonitor").inputs;
    assert.deepEqual(JSON.parse(monitor.monitorSpecification).Tags, {
      Key: "sagemaker-ops:stack",
      MatchOptions: null,
      Values: ["sagemaker-ops/test"],
    });
    const { inputs } = only(resources, "aws:costexplorer/anomalySubscription:AnomalySubscription");
    assert.deepEqual(
      [inputs.frequency, inputs.subscribers, inputs.thresholdExpression.dimension.values],
      ["DAILY", [{ type: "EMAIL", address: "a@example.com" }], ["50"]],
    );
  });

  it("activates the tag, when told, for the whole account and leaves it active when the stack goes", async () => {
    const tag = only(
      await guard({ costAllocationTag: "activate" }),
      "aws:costexplorer/costAllocationTag:CostAllocationTag",
    );

    assert.deepEqual(tag.inputs, { tagKey: "sagemaker-ops:stack", status: "Active" });
    assert.equal(tag.options.retainOnDelete, true);
  });

  it("leaves the tag alone by default, as billing knows no new tag for a day", async () => {
    const resources = await guard();

    assert.equal(countByType(resources)["aws:costexplorer/costAllocationTag:CostAllocationTag"], undefined);
  });
});

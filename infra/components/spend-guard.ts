import { Budget } from "@pulumi/aws/budgets";
import { AnomalyMonitor, AnomalySubscription, CostAllocationTag } from "@pulumi/aws/costexplorer";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { anomalyExpression, budgetTagValue, spendThresholds } from "../rules/spend";

export interface SpendGuardArgs {
  readonly budget: Extract<StackConfig["budget"], { kind: "monthly" }>;
  /** Limit where the budget states none. */
  readonly ceilingMonthlyUsd: number;
  /** Tag that every resource of the stack carries. */
  readonly tag: { readonly key: string; readonly value: string };
  /** Physical name of the budget, the monitor and its subscription. */
  readonly budgetName: string;
}

/**
 * Tells people about money: shares of the month's limit, a forecast above it, and unexpected days.
 *
 * It tells hours late and stops nothing. The tag works once Cost Explorer knows it, up to a day after the first
 * resource carries it; activating it earlier fails (https://github.com/hashicorp/terraform-provider-aws/issues/29068).
 */
export class SpendGuard extends pulumi.ComponentResource {
  constructor(name: string, args: SpendGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:operations:SpendGuard", name, {}, opts);
    const { budget, tag, budgetName, ceilingMonthlyUsd } = args;
    const parent = { parent: this };

    if (budget.costAllocationTag === "activate") {
      new CostAllocationTag(
        `${name}-tag`,
        { tagKey: tag.key, status: "Active" },
        // The activation is the whole account's: deleting it here would blind the budgets of other stacks.
        { ...parent, retainOnDelete: true },
      );
    }
    new Budget(
      `${name}-budget`,
      {
        name: budgetName,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitUnit: "USD",
        limitAmount: String(budget.limitUsd ?? ceilingMonthlyUsd),
        costFilters: [{ name: "TagKeyValue", values: [budgetTagValue(tag.key, tag.value)] }],
        // With credits counted an account that has some shows 0 USD until they are used up.
        costTypes: { includeCredit: false, includeRefund: false },
        notifications: spendThresholds(budget.alertPercents).map((threshold) => ({
          ...threshold,
          subscriberEmailAddresses: [...budget.emails],
        })),
      },
      parent,
    );
    const monitor = new AnomalyMonitor(
      `${name}-monitor`,
      {
        name: budgetName,
        monitorType: "CUSTOM",
        monitorSpecification: anomalyExpression(tag.key, tag.value),
      },
      parent,
    );
    new AnomalySubscription(
      `${name}-anomalies`,
      {
        name: budgetName,
        frequency: "DAILY",
        monitorArnLists: [monitor.arn],
        subscribers: budget.emails.map((address) => ({ type: "EMAIL", address })),
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            values: [String(budget.anomalyUsd)],
          },
        },
      },
      parent,
    );
    this.registerOutputs();
  }
}

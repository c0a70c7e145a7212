/**
 * Value of a budget's `TagKeyValue` filter. Tags of one's own carry `user:` before the key; without it the budget is
 * accepted and shows 0 USD for ever (https://github.com/hashicorp/terraform-provider-aws/issues/39850).
 */
export function budgetTagValue(key: string, value: string): string {
  return `user:${key}$${value}`;
}

/** `BudgetNotification`, without who is told. */
export interface SpendThreshold {
  readonly comparisonOperator: "GREATER_THAN";
  readonly notificationType: "ACTUAL" | "FORECASTED";
  /** Percent of the limit. */
  readonly threshold: number;
  readonly thresholdType: "PERCENTAGE";
}

/** At which shares of the limit mail is sent: of the actual spend as configured, and when the month is forecast to exceed it. */
export function spendThresholds(alertPercents: readonly number[]): SpendThreshold[] {
  const at = (notificationType: SpendThreshold["notificationType"], threshold: number): SpendThreshold => ({
    comparisonOperator: "GREATER_THAN",
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
  });
  // AWS refuses two equal notifications.
  const actual = [...new Set(alertPercents)].sort((a, b) => a - b).map((percent) => at("ACTUAL", percent));
  return [...actual, at("FORECASTED", 100)];
}

/**
 * Cost Explorer expression of an anomaly monitor for one tag. The fields that are not used are written as null, the form in
 * which AWS returns them; left out, they would differ from it in every preview.
 */
export function anomalyExpression(key: string, value: string): string {
  return JSON.stringify({
    And: null,
    CostCategories: null,
    Dimensions: null,
    Not: null,
    Or: null,
    Tags: { Key: key, MatchOptions: null, Values: [value] },
  });
}

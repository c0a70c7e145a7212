import { type CostResource, estimateCost } from "../../policy/catalog/estimate";

/** What a stack costs, in USD and cents. */
export interface CostSummary {
  /** Under the estimator's stated assumptions. */
  readonly monthlyUsd: number;
  /** Everything at its largest size, around the clock. */
  readonly worstMonthlyUsd: number;
  /** Costs without a known rate; above 0 the amounts are lower bounds. */
  readonly unpricedCount: number;
}

/** The estimate of the plan and of the policy pack, reduced to what the outputs tell. */
export function costSummary(resources: readonly CostResource[], region: string): CostSummary {
  const { monthly, worstMonthly, unpriced } = estimateCost(resources, { region });
  return { monthlyUsd: cents(monthly), worstMonthlyUsd: cents(worstMonthly), unpricedCount: unpriced.length };
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

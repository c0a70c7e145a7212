import { estimateInstance, estimateNotebook, estimateVolume } from "./cost/compute";
import { estimateEndpoints } from "./cost/endpoints";
import { flatEstimators } from "./cost/flat";
import { estimateProvisionedConcurrency } from "./cost/functions";
import { estimateTrainingJob, estimateTuningJob } from "./cost/jobs";
import {
  type CostLine,
  type CostResource,
  type Estimator,
  Ledger,
  type Remark,
  roundUsd,
  type Settings,
  toItem,
} from "./cost/ledger";
import { Scaling } from "./cost/scaling";
import { pricesAsOf } from "./prices";

export { costInputs } from "./cost/inputs";
export type { CostLine, CostResource, Remark } from "./cost/ledger";

export interface EstimateOptions {
  /** Where a resource without a `region` of its own lives. */
  readonly region: string;
  /** @default 730 */
  readonly hoursPerMonth?: number;
  readonly assumptions?: {
    /** Hours a month that somebody works in a notebook. @default 160 */
    readonly notebookHoursPerMonth?: number;
    /** Hours a month that somebody works on an EC2 instance. @default 160 */
    readonly computeHoursPerMonth?: number;
  };
}

/** Amounts in USD, on demand, rounded to a millionth. */
export interface CostReport {
  readonly currency: "USD";
  readonly region: string;
  /** Newest date in the region's price table; `null` where there is no table. */
  readonly pricesAsOf: string | null;
  readonly hoursPerMonth: number;
  readonly lines: readonly CostLine[];
  /** With no traffic and nobody working. */
  readonly idleMonthly: number;
  /** Under the assumptions that each line states. */
  readonly monthly: number;
  /** Everything at its largest size, round the clock; every job once, at its longest. */
  readonly worstMonthly: number;
  /** What is missing from the amounts, and why. Never empty-handed: a cost without a price is here, not zero. */
  readonly unpriced: readonly Remark[];
  /** What is billed by use alone and so has no line. */
  readonly notes: readonly Remark[];
  /** How many values only a deployment will tell; the amounts are lower bounds while it is above zero. */
  readonly unknown: number;
}

/** Prices a stack from its resources' properties. Pure; never throws on a property's value, and no amount is ever NaN. */
export function estimateCost(resources: readonly CostResource[], options: EstimateOptions): CostReport {
  const settings: Settings = {
    region: options.region,
    hoursPerMonth: options.hoursPerMonth ?? 730,
    notebookHoursPerMonth: options.assumptions?.notebookHoursPerMonth ?? 160,
    computeHoursPerMonth: options.assumptions?.computeHoursPerMonth ?? 160,
  };
  const ledger = new Ledger();
  const items = resources.map((resource) => toItem(resource, settings.region));
  const scaling = new Scaling(items, ledger);

  estimateEndpoints(items, ledger, scaling, settings);
  for (const item of items) ESTIMATORS[item.type]?.(item, ledger, settings);
  estimateProvisionedConcurrency(items, ledger, scaling, settings);
  scaling.reportOrphans();

  const { lines } = ledger;
  return {
    currency: "USD",
    region: settings.region,
    pricesAsOf: pricesAsOf(settings.region) ?? null,
    hoursPerMonth: settings.hoursPerMonth,
    lines,
    idleMonthly: total(lines, "idleMonthly"),
    monthly: total(lines, "monthly"),
    worstMonthly: total(lines, "worstMonthly"),
    unpriced: ledger.unpriced,
    notes: ledger.notes,
    unknown: ledger.unknown,
  };
}

const ESTIMATORS: Readonly<Record<string, Estimator>> = {
  "aws:sagemaker/notebookInstance:NotebookInstance": estimateNotebook,
  "aws:sagemaker/trainingJob:TrainingJob": estimateTrainingJob,
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": estimateTuningJob,
  "aws:ec2/instance:Instance": estimateInstance,
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": estimateInstance,
  "aws:ebs/volume:Volume": estimateVolume,
  ...flatEstimators,
};

function total(lines: readonly CostLine[], amount: "idleMonthly" | "monthly" | "worstMonthly"): number {
  return roundUsd(lines.reduce((sum, line) => sum + line[amount], 0));
}

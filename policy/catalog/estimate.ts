import { estimateInstance, estimateNotebook, estimateVolume } from "./cost/compute";
import { estimateConfiguration, estimateEndpoints } from "./cost/endpoints";
import { flatEstimators } from "./cost/flat";
import { estimateProvisionedAtLeast, estimateProvisionedConcurrency } from "./cost/functions";
import { estimateTrainingJob, estimateTuningJob } from "./cost/jobs";
import {
  type CostLine,
  type CostResource,
  type Estimator,
  type Gap,
  type InstanceHours,
  Ledger,
  type Remark,
  roundUsd,
  type Settings,
  toItem,
} from "./cost/ledger";
import { Scaling } from "./cost/scaling";
import { estimateVolumes } from "./cost/volumes";
import { pricesAsOf } from "./prices";

export { costInputs } from "./cost/inputs";
export type { CostLine, CostResource, Gap, GapKind, InstanceHours, Remark } from "./cost/ledger";

export interface EstimateOptions {
  /** Where a resource without a `region` of its own lives. */
  readonly region: string;
  /** @default 730 */
  readonly hoursPerMonth?: number;
  /** Reports a price that is only an estimate as a gap; it counts all the same. @default false */
  readonly refusesEstimates?: boolean;
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

/** What a report is made of, for rules that tell why an amount is what it is. */
export interface CostParts {
  readonly lines: readonly CostLine[];
  /** How `worstMonthly` of a line was computed, where its `basis` tells of the expected amount. */
  readonly worstBases: ReadonlyMap<CostLine, string>;
  readonly gaps: readonly Gap[];
  /** Behind `worstMonthly` of the lines. */
  readonly instanceHours: readonly InstanceHours[];
}

/** Prices a stack from its resources' properties. Pure; never throws on a property's value, and no amount is ever NaN. */
export function estimateCost(resources: readonly CostResource[], options: EstimateOptions): CostReport {
  const settings = settingsOf(options);
  const ledger = assemble(resources, settings);

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

/** The same estimate with what each gap is and with the instance hours in it. */
export function costParts(resources: readonly CostResource[], options: EstimateOptions): CostParts {
  return assemble(resources, settingsOf(options));
}

/** An endpoint configuration as one endpoint on it would cost, with its initial counts. */
export function configurationCost(resource: CostResource, options: EstimateOptions): CostParts {
  const settings = settingsOf(options);
  const ledger = new Ledger(settings.refusesEstimates);
  estimateConfiguration(toItem(resource, settings.region), ledger, settings);
  return ledger;
}

/** A provisioned concurrency at the smallest memory there is: the least that it costs. */
export function provisionedAtLeast(resource: CostResource, options: EstimateOptions): CostParts {
  const settings = settingsOf(options);
  const ledger = new Ledger(settings.refusesEstimates);
  estimateProvisionedAtLeast(toItem(resource, settings.region), ledger, settings);
  return ledger;
}

/** The volumes of one resource, for as long as they exist: a job's too, though it has them for hours only. */
export function volumesCost(resource: CostResource, options: EstimateOptions): CostParts {
  const settings = settingsOf(options);
  const ledger = new Ledger(settings.refusesEstimates);
  estimateVolumes(toItem(resource, settings.region), ledger);
  return ledger;
}

function settingsOf({ region, hoursPerMonth, refusesEstimates, assumptions }: EstimateOptions): Settings {
  return {
    region,
    refusesEstimates: refusesEstimates ?? false,
    hoursPerMonth: hoursPerMonth ?? 730,
    notebookHoursPerMonth: assumptions?.notebookHoursPerMonth ?? 160,
    computeHoursPerMonth: assumptions?.computeHoursPerMonth ?? 160,
  };
}

function assemble(resources: readonly CostResource[], settings: Settings): Ledger {
  const ledger = new Ledger(settings.refusesEstimates);
  const items = resources.map((resource) => toItem(resource, settings.region));
  const scaling = new Scaling(items, ledger);

  estimateEndpoints(items, ledger, scaling, settings);
  for (const item of items) ESTIMATORS[item.type]?.(item, ledger, settings);
  estimateProvisionedConcurrency(items, ledger, scaling, settings);
  scaling.reportOrphans();
  return ledger;
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

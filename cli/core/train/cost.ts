import { estimateCost } from "../../../policy/catalog/estimate";

export interface Machines {
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeGb: number;
}

/**
 * USD per hour of all instances and their volumes together, on demand, by the estimator of the policy pack; absent where
 * the price is not known, which is never zero.
 */
export function hourlyUsd(
  region: string,
  { instanceType, instanceCount, volumeGb }: Machines,
): number | undefined {
  const { lines, unpriced } = estimateCost(
    [
      {
        urn: "job",
        type: "aws:sagemaker/trainingJob:TrainingJob",
        properties: {
          resourceConfig: { instanceType, instanceCount, volumeSizeInGb: volumeGb },
          stoppingCondition: { maxRuntimeInSeconds: 3600 },
        },
      },
    ],
    { region },
  );
  const [line] = lines;
  return line === undefined || unpriced.length > 0 ? undefined : line.hourly;
}

/** @param seconds per instance: SageMaker tells the billable time of one of them. */
export function usdOf(seconds: number | undefined, hourly: number | undefined): number | undefined {
  return seconds === undefined || hourly === undefined ? undefined : (seconds / 3600) * hourly;
}

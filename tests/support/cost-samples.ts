import {
  type CostReport,
  type CostResource,
  type EstimateOptions,
  estimateCost,
} from "../../policy/catalog/estimate";
import { instanceTypesFor, type Use } from "../../policy/catalog/instance-types";
import { priceOf } from "../../policy/catalog/prices";

/** Type tokens by a short word. */
export const TYPES = {
  notebook: "aws:sagemaker/notebookInstance:NotebookInstance",
  configuration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  target: "aws:appautoscaling/target:Target",
  scheduled: "aws:appautoscaling/scheduledAction:ScheduledAction",
  training: "aws:sagemaker/trainingJob:TrainingJob",
  tuning: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
  instance: "aws:ec2/instance:Instance",
  spot: "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  volume: "aws:ebs/volume:Volume",
  eip: "aws:ec2/eip:Eip",
  nat: "aws:ec2/natGateway:NatGateway",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  function: "aws:lambda/function:Function",
  provisioned: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
  key: "aws:kms/key:Key",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  bucket: "aws:s3/bucket:Bucket",
} as const;

export function resource(
  kind: keyof typeof TYPES,
  name: string,
  properties: Record<string, unknown>,
  parent?: string,
): CostResource {
  return {
    urn: `urn:pulumi:test::project::${TYPES[kind]}::${name}`,
    type: TYPES[kind],
    name,
    properties,
    parent,
  };
}

export function estimate(
  resources: readonly CostResource[],
  options: Partial<EstimateOptions> = {},
): CostReport {
  return estimateCost(resources, { region: "us-east-1", ...options });
}

/** `[component, hourly, idle, expected, worst]` of each line. */
export function amounts({ lines }: CostReport) {
  return lines.map((line) => [
    line.component,
    line.hourly,
    line.idleMonthly,
    line.monthly,
    line.worstMonthly,
  ]);
}

export function reasons({ unpriced }: CostReport): readonly string[] {
  return unpriced.map(({ reason }) => reason);
}

/** A production variant, and below it an endpoint with its configuration and a scaling target for it. */
export const variant = (more: Record<string, unknown> = {}) => ({
  variantName: "AllTraffic",
  instanceType: "ml.m5.large",
  initialInstanceCount: 1,
  ...more,
});
export const endpoint = (
  productionVariants: unknown,
  more: Record<string, unknown> = {},
  deployment: Record<string, unknown> = {},
) => [
  resource("configuration", "config", { name: "config-1", productionVariants, ...more }),
  resource("endpoint", "dogs", { name: "dogs", endpointConfigName: "config-1", ...deployment }),
];
export const target = (more: Record<string, unknown> = {}) =>
  resource("target", "target", {
    serviceNamespace: "sagemaker",
    scalableDimension: "sagemaker:variant:DesiredInstanceCount",
    resourceId: "endpoint/dogs/variant/AllTraffic",
    minCapacity: 1,
    maxCapacity: 3,
    ...more,
  });

/** A type whose price the table of us-east-1 has only as an estimate. */
export function estimatedType(use: Use): string {
  const found = instanceTypesFor(use).find(
    ({ name }) => priceOf({ region: "us-east-1", use, instanceType: name }).kind === "estimated",
  );
  if (found === undefined) throw new Error(`every type for ${use} has a listed price by now`);
  return found.name;
}

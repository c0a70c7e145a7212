import { type Naming, physicalName } from "./naming";

export interface EndpointUsers {
  /** Whether a training box lives in the VPC: Session Manager's three services are then its only way in. */
  readonly trainingBox: boolean;
  /** Whether buckets and volumes use the stack's own KMS key. */
  readonly kms: boolean;
}

/**
 * Services that the private subnets reach through an interface endpoint, each billed per zone and hour whether used
 * or not, so only what something in the subnets calls: notebooks (SageMaker API, runtime), containers pulled by the
 * box (ECR), logs, metrics and role credentials (STS). S3 goes through the gateway endpoint, which is free.
 */
export function interfaceEndpointServices({ trainingBox, kms }: EndpointUsers): readonly string[] {
  return [
    "sagemaker.api",
    "sagemaker.runtime",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "monitoring",
    "sts",
    ...(trainingBox ? ["ssm", "ssmmessages", "ec2messages"] : []),
    ...(kms ? ["kms"] : []),
  ];
}

/** `com.amazonaws.us-east-1.sagemaker.api`. */
export function endpointServiceName(region: string, service: string): string {
  return `com.amazonaws.${region}.${service}`;
}

/**
 * The zones of the subnets: the first `zoneCount` by name, so that the order in which AWS lists them is irrelevant.
 *
 * @throws Error when the region offers fewer.
 */
export function chooseZones(available: readonly string[], zoneCount: number, region: string): string[] {
  const zones = [...new Set(available)].sort((a, b) => (a < b ? -1 : 1)).slice(0, zoneCount);
  if (zones.length < zoneCount) {
    throw new Error(
      `network.zoneCount is ${zoneCount}, but ${region} offers this account ${zones.length} availability zones ` +
        `(${zones.join(", ")}). Lower network.zoneCount or choose another region.`,
    );
  }
  return zones;
}

/** Log group of the VPC's flow logs, created by the stack so that its retention is the stack's. */
export function flowLogGroupName(naming: Naming): string {
  return `/aws/vpc/${physicalName(naming, "flow-logs")}`;
}

import { type Aws, AwsError, listOf, objectsOf } from "./cloud";

const usualQuota = 20;

/** Instances of each type that endpoints run now. */
function running({ cloud }: Aws): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { live } of objectsOf(cloud, "aws:sagemaker/endpoint:Endpoint")) {
    for (const { instanceType, count } of listOf(live.fleet)) {
      const type = String(instanceType);
      counts.set(type, (counts.get(type) ?? 0) + Number(count));
    }
  }
  return counts;
}

/**
 * Whether AWS would start these instances for an endpoint, beside all that run.
 *
 * @throws AwsError ResourceLimitExceeded for the account's quota, InsufficientInstanceCapacity for AWS's own stock.
 */
export function requireInstances(aws: Aws, instanceType: string, count: number): void {
  const { quotas, noCapacity } = aws.faults;
  const quota = quotas?.[instanceType] ?? usualQuota;
  const used = running(aws).get(instanceType) ?? 0;
  if (used + count > quota) {
    throw new AwsError(
      "ResourceLimitExceeded",
      `The account-level service limit '${instanceType} for endpoint usage' is ${quota} Instances, with current ` +
        `utilization of ${used} Instances and a request delta of ${count} Instances.`,
    );
  }
  if (noCapacity?.includes(instanceType) === true) {
    throw new AwsError(
      "InsufficientInstanceCapacity",
      `Unable to provision requested ML compute capacity: ${instanceType} is not available in the requested zones.`,
    );
  }
}

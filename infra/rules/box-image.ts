import { findInstanceType } from "../../policy/catalog/instance-types";

/**
 * Public SSM parameter that holds the newest Deep Learning AMI of a type, for the architecture of the instance.
 *
 * Source: https://docs.aws.amazon.com/dlami/latest/devguide/find-dlami-id.html
 */
export function amiParameterName(instanceType: string, amiType: string): string {
  const architecture = findInstanceType("compute", instanceType)?.architecture ?? "x86_64";
  return `/aws/service/deeplearning/ami/${architecture}/${amiType}/latest/ami-id`;
}

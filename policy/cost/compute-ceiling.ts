import { resourceCeiling } from "./resource-ceiling";

/** A spot instance is counted at the on-demand price, which bounds it. */
export const computeCeiling = resourceCeiling({
  id: "cost-compute-ceiling",
  title: "EC2 instances within their monthly ceiling",
  sentence: "No EC2 instance costs more per month than its ceiling, even if it is never stopped.",
  remediation: "Take a smaller type or smaller volumes, or raise the ceiling of the environment.",
  url: "https://aws.amazon.com/ec2/pricing/on-demand/",
  types: ["aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"],
  setting: "monthlyUsd",
  defaultUsd: 850,
  description:
    "USD per month of one instance that runs around the clock, with its volumes and its public IPv4 address.",
  subject: "This instance",
  per: "a month around the clock",
  lever: "take smaller volumes",
});

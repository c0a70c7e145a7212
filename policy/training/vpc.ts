import { type Finding, undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { type Job, jobReads, jobsOf } from "./jobs";

const REMEDY =
  "Set vpcConfig with private subnets and a security group, and an endpoint for S3 in that network.";

const PARTS = [
  ["vpcConfig.subnets", "subnet"],
  ["vpcConfig.securityGroupIds", "security group"],
] as const;

export const vpc = resourceRule({
  id: "training-vpc",
  title: "Jobs in a VPC of one's own",
  sentence:
    "Every training job reads its data over a network of the account, where that can be limited and logged.",
  severity: "medium",
  level: "production",
  group: "training",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html",
  reads: jobReads("vpcConfig"),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap((job) => {
      if (job.properties === UNKNOWN) return [undecided(job.path)];
      const whole = at(job.properties, "vpcConfig");
      if (whole === UNKNOWN) return [undecided(`${job.prefix}vpcConfig`)];
      return PARTS.flatMap(([path, what]) => listed(job, path, what));
    }),
});

function listed({ prefix, properties }: Job, path: string, what: string): readonly Finding[] {
  const value = at(properties, path);
  if (value === UNKNOWN) return [undecided(`${prefix}${path}`)];
  if (Array.isArray(value) && value.length > 0 && value.every((id) => id === UNKNOWN || isText(id)))
    return [];
  return [
    violation(`${prefix}${path} names no ${what}, so the job is not in a VPC of the account. ${REMEDY}`),
  ];
}

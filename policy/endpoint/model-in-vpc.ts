import { type Finding, undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { modelReads } from "./reads";

const REMEDY =
  "Set vpcConfig with private subnets in two zones and a security group. A serverless endpoint takes no VPC: exempt its model by name, with that reason.";

export const modelInVpc = resourceRule({
  id: "endpoint-model-in-vpc",
  title: "Models in a VPC of one's own",
  sentence:
    "Every model's traffic to S3 and other services passes a network of the account, where it can be limited and logged.",
  severity: "medium",
  level: "production",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
  reads: modelReads("vpcConfig"),
  check: ({ properties }) =>
    properties.vpcConfig === UNKNOWN
      ? [undecided("vpcConfig")]
      : [
          ...listed(properties, "vpcConfig.subnets", "subnet"),
          ...listed(properties, "vpcConfig.securityGroupIds", "security group"),
        ],
});

function listed(properties: object, path: string, what: string): readonly Finding[] {
  const value = at(properties, path);
  if (value === UNKNOWN) return [undecided(path)];
  if (Array.isArray(value) && value.length > 0 && value.every((id) => id === UNKNOWN || isText(id)))
    return [];
  return [violation(`${path} names no ${what}, so the model is not in a VPC of the account. ${REMEDY}`)];
}

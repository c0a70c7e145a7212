import { type Place, regionalArn } from "../rules/place";
import { allow, type Statement } from "./document";

export interface NetworkPlacement {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

/**
 * Makes and removes the network interfaces through which SageMaker's hosts reach the VPC, in the given subnets and
 * with the given security group only.
 *
 * Needed by training, serving and the notebook in a VPC (SageMaker Developer Guide, execution roles, "If you specify a
 * private VPC"). Without it creation fails; without the deletion part interfaces stay and block the subnets' removal.
 */
export function useNetworkInterfaces(
  place: Place,
  { subnetIds, securityGroupId }: NetworkPlacement,
): Statement[] {
  const interfaces = regionalArn(place, "ec2", "network-interface/*");
  // A subnet that another account shares bears that account's id, and ids are unique across accounts.
  const subnets = subnetIds.map((id) => regionalArn({ ...place, accountId: "*" }, "ec2", `subnet/${id}`));
  return [
    allow(
      "CreateNetworkInterfaces",
      ["ec2:CreateNetworkInterface"],
      [interfaces, regionalArn(place, "ec2", `security-group/${securityGroupId}`), ...subnets],
    ),
    allow(
      "ManageNetworkInterfaces",
      [
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
      ],
      [interfaces],
      { ArnLike: { "ec2:Subnet": subnets } },
    ),
    // EC2 defines no resource type for Describe actions.
    allow(
      "DescribeNetwork",
      [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      ["*"],
    ),
  ];
}

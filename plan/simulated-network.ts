import type { JsonObject } from "./json-value";
import type { SimulatedType, SimulationContext } from "./simulated-types";

/** EC2 resources: an id with a prefix and 17 hexadecimal digits, and an ARN that ends in it. */
function ec2(
  prefix: string,
  arnKind: string,
  extra: (of: SimulationContext, id: string) => JsonObject = () => ({}),
): SimulatedType {
  return {
    outputs: (of) => {
      const id = `${prefix}-${of.hex(17)}`;
      return { id, arn: of.arn("ec2", `${arnKind}/${id}`), ...extra(of, id) };
    },
  };
}

/** VPC, subnets, security groups, endpoints and instances. */
export const networkTypes: Readonly<Record<string, SimulatedType>> = {
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", (of) => ({
    ownerId: of.accountId,
    mainRouteTableId: `rtb-${of.hex(17, "main")}`,
    defaultRouteTableId: `rtb-${of.hex(17, "main")}`,
    defaultSecurityGroupId: `sg-${of.hex(17, "default")}`,
    defaultNetworkAclId: `acl-${of.hex(17, "default")}`,
  })),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet", (of) => ({
    ownerId: of.accountId,
    ...(of.has("availabilityZone") ? {} : { availabilityZone: `${of.region}a` }),
  })),
  "aws:ec2/securityGroup:SecurityGroup": {
    ...ec2("sg", "security-group", (of) => ({ ownerId: of.accountId })),
    autoName: { property: "name" },
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    outputs: (of) => {
      const id = `sg-${of.hex(17)}`;
      return { id, arn: of.arn("ec2", `security-group/${id}`), name: "default", ownerId: of.accountId };
    },
  },
  "aws:ec2/securityGroupRule:SecurityGroupRule": ec2("sgrule", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule"),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table", (of) => ({ ownerId: of.accountId })),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    outputs: (of) => ({ id: `rtbassoc-${of.hex(17)}` }),
  },
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", (of) => ({
    ownerId: of.accountId,
    state: "available",
    prefixListId: `pl-${of.hex(8)}`,
  })),
  "aws:ec2/launchTemplate:LaunchTemplate": {
    ...ec2("lt", "launch-template", () => ({ latestVersion: 1, defaultVersion: 1 })),
    autoName: { property: "name" },
  },
  "aws:ebs/volume:Volume": ec2("vol", "volume"),
  "aws:ec2/instance:Instance": ec2("i", "instance", (of) => ({
    instanceState: "running",
    privateIp: `10.0.0.${4 + (Number.parseInt(of.hex(2), 16) % 240)}`,
    primaryNetworkInterfaceId: `eni-${of.hex(17)}`,
    ...(of.has("availabilityZone") ? {} : { availabilityZone: `${of.region}a` }),
  })),
};

import { entriesOf } from "../entries";
import { advisory, type Finding, undecided, violation } from "../findings";
import { type StackSubject, stackRule } from "../rule";
import { UNKNOWN } from "../values";

const VPCS = ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"];
const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

const REMEDY =
  "Add an aws.ec2.DefaultSecurityGroup for the VPC with empty ingress and egress, and give resources groups of their own.";

/**
 * Over the VPCs of the stack, joined with their default groups. Adopting a default group without rules closes it; a VPC whose default group is
 * not in the program keeps the open one that AWS makes with it.
 */
export const defaultGroupClosed = stackRule({
  id: "network-default-group-closed",
  title: "Default security groups closed",
  sentence: "The default security group of every VPC lets nothing in and nothing out.",
  severity: "medium",
  level: "production",
  group: "network",
  standards: ["EC2.2"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  reads: {
    ...Object.fromEntries(VPCS.map((type) => [type, ["id"]])),
    [GROUP]: ["vpcId", "ingress", "egress"],
  },
  check: (resources) => {
    const groups = resources.filter(({ type }) => type === GROUP);
    const vpcs = resources.filter(({ type }) => VPCS.includes(type));
    return [...groups.flatMap(open), ...vpcs.flatMap((vpc) => unadopted(vpc, groups))];
  },
});

function open({ properties, propertyDependencies, urn }: StackSubject): readonly Finding[] {
  return ["ingress", "egress"].flatMap((direction) => {
    const value = properties[direction];
    if (value === UNKNOWN) {
      // In a preview the provider calls unknown what the program leaves out, too, and leaving rules out closes the group.
      return (propertyDependencies[direction] ?? []).length === 0 ? [] : [undecided(direction, urn)];
    }
    const rules = entriesOf(value, direction);
    if (rules.length === 0) return [];
    return [
      violation(
        `${direction} has ${rules.length} rule(s); none is allowed. Move them to a group of their own.`,
        urn,
      ),
    ];
  });
}

function unadopted(vpc: StackSubject, groups: readonly StackSubject[]): readonly Finding[] {
  if (groups.some((group) => belongs(group, vpc))) return [];

  const unclear = groups.some(
    ({ properties, propertyDependencies }) =>
      typeof properties.vpcId !== "string" && (propertyDependencies.vpcId ?? []).length === 0,
  );
  if (unclear) {
    return [
      advisory(
        "A default security group of this stack names no VPC that is known here, so this may be its VPC or not.",
        vpc.urn,
      ),
    ];
  }
  return [
    violation(
      `The default security group of this VPC is not in the program, so it is open. ${REMEDY}`,
      vpc.urn,
    ),
  ];
}

function belongs({ properties, propertyDependencies }: StackSubject, vpc: StackSubject): boolean {
  const { id } = vpc.properties;
  return (
    (propertyDependencies.vpcId ?? []).includes(vpc.urn) ||
    (typeof id === "string" && id !== "" && properties.vpcId === id)
  );
}

import { entriesOf } from "../entries";
import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { asObject, type Properties, UNKNOWN } from "../values";

const REMEDY =
  "Set associatePublicIpAddress to false, and reach the instance by Session Manager and AWS through VPC endpoints.";

const ADDRESS = "associatePublicIpAddress";
const INSTANCE = [ADDRESS, "networkInterfaces", "primaryNetworkInterface", "subnetId", "launchTemplate"];
const ELASTIC = ["instance", "instanceId", "networkInterface", "networkInterfaceId"];

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";

/** Over instances, what they are made from, and elastic addresses that are given to one. */
export const noPublicIp = resourceRule({
  id: "compute-no-public-ip",
  title: "No public address",
  sentence: "No instance has an address that the internet can reach.",
  severity: "high",
  level: "production",
  group: "compute",
  standards: ["EC2.9", "EC2.25", "Autoscaling.5"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html",
  reads: {
    "aws:ec2/instance:Instance": INSTANCE,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": INSTANCE,
    [TEMPLATE]: ["networkInterfaces"],
    [CONFIGURATION]: [ADDRESS],
    "aws:ec2/eip:Eip": ELASTIC,
    "aws:ec2/eipAssociation:EipAssociation": ELASTIC,
  },
  check: ({ type, properties }) => {
    if (type === TEMPLATE) return template(properties);
    if (type.startsWith("aws:ec2/eip")) return elastic(properties);
    return instance(type, properties);
  },
});

function instance(type: string, properties: Properties): readonly Finding[] {
  const value = properties[ADDRESS];
  if (truth(value) !== "missing") return address(value, ADDRESS);

  // An interface that exists already has its addresses, or has none.
  const { networkInterfaces, primaryNetworkInterface, subnetId, launchTemplate } = properties;
  if (networkInterfaces === UNKNOWN || primaryNetworkInterface === UNKNOWN) return [undecided(ADDRESS)];
  if (entriesOf(networkInterfaces, "").length > 0 || asObject(primaryNetworkInterface) !== undefined)
    return [];

  const subnet = subnetId !== undefined && subnetId !== null;
  if (!subnet && type !== CONFIGURATION && launchTemplate === undefined) {
    return [
      violation(
        `${ADDRESS} and subnetId are not set, so the instance goes to the default VPC, whose subnets give public addresses. ${REMEDY}`,
      ),
    ];
  }
  const decides = launchTemplate === undefined ? "the subnet" : "the launch template or the subnet";
  return [advisory(`${ADDRESS} is not set, so ${decides} decides. Set it to false to be certain.`)];
}

function template({ networkInterfaces }: Properties): readonly Finding[] {
  return entriesOf(networkInterfaces, "networkInterfaces").flatMap(({ path, value }) =>
    value === UNKNOWN
      ? [undecided(`${path}.${ADDRESS}`)]
      : address(asObject(value)?.[ADDRESS], `${path}.${ADDRESS}`),
  );
}

function address(value: unknown, path: string): readonly Finding[] {
  switch (truth(value)) {
    case "missing":
    case "false":
      return [];
    case "unknown":
      return [undecided(path)];
    case "true":
      return [violation(`${path} is true; only false is allowed. ${REMEDY}`)];
    case "invalid":
      return [violation(`${path} is neither true nor false. ${REMEDY}`)];
  }
}

// An unknown target is a target all the same: what is not created yet.
function elastic(properties: Properties): readonly Finding[] {
  const target = ELASTIC.find((name) => properties[name] !== undefined && properties[name] !== null);
  if (target === undefined) return [];
  const of = target.startsWith("instance") ? "an instance" : "a network interface";
  return [
    violation(
      `${target} gives a public address to ${of}. Leave the address out, and reach the instance by Session Manager.`,
    ),
  ];
}

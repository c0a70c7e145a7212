import { noPublicSubnets } from "../../../policy/network/no-public-subnets";
import { describeRule } from "../../support/rule-cases";

const SUBNET = "aws:ec2/subnet:Subnet";
const DEFAULT_SUBNET = "aws:ec2/defaultSubnet:DefaultSubnet";

describeRule(noPublicSubnets, {
  pass: [
    { title: "a subnet that says no", type: SUBNET, props: { mapPublicIpOnLaunch: false } },
    { title: "a subnet that says nothing", type: SUBNET, props: { cidrBlock: "10.0.0.0/24" } },
    { title: "a default subnet that says no", type: DEFAULT_SUBNET, props: { mapPublicIpOnLaunch: false } },
  ],
  violate: [
    {
      title: "a subnet that gives addresses",
      type: SUBNET,
      props: { mapPublicIpOnLaunch: true },
      says: /mapPublicIpOnLaunch is true; only false is allowed\. Set/,
    },
    {
      title: "a default subnet that says nothing",
      type: DEFAULT_SUBNET,
      props: { availabilityZone: "us-east-1a" },
      says: /default VPC give public addresses/,
    },
  ],
});

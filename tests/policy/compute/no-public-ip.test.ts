import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { noPublicIp } from "../../../policy/compute/no-public-ip";
import { UNKNOWN_ARRAY, UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";

describeRule(noPublicIp, {
  pass: [
    ...[INSTANCE, "aws:ec2/spotInstanceRequest:SpotInstanceRequest", CONFIGURATION].map((type) => ({
      title: `${type} that asks for no address`,
      type,
      props: { associatePublicIpAddress: false },
    })),
    {
      title: "an instance on an interface that exists",
      type: INSTANCE,
      props: { networkInterfaces: [{ networkInterfaceId: UNKNOWN_STRING, deviceIndex: 0 }] },
    },
    {
      title: "a launch template whose interface asks for none",
      type: TEMPLATE,
      props: { networkInterfaces: [{ associatePublicIpAddress: "false" }] },
    },
    { title: "a launch template that leaves it to the subnet", type: TEMPLATE, props: {} },
    { title: "an elastic address of a NAT gateway", type: "aws:ec2/eip:Eip", props: { domain: "vpc" } },
  ],
  violate: [
    {
      title: "an instance that asks for an address",
      type: INSTANCE,
      props: { associatePublicIpAddress: true, subnetId: "subnet-1" },
      says: /associatePublicIpAddress is true; only false is allowed\. Set .* to false/,
    },
    {
      title: "an instance in the default VPC",
      type: INSTANCE,
      props: { instanceType: "t3.micro" },
      says: /default VPC/,
    },
    {
      title: "a launch template's second interface",
      type: TEMPLATE,
      props: { networkInterfaces: [{}, { associatePublicIpAddress: "true" }] },
      says: /networkInterfaces\[1\]\.associatePublicIpAddress is true/,
    },
    {
      title: "a launch configuration",
      type: CONFIGURATION,
      props: { associatePublicIpAddress: "true" },
      says: /is true/,
    },
    {
      title: "an elastic address for an instance that is not created yet",
      type: "aws:ec2/eip:Eip",
      props: { instance: UNKNOWN_STRING },
      says: /instance gives a public address to an instance/,
    },
    {
      title: "an elastic address for an interface, given later",
      type: "aws:ec2/eipAssociation:EipAssociation",
      props: { allocationId: UNKNOWN_STRING, networkInterfaceId: "eni-1" },
      says: /networkInterfaceId gives a public address to a network interface/,
    },
  ],
  decidedWithout: ["subnetId"],
});

describe("compute-no-public-ip where the subnet decides", () => {
  it("advises to say it", async () => {
    const [found] = await diagnose(noPublicIp, { type: INSTANCE, props: { subnetId: UNKNOWN_STRING } });

    assert.equal(found?.level, "advisory");
    assert.match(found?.message ?? "", /not set, so the subnet decides/);
  });

  it("does not take interfaces that are unknown for interfaces without an address", async () => {
    const [found] = await diagnose(noPublicIp, {
      type: INSTANCE,
      props: { networkInterfaces: UNKNOWN_ARRAY },
    });

    assert.match(found?.message ?? "", /Not decided: associatePublicIpAddress/);
  });
});

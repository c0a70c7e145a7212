import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { noOpenSsh } from "../../../policy/network/no-open-ssh";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const ssh = { protocol: "tcp", fromPort: 22, toPort: 22 };
const world = ["0.0.0.0/0"];
const inline = (...ingress: readonly unknown[]) => ({ ingress });

describeRule(noOpenSsh, {
  pass: [
    { title: "a group without a way in", type: GROUP, props: { egress: [{ ...ssh, cidrBlocks: world }] } },
    {
      title: "one address, a private network and other groups",
      type: GROUP,
      props: inline(
        { ...ssh, cidrBlocks: ["203.0.113.7/32", "10.0.0.0/8"], ipv6CidrBlocks: ["fd00::/8"] },
        { ...ssh, securityGroups: [UNKNOWN_STRING], self: true },
      ),
    },
    {
      title: "HTTPS for everybody",
      type: GROUP,
      props: inline({ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: world }),
    },
    {
      title: "ports on both sides of the closed ones",
      type: GROUP,
      props: inline(
        { protocol: "tcp", fromPort: 23, toPort: 3388, cidrBlocks: world },
        { protocol: "tcp", fromPort: 0, toPort: 21, cidrBlocks: world },
      ),
    },
    {
      title: "other protocols",
      type: GROUP,
      props: inline(
        { protocol: "icmp", fromPort: -1, toPort: -1, cidrBlocks: world },
        {
          protocol: "17",
          fromPort: 0,
          toPort: 65535,
          cidrBlocks: world,
        },
      ),
    },
    {
      title: "a way out as a rule of its own",
      type: RULE,
      props: { type: "egress", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: world },
    },
    {
      title: "an ingress rule from another group",
      type: INGRESS,
      props: { ipProtocol: "-1", referencedSecurityGroupId: UNKNOWN_STRING },
    },
    {
      title: "a wide range where a setting allows it",
      type: INGRESS,
      props: { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "198.0.0.0/12" },
      settings: { shortestIpv4Prefix: 12 },
    },
    {
      title: "SSH where only Jupyter is closed",
      type: INGRESS,
      props: { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" },
      settings: { ports: ["8888"] },
    },
  ],
  violate: [
    {
      title: "SSH for everybody, inline",
      type: GROUP,
      props: inline({ ...ssh, cidrBlocks: world }),
      says: /ingress\[0\]\.cidrBlocks\[0\] lets 0\.0\.0\.0\/0 reach TCP port 22; .* \/16 or longer\. Leave/,
    },
    {
      title: "SSH for everybody on IPv6",
      type: DEFAULT_GROUP,
      props: inline({ protocol: "tcp", fromPort: 1, toPort: 100, ipv6CidrBlocks: ["::/0"] }),
      says: /ipv6CidrBlocks\[0\] lets ::\/0 reach TCP port 22; .* \/32 or longer/,
    },
    {
      title: "the world in two halves",
      type: GROUP,
      props: inline({ ...ssh, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }),
      says: /0\.0\.0\.0\/1[\s\S]*128\.0\.0\.0\/1/,
    },
    {
      title: "every protocol, by number",
      type: RULE,
      props: { type: "ingress", protocol: -1, fromPort: 0, toPort: 0, cidrBlocks: world },
      says: /^[\s\S]*cidrBlocks\[0\] lets 0\.0\.0\.0\/0 reach TCP port 22, 3389, 8888/,
    },
    {
      title: "TCP by its number and its ports in text",
      type: RULE,
      props: { type: "ingress", protocol: "6", fromPort: "20", toPort: "25", cidrBlocks: world },
      says: /port 22;/,
    },
    {
      title: "Remote Desktop",
      type: INGRESS,
      props: { ipProtocol: "tcp", fromPort: 3389, toPort: 3389, cidrIpv4: "0.0.0.0/0" },
      says: /cidrIpv4 lets .* port 3389;/,
    },
    {
      title: "Jupyter over IPv6",
      type: INGRESS,
      props: { ipProtocol: "TCP", fromPort: 8000, toPort: 9000, cidrIpv6: "0::/0" },
      says: /cidrIpv6 lets .* port 8888;/,
    },
    {
      title: "TCP without ports",
      type: INGRESS,
      props: { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" },
      says: /port 22, 3389, 8888/,
    },
    {
      title: "a range that is no CIDR block",
      type: INGRESS,
      props: { ipProtocol: "-1", cidrIpv4: "everybody" },
      says: /cidrIpv4 cannot be read as a CIDR block/,
    },
  ],
});

describe("network-no-open-ssh and what is unknown", () => {
  const levelsOf = async (type: string, props: Record<string, unknown>) =>
    (await diagnose(noOpenSsh, { type, props })).map(({ level }) => level);

  it("passes a rule that cannot be about the closed ports, whatever its range will be", async () => {
    const props = inline({
      protocol: "tcp",
      fromPort: 443,
      toPort: UNKNOWN_NUMBER,
      cidrBlocks: UNKNOWN_ARRAY,
    });
    assert.deepEqual(await levelsOf(GROUP, props), ["advisory"]);
    assert.deepEqual(
      await levelsOf(
        GROUP,
        inline({ protocol: "tcp", fromPort: 9000, toPort: UNKNOWN_NUMBER, cidrBlocks: world }),
      ),
      [],
    );
  });

  it("is undecided while either end of the ports is unknown", async () => {
    for (const ends of [
      { fromPort: UNKNOWN_NUMBER, toPort: 22 },
      { fromPort: 22, toPort: UNKNOWN_NUMBER },
    ]) {
      const [found, ...others] = await diagnose(noOpenSsh, {
        type: GROUP,
        props: inline({ protocol: "tcp", ...ends, cidrBlocks: world }),
      });
      assert.deepEqual(others, []);
      assert.match(found?.message ?? "", /Not decided: ingress\[0\]: the ports for the range of/);
    }
  });

  it("refuses one range of a rule while another one is unknown", async () => {
    const props = inline({ ...ssh, cidrBlocks: [UNKNOWN_STRING, "0.0.0.0/0"] });
    assert.deepEqual(await levelsOf(GROUP, props), ["advisory", "mandatory"]);
  });

  it("refuses one rule of a group while another one is unknown", async () => {
    const props = inline(UNKNOWN_STRING, { ...ssh, cidrBlocks: world });
    assert.deepEqual(await levelsOf(GROUP, props), ["advisory", "mandatory"]);
  });

  it("says what it waits for", async () => {
    const [found] = await diagnose(noOpenSsh, {
      type: RULE,
      props: { type: UNKNOWN_STRING, protocol: UNKNOWN_STRING, cidrBlocks: world },
    });
    assert.match(
      found?.message ?? "",
      /Not decided: type and the ports for the range of cidrBlocks\[0\] is unknown/,
    );
  });

  it("tells of a prefix list, which nobody can look into here", async () => {
    const [found] = await diagnose(noOpenSsh, {
      type: INGRESS,
      props: { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: UNKNOWN_STRING },
    });
    assert.equal(found?.level, "advisory");
    assert.match(found?.message ?? "", /prefixListId is a prefix list/);
  });
});

describe("network-no-open-ssh over all port ranges", () => {
  it("refuses exactly the ranges that hold port 22", async () => {
    const port = fc.integer({ min: 0, max: 65535 });
    await fc.assert(
      fc.asyncProperty(port, port, fc.constantFrom(RULE, INGRESS), async (fromPort, toPort, type) => {
        const props =
          type === RULE
            ? { type: "ingress", protocol: "tcp", fromPort, toPort, cidrBlocks: world }
            : { ipProtocol: "tcp", fromPort, toPort, cidrIpv4: "0.0.0.0/0" };
        const found = await diagnose(noOpenSsh, { type, props, settings: { ports: ["22"] } });
        assert.equal(found.length > 0, fromPort <= 22 && toPort >= 22);
      }),
    );
  });
});

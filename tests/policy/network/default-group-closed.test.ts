import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { defaultGroupClosed } from "../../../policy/network/default-group-closed";
import { UNKNOWN_ARRAY, UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const VPC = { type: "aws:ec2/vpc:Vpc", name: "main" };

const judge = (...resources: readonly StackResource[]) =>
  analyzeStack([defaultGroupClosed.policy()] as Policies, resources);

const vpc = (id: unknown): StackResource => ({ ...VPC, props: { id } });

const group = (
  props: Record<string, unknown>,
  propertyDependencies?: Record<string, string[]>,
): StackResource => ({
  type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  name: "closed",
  props,
  ...(propertyDependencies === undefined ? {} : { propertyDependencies }),
});

describe(defaultGroupClosed.id, () => {
  it("passes a VPC whose default group is adopted without rules, by id or while ids are unknown", async () => {
    assert.deepEqual(await judge(vpc("vpc-1"), group({ vpcId: "vpc-1", ingress: [], egress: [] })), []);
    assert.deepEqual(
      await judge(vpc(UNKNOWN_STRING), group({ vpcId: UNKNOWN_STRING }, { vpcId: [urnOf(VPC)] })),
      [],
    );
  });

  it("has nothing to say where there is no VPC", async () => {
    assert.deepEqual(await judge({ type: "aws:s3/bucket:Bucket", name: "data", props: {} }), []);
  });

  for (const type of ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"]) {
    it(`names the ${type} whose default group nobody has adopted`, async () => {
      const lonely = { type, name: "lonely", props: { id: "vpc-2" } };
      const [found, ...others] = await judge(lonely, vpc("vpc-1"), group({ vpcId: "vpc-1" }));

      assert.deepEqual(others, []);
      assert.equal(found?.urn, urnOf(lonely));
      assert.match(
        found?.message ?? "",
        /not in the program, so it is open\. Add an aws\.ec2\.DefaultSecurity/,
      );
    });
  }

  for (const direction of ["ingress", "egress"]) {
    it(`names the default group with a rule for ${direction}, though the rule is unknown`, async () => {
      const opened = group({ vpcId: "vpc-1", [direction]: [UNKNOWN_STRING] });
      const [found, ...others] = await judge(vpc("vpc-1"), opened);

      assert.deepEqual(others, []);
      assert.equal(found?.urn, urnOf(opened));
      assert.match(found?.message ?? "", new RegExp(`${direction} has 1 rule\\(s\\); none is allowed`));
    });

    it(`is undecided while ${direction} waits for another resource, and passes what the program leaves out`, async () => {
      const unknown = { vpcId: "vpc-1", [direction]: UNKNOWN_ARRAY };
      const [found] = await judge(vpc("vpc-1"), group(unknown, { [direction]: [urnOf(VPC)] }));
      assert.match(found?.message ?? "", new RegExp(`Not decided: ${direction} is unknown`));

      assert.deepEqual(await judge(vpc("vpc-1"), group(unknown)), []);
    });
  }

  it("tells the default groups of several VPCs apart", async () => {
    const other = { type: "aws:ec2/vpc:Vpc", name: "other", props: { id: "vpc-2" } };
    const otherGroup = { ...group({ vpcId: "vpc-2" }), name: "other" };
    assert.deepEqual(await judge(vpc("vpc-1"), other, group({ vpcId: "vpc-1" }), otherGroup), []);

    const [found, ...others] = await judge(vpc("vpc-1"), other, group({ vpcId: UNKNOWN_STRING }), otherGroup);
    assert.deepEqual(others, []);
    assert.match(found?.message ?? "", /may be its VPC or not/);
  });

  it("does not accuse a VPC while a default group may be its own", async () => {
    const [found] = await judge(vpc("vpc-1"), group({ vpcId: UNKNOWN_STRING }));
    assert.match(found?.message ?? "", /may be its VPC or not/);
  });

  it("survives properties of any type", async () => {
    for (const value of [17, "text", true, {}, [null], null]) {
      const found = await judge(vpc(value), group({ vpcId: value, ingress: value, egress: value }));
      for (const { message } of found) assert.doesNotMatch(message, /the rule itself failed|undefined/);
    }
  });
});

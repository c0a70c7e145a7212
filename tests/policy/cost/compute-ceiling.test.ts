import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { computeCeiling } from "../../../policy/cost/compute-ceiling";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const type = "aws:ec2/instance:Instance";
const rootBlockDevice = { volumeType: "gp3", volumeSize: 100 };
const box = (more: Record<string, unknown> = {}) => ({
  instanceType: "g4dn.xlarge",
  rootBlockDevice,
  ...more,
});

// 0.526 × 730 + 100 × 0.08 = 391.98; an address adds 0.005 × 730 = 3.65
describeRule(computeCeiling, {
  pass: [
    { title: "an instance exactly at its ceiling", type, props: box(), settings: { monthlyUsd: 391.98 } },
    {
      title: "a spot request exactly at its ceiling, at the on-demand price",
      type: "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
      props: box(),
      settings: { monthlyUsd: 391.98 },
    },
  ],
  violate: [
    {
      title: "an instance a cent above its ceiling, with its arithmetic",
      type,
      props: box(),
      settings: { monthlyUsd: 391.97 },
      says: /This instance costs up to 391\.98 USD a month around the clock; .* = 0\.01 too much\. Counted: subject 391\.98 = \(g4dn\.xlarge 0\.526 USD\/h .*\) × 730 h \+ volumes for 8\. Cheapest for compute, in USD a month around the clock: \S+ \d/,
    },
    {
      title: "a public address that adds too much",
      type,
      props: box({ associatePublicIpAddress: true }),
      settings: { monthlyUsd: 395.62 },
      says: /395\.63 − 395\.62 = 0\.01 .* \+ public IPv4 0\.005/,
    },
    {
      title: "further volumes that add too much",
      type,
      props: box({ ebsBlockDevices: [{ volumeType: "gp3", volumeSize: 100 }] }),
      settings: { monthlyUsd: 399.97 },
      says: /399\.98 − 399\.97 = 0\.01/,
    },
    {
      title: "dedicated tenancy, which has prices of its own",
      type,
      props: box({ tenancy: "dedicated" }),
      says: /tenancy dedicated has other prices/,
    },
    {
      title: "an instance without a type",
      type,
      props: { rootBlockDevice },
      says: /no instance type is given/,
    },
  ],
});

describe("cost-compute-ceiling", () => {
  const rows: readonly [string, Record<string, unknown>, RegExp][] = [
    ["a type from a launch template", { launchTemplate: { id: "lt-1" } }, /comes from a launch template/],
    ["a root volume of the image's size", { instanceType: "t3.micro" }, /no size; it comes from the image/],
    ["an unknown tenancy", box({ tenancy: UNKNOWN_STRING }), /1 value unknown: the tenancy/],
    [
      "an unknown address",
      box({ associatePublicIpAddress: UNKNOWN_STRING }),
      /1 value unknown: whether it has a public IPv4 address/,
    ],
  ];
  for (const [what, props, message] of rows) {
    it(`tells of ${what} without refusing it`, async () => {
      const found = await diagnose(computeCeiling, { type, props });

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(found[0]?.message ?? "", message);
    });
  }
});

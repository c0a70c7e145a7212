import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { imdsv2 } from "../../../policy/compute/imdsv2";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const INSTANCE = "aws:ec2/instance:Instance";
const TYPES = [
  INSTANCE,
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];

describeRule(imdsv2, {
  pass: [
    ...TYPES.map((type) => ({
      title: `${type} that requires a token`,
      type,
      props: { metadataOptions: { httpTokens: "required", httpEndpoint: "enabled" } },
    })),
    {
      title: "an instance without the metadata service",
      type: INSTANCE,
      props: { metadataOptions: { httpEndpoint: "disabled" } },
    },
    {
      title: "an instance without the metadata service, whatever its tokens will be",
      type: INSTANCE,
      props: { metadataOptions: { httpEndpoint: "disabled", httpTokens: UNKNOWN_STRING } },
    },
  ],
  violate: [
    ...TYPES.map((type) => ({
      title: `${type} with optional tokens`,
      type,
      props: { metadataOptions: { httpTokens: "optional" } },
      says: /httpTokens is "optional"; only "required" is allowed\. Set /,
    })),
    ...TYPES.map((type) => ({
      title: `${type} that says nothing`,
      type,
      props: { imageId: "ami-1" },
      says: /httpTokens is not set/,
    })),
    {
      title: "metadata options that name no tokens",
      type: INSTANCE,
      props: { metadataOptions: { httpPutResponseHopLimit: 1 } },
      says: /httpTokens is not set/,
    },
    {
      title: "a required in other letters, which AWS refuses",
      type: INSTANCE,
      props: { metadataOptions: { httpTokens: "Required" } },
      says: /"Required"/,
    },
  ],
});

describe("compute-imdsv2 and launch templates", () => {
  it("leaves the setting to the template where an instance has one and says nothing itself", async () => {
    const [found, ...others] = await diagnose(imdsv2, {
      type: INSTANCE,
      props: { launchTemplate: { id: UNKNOWN_STRING } },
    });

    assert.deepEqual(others, []);
    assert.equal(found?.level, "advisory");
    assert.match(found?.message ?? "", /comes from a launch template/);
  });

  it("holds an instance to what it says itself, template or not", async () => {
    const [found] = await diagnose(imdsv2, {
      type: INSTANCE,
      props: { launchTemplate: { id: "lt-1" }, metadataOptions: { httpTokens: "optional" } },
    });

    assert.equal(found?.level, "mandatory");
  });
});

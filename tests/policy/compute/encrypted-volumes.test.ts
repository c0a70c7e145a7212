import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { encryptedVolumes } from "../../../policy/compute/encrypted-volumes";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const INSTANCE = "aws:ec2/instance:Instance";
const SPOT = "aws:ec2/spotInstanceRequest:SpotInstanceRequest";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const VOLUME = "aws:ebs/volume:Volume";
const BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";

const encryptedByDefault = { encryptedByDefault: true };

describeRule(encryptedVolumes, {
  pass: [
    ...[INSTANCE, SPOT, CONFIGURATION].map((type) => ({
      title: `${type} with every volume encrypted`,
      type,
      props: {
        rootBlockDevice: { encrypted: true },
        ebsBlockDevices: [{ deviceName: "/dev/sdf", encrypted: true }],
      },
    })),
    {
      title: "a launch template whose mappings say so in text, as the provider has it",
      type: TEMPLATE,
      props: {
        blockDeviceMappings: [
          { deviceName: "/dev/sda1", ebs: { encrypted: "true" } },
          { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
          { deviceName: "/dev/sdc", noDevice: "true" },
        ],
      },
    },
    { title: "an encrypted volume", type: VOLUME, props: { encrypted: true, size: 10 } },
    { title: "encryption by default", type: BY_DEFAULT, props: { enabled: true } },
    { title: "encryption by default, which is what the resource is for", type: BY_DEFAULT, props: {} },
    {
      title: "a volume that says nothing in an account that encrypts by default",
      type: VOLUME,
      props: { size: 10 },
      settings: encryptedByDefault,
    },
    {
      title: "a launch template that says nothing in an account that encrypts by default",
      type: TEMPLATE,
      props: {},
      settings: encryptedByDefault,
    },
  ],
  violate: [
    {
      title: "an unencrypted root volume",
      type: INSTANCE,
      props: { rootBlockDevice: { encrypted: false } },
      says: /rootBlockDevice\.encrypted is false; only true is allowed/,
    },
    {
      title: "a root volume that is not mentioned",
      type: INSTANCE,
      props: {},
      says: /rootBlockDevice\.encrypted is not set/,
    },
    {
      title: "the second of two more volumes",
      type: SPOT,
      props: { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, {}] },
      says: /ebsBlockDevices\[1\]\.encrypted is not set/,
    },
    {
      title: "a launch configuration",
      type: CONFIGURATION,
      props: { rootBlockDevice: { volumeSize: 8 } },
      says: /rootBlockDevice\.encrypted/,
    },
    {
      title: "a launch template",
      type: TEMPLATE,
      props: { blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { encrypted: "false" } }] },
      says: /blockDeviceMappings\[0\]\.ebs\.encrypted is false/,
    },
    {
      title: "a volume that says nothing",
      type: VOLUME,
      props: { size: 10 },
      says: /encrypted is not set/,
    },
    {
      title: "a volume that says no in an account that encrypts by default",
      type: VOLUME,
      props: { encrypted: false },
      settings: encryptedByDefault,
      says: /encrypted is false/,
    },
    {
      title: "turning encryption by default off",
      type: BY_DEFAULT,
      props: { enabled: false },
      says: /turns encryption by default off/,
    },
  ],
});

describe("compute-encrypted-volumes and what is decided elsewhere", () => {
  for (const [title, type, props] of [
    ["a root volume of a launch template's", INSTANCE, { launchTemplate: { id: UNKNOWN_STRING } }],
    ["a launch template without mappings", TEMPLATE, { imageId: "ami-1" }],
  ] as const) {
    it(`only advises on ${title}`, async () => {
      assert.deepEqual(
        (await diagnose(encryptedVolumes, { type, props })).map(({ level }) => level),
        ["advisory"],
      );
    });
  }

  it("still refuses a known volume while another one is unknown", async () => {
    const found = await diagnose(encryptedVolumes, {
      type: INSTANCE,
      props: { rootBlockDevice: { encrypted: false }, ebsBlockDevices: UNKNOWN_STRING },
    });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory", "advisory"],
    );
  });
});

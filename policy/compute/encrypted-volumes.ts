import { entriesOf } from "../entries";
import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { flag, type Settings } from "../settings";
import { truth } from "../truth";
import { asObject, type Properties, UNKNOWN } from "../values";

const fields = {
  encryptedByDefault: flag(
    false,
    "Whether the account encrypts new EBS volumes by default in every region in use; then a volume that says nothing passes.",
  ),
};

type VolumeSettings = Settings<typeof fields>;

const INSTANCE = ["rootBlockDevice", "ebsBlockDevices", "launchTemplate"];

const BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const VOLUME = "aws:ebs/volume:Volume";

/** Over volumes and over whatever creates volumes with an instance. */
export const encryptedVolumes = resourceRule({
  id: "compute-encrypted-volumes",
  title: "Encrypted volumes",
  sentence: "Every EBS volume is encrypted, the root volume of an instance included.",
  severity: "high",
  level: "mandatory",
  group: "compute",
  standards: ["EC2.3", "EC2.7", "EC2.181"],
  remediation: "Set encrypted to true on the volume or block device; kmsKeyId chooses a key of your own.",
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  fields,
  reads: {
    "aws:ec2/instance:Instance": INSTANCE,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": INSTANCE,
    "aws:ec2/launchConfiguration:LaunchConfiguration": ["rootBlockDevice", "ebsBlockDevices"],
    [TEMPLATE]: ["blockDeviceMappings"],
    [VOLUME]: ["encrypted"],
    [BY_DEFAULT]: ["enabled"],
  },
  check: ({ type, properties }, settings) => {
    if (type === BY_DEFAULT) return byDefault(properties);
    if (type === VOLUME) return volume(properties.encrypted, "encrypted", settings);
    if (type === TEMPLATE) return mappings(properties, settings);
    return [...root(properties, settings), ...devices(properties, settings)];
  },
});

function root({ rootBlockDevice, launchTemplate }: Properties, settings: VolumeSettings): readonly Finding[] {
  if (rootBlockDevice === UNKNOWN) return [undecided("rootBlockDevice.encrypted")];
  if (rootBlockDevice === undefined && launchTemplate !== undefined) {
    return [
      advisory("The root volume comes from a launch template and is judged there, if this program has it."),
    ];
  }
  return volume(asObject(rootBlockDevice)?.encrypted, "rootBlockDevice.encrypted", settings);
}

function devices({ ebsBlockDevices }: Properties, settings: VolumeSettings): readonly Finding[] {
  return entriesOf(ebsBlockDevices, "ebsBlockDevices").flatMap(({ path, value }) =>
    device(value, path, settings),
  );
}

function mappings({ blockDeviceMappings }: Properties, settings: VolumeSettings): readonly Finding[] {
  const mapped = entriesOf(blockDeviceMappings, "blockDeviceMappings");
  if (mapped.length === 0 && !settings.encryptedByDefault) {
    return [
      advisory(
        "blockDeviceMappings is not set, so the image decides whether the root volume is encrypted. Name the root device with ebs.encrypted true.",
      ),
    ];
  }
  return mapped.flatMap(({ path, value }) => {
    const ebs = value === UNKNOWN ? UNKNOWN : asObject(value)?.ebs;
    return device(ebs, `${path}.ebs`, settings);
  });
}

// An instance-store device or one that is left out has no EBS volume.
function device(ebs: unknown, path: string, settings: VolumeSettings): readonly Finding[] {
  if (ebs === UNKNOWN) return [undecided(`${path}.encrypted`)];
  if (ebs === undefined || ebs === null) return [];
  return volume(asObject(ebs)?.encrypted, `${path}.encrypted`, settings);
}

function volume(encrypted: unknown, path: string, settings: VolumeSettings): readonly Finding[] {
  switch (truth(encrypted)) {
    case "true":
      return [];
    case "unknown":
      return [undecided(path)];
    case "missing":
      if (settings.encryptedByDefault) return [];
      return [
        violation(
          `${path} is not set, so the volume is encrypted only where its snapshot or the account happens to be. Set ${path} to true.`,
        ),
      ];
    case "false":
      return [violation(`${path} is false; only true is allowed. Set it to true.`)];
    case "invalid":
      return [violation(`${path} is neither true nor false. Set it to true.`)];
  }
}

// The provider turns it on where `enabled` is left out.
function byDefault({ enabled }: Properties): readonly Finding[] {
  switch (truth(enabled)) {
    case "true":
    case "missing":
      return [];
    case "unknown":
      return [undecided("enabled")];
    default:
      return [
        violation(
          "enabled is not true, which turns encryption by default off for the region. Set it to true.",
        ),
      ];
  }
}

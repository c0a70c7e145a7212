import { findInstanceType, type Use } from "./catalog/instance-types";
import { type Finding, undecided, violation } from "./findings";
import { isText, shown } from "./nested";
import { UNKNOWN } from "./values";

export interface InstanceAt {
  readonly path: string;
  readonly instanceType: unknown;
}

interface VolumeKey {
  readonly use: Use;
  readonly keyPath: string;
  readonly key: unknown;
  /** The instances whose volumes the key is for; none where there are no instances. */
  readonly instances: readonly InstanceAt[];
}

/**
 * Whether the volumes of some instances are under a key of the account. Types with an instance store are exempt: their disks are
 * encrypted by a module on the instance, and AWS refuses a request with both a key and such a type
 * (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html, KmsKeyId;
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html, VolumeKmsKeyId).
 */
export function volumeKeyFindings({ use, keyPath, key, instances }: VolumeKey): readonly Finding[] {
  if (instances.length === 0) return [];
  if (key === UNKNOWN) return [undecided(keyPath)];

  const encryptedByItself = instances.find(
    ({ instanceType }) =>
      typeof instanceType === "string" && findInstanceType(use, instanceType)?.localNvme === true,
  );
  const unknown = instances.find(({ instanceType }) => instanceType === UNKNOWN);

  if (encryptedByItself !== undefined) {
    if (!isText(key)) return [];
    return [
      violation(
        `${keyPath} is set, and ${encryptedByItself.path} is ${shown(encryptedByItself.instanceType)}: AWS refuses a key with types that have local NVMe disks, which encrypt themselves. Leave the key out, or choose another family.`,
      ),
    ];
  }
  if (unknown !== undefined) return [undecided(unknown.path)];
  if (isText(key)) return [];
  return [
    violation(
      `${keyPath} names no key, so the volumes are under a key of AWS. Set it to a key of the account that the role may use.`,
    ),
  ];
}

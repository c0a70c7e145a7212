import type { StackSubject } from "../rule";
import { UNKNOWN } from "../values";

/** Both classes of a bucket; the second is deprecated and still there. */
export const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;

/** The resource types that hold one setting of a bucket each. Those with V2 are deprecated and still there. */
export const SETTING_TYPES = {
  publicAccessBlock: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  policy: ["aws:s3/bucketPolicy:BucketPolicy"],
  ownership: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  acl: ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"],
  versioning: ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"],
  lifecycle: [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
  ],
  encryption: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  logging: ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"],
} as const;

/** The same properties for each of the types. */
export function readsOf(types: readonly string[], properties: readonly string[]) {
  return Object.fromEntries(types.map((type) => [type, properties]));
}

export function isBucket({ type }: StackSubject): boolean {
  return (BUCKETS as readonly string[]).includes(type);
}

/** A bucket's name, where it is known. */
export function nameOf({ properties }: StackSubject): string | undefined {
  return [properties.bucket, properties.id].find(
    (value): value is string => typeof value === "string" && value !== "",
  );
}

/**
 * What a bucket says itself about a setting. In a preview the provider calls unknown whatever it will compute, a setting that the program leaves
 * out among it; a value that the program itself does not know yet comes from another resource. Only the latter is unknown here.
 */
export function inlineOf({ properties, propertyDependencies }: StackSubject, name: string): unknown {
  const value = properties[name];
  if (value === UNKNOWN && (propertyDependencies[name] ?? []).length === 0) return undefined;
  return value ?? undefined;
}

/** Which settings belong to a bucket: by what they depend on, else by name. */
export interface SettingIndex {
  of(bucket: StackSubject): {
    readonly own: readonly StackSubject[];
    /** Whether there are settings of a bucket that is unknown, and may be this one. */
    readonly unclear: boolean;
  };
}

/** The settings by the bucket that `property` names. Indexed, since a stack may have thousands of both. */
export function indexBy(property: string, settings: readonly StackSubject[]): SettingIndex {
  const byUrn = new Map<string, StackSubject[]>();
  const byName = new Map<string, StackSubject[]>();
  let nameless = 0;
  let named = 0;
  for (const setting of settings) {
    const targets = setting.propertyDependencies[property] ?? [];
    const name = setting.properties[property];
    for (const urn of targets) add(byUrn, urn, setting);
    if (typeof name === "string") add(byName, name, setting);
    // What depends on another resource is not this bucket's, whatever its name will be.
    if (targets.length === 0 && typeof name === "string") named += 1;
    else if (targets.length === 0) nameless += 1;
  }

  return {
    of: (bucket) => {
      const name = nameOf(bucket);
      const own = new Set([
        ...(byUrn.get(bucket.urn) ?? []),
        ...(name === undefined ? [] : (byName.get(name) ?? [])),
      ]);
      return { own: [...own], unclear: nameless > 0 || (name === undefined && named > 0) };
    },
  };
}

function add(map: Map<string, StackSubject[]>, key: string, setting: StackSubject): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [setting]);
  else others.push(setting);
}

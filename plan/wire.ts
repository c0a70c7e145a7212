import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue } from "./json-value";

/**
 * Signatures by which Pulumi marks special values inside a protobuf Struct.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
 */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
export const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputValueSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** How an unknown string travels. Source: `unknownValue` in @pulumi/pulumi `runtime/rpc`. */
export const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands for a secret wherever a plan is shown. */
export const secretPlaceholder = "[secret]";
/** What stands for a value the engine would only learn during deployment. */
export const unknownPlaceholder = "[unknown]";

/** Digest and size of an asset, by its wire value; supplied by the edge that may read files. */
export type AssetDigest = (asset: JsonObject) => { sha256: string; bytes: number };

export function signatureOf(value: JsonValue): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const signature = value[signatureKey];
  return typeof signature === "string" ? signature : undefined;
}

export function asSecret(value: JsonValue): JsonObject {
  return signatureOf(value) === secretSignature
    ? (value as JsonObject)
    : { [signatureKey]: secretSignature, value };
}

/** The value without its secret mark; for decisions, never for printing. */
export function withoutSecret(value: JsonValue | undefined): JsonValue | undefined {
  return value !== undefined && signatureOf(value) === secretSignature
    ? withoutSecret((value as JsonObject).value)
    : value;
}

/**
 * The value as a person may see it: secrets masked, unknowns named, resources by URN, assets by digest, keys sorted.
 */
export function readable(value: JsonValue, digest: AssetDigest): JsonValue {
  if (value === unknownSentinel) return unknownPlaceholder;
  if (typeof value === "string" && value.includes(unknownSentinel)) {
    return value.replaceAll(unknownSentinel, unknownPlaceholder);
  }
  if (Array.isArray(value)) return value.map((item) => readable(item, digest));
  if (!isJsonObject(value)) return value;
  switch (signatureOf(value)) {
    case secretSignature:
      return secretPlaceholder;
    case assetSignature: {
      const { sha256, bytes } = digest(value);
      return { asset: sha256, bytes };
    }
    case archiveSignature: {
      const { sha256, bytes } = digest(value);
      return { archive: sha256, bytes };
    }
    case resourceSignature:
      return value.urn ?? unknownPlaceholder;
    case outputValueSignature:
      if (value.secret === true) return secretPlaceholder;
      return value.value === undefined ? unknownPlaceholder : readable(value.value, digest);
    default:
      return readableObject(value, digest);
  }
}

export function readableObject(value: JsonObject, digest: AssetDigest): JsonObject {
  return Object.fromEntries(
    Object.keys(value)
      .sort(byCodeUnit)
      .map((key) => [key, readable(value[key] as JsonValue, digest)]),
  );
}

/**
 * The value as the engine hands it to an analyzer: no resource references and no output values, which a policy's
 * deserializer refuses; `__defaults` of bridged providers removed; secrets still marked.
 */
export function forAnalyzer(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(forAnalyzer);
  if (!isJsonObject(value)) return value;
  switch (signatureOf(value)) {
    case resourceSignature: {
      const id = value.id;
      return id === undefined || id === "" ? (value.urn ?? unknownSentinel) : id;
    }
    case outputValueSignature: {
      const inner = value.value === undefined ? unknownSentinel : forAnalyzer(value.value);
      return value.secret === true ? asSecret(inner) : inner;
    }
    default:
      return Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== "__defaults")
          .map(([key, item]) => [key, forAnalyzer(item)]),
      );
  }
}

/** True when a secret mark occurs anywhere inside. */
export function containsSecret(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  if (!isJsonObject(value)) return false;
  const signature = signatureOf(value);
  if (signature === secretSignature) return true;
  return Object.values(value).some(containsSecret);
}

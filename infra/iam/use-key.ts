import type { Place } from "../rules/place";
import { allow, type Statement } from "./document";

/** Services that may use the key in the role's name; direct calls of KMS are never allowed. */
type Via = "s3" | "sagemaker";

/**
 * Reads objects that are encrypted with the stack's key.
 *
 * Needed wherever S3 is read while `storage.encryption` is `kms`, promoted artifacts included. Without it `s3:GetObject`
 * is allowed and every read still fails. Multipart uploads need it too, so whoever writes has it as well.
 */
export function decryptWithKey(place: Place, keyArn: string, via: readonly Via[]): Statement[] {
  return [allow("DecryptWithKey", ["kms:Decrypt"], [keyArn], viaServices(place, via))];
}

/**
 * Writes objects, or messages to encrypted topics.
 *
 * Needed wherever a role writes while `storage.encryption` is `kms`.
 */
export function encryptWithKey(place: Place, keyArn: string, via: readonly Via[]): Statement[] {
  return [allow("EncryptWithKey", ["kms:GenerateDataKey"], [keyArn], viaServices(place, via))];
}

/**
 * Names the key in an output configuration.
 *
 * SageMaker demands `kms:Encrypt` of the role of a job, a capture or an asynchronous endpoint whose output configuration
 * names a key (SageMaker Developer Guide, execution roles; API reference, OutputDataConfig).
 */
export function encryptOutputs(place: Place, keyArn: string): Statement[] {
  return [allow("EncryptOutputs", ["kms:Encrypt"], [keyArn], viaServices(place, ["s3", "sagemaker"]))];
}

/**
 * Lets SageMaker attach volumes that are encrypted with the key.
 *
 * Needed by jobs, endpoints and notebooks with `volumeEncryption` `kms`. `kms:GrantIsForAWSResource` confines it to
 * grants that SageMaker makes for its own hosts; without that condition the role could give the key to anybody.
 */
export function encryptVolumes(place: Place, keyArn: string): Statement[] {
  return [
    allow("EncryptVolumes", ["kms:CreateGrant"], [keyArn], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      ...viaServices(place, ["sagemaker"]),
    }),
  ];
}

function viaServices({ region, dnsSuffix }: Place, via: readonly Via[]) {
  return { StringEquals: { "kms:ViaService": via.map((service) => `${service}.${region}.${dnsSuffix}`) } };
}

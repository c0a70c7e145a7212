import type { JsonObject } from "./json-value";
import { type SimulatedAccount, uuid } from "./simulated-account";
import { networkTypes } from "./simulated-network";
import { operationsTypes } from "./simulated-operations";

/** What a type's outputs are computed from. */
export interface SimulationContext extends SimulatedAccount {
  urn: string;
  /** The logical name. */
  name: string;
  /** Inputs after Check, as wire values. */
  inputs: JsonObject;
  /** The input as text; a readable stand-in when it is absent or no text. */
  text(property: string): string;
  has(property: string): boolean;
  /** Hexadecimal digits that depend on the URN alone. */
  hex(length: number, salt?: string): string;
  arn(service: string, resource: string): string;
  /** ARN of a service without regions, such as IAM. */
  globalArn(service: string, resource: string): string;
}

export interface NamedType {
  /** The input that the provider fills when the program leaves it out. */
  property: string;
  lowerCase?: boolean;
  /** What the provider puts before the name. */
  lead?: string;
  maxLength?: number;
}

export interface SimulatedType {
  autoName?: NamedType;
  /** `id` and the computed properties. */
  outputs(of: SimulationContext): JsonObject;
}

const byName: NamedType = { property: "name" };

/** Attachments and settings that carry the id of what they belong to. */
function identifiedBy(...properties: string[]): SimulatedType {
  return { outputs: (of) => ({ id: properties.map((property) => of.text(property)).join("/") }) };
}

/** SageMaker spells the last part of its ARNs in lower case, whatever the resource's name. */
function sagemaker(kind: string, extra: (of: SimulationContext) => JsonObject = () => ({})): SimulatedType {
  return {
    autoName: { property: "name", maxLength: 63 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("sagemaker", `${kind}/${of.text("name").toLowerCase()}`),
      ...extra(of),
    }),
  };
}

const bucket: SimulatedType = {
  autoName: { property: "bucket", lowerCase: true, maxLength: 63 },
  outputs: (of) => {
    const name = of.text("bucket");
    return {
      id: name,
      arn: `arn:${of.partition}:s3:::${name}`,
      bucketDomainName: `${name}.s3.${of.dnsSuffix}`,
      bucketRegion: of.region,
      bucketRegionalDomainName: `${name}.s3.${of.region}.${of.dnsSuffix}`,
    };
  },
};

/** Types whose id or ARN programs commonly build on. Anything else gets a generic id and ARN. */
export const simulatedTypes: Readonly<Record<string, SimulatedType>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3/bucketObject:BucketObject": identifiedBy("bucket", "key"),
  "aws:s3/bucketObjectv2:BucketObjectv2": identifiedBy("bucket", "key"),
  "aws:s3/bucketPolicy:BucketPolicy": identifiedBy("bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": identifiedBy("bucket"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": identifiedBy("bucket"),
  "aws:s3/bucketVersioning:BucketVersioning": identifiedBy("bucket"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": identifiedBy("bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    identifiedBy("bucket"),
  "aws:s3/bucketLogging:BucketLogging": identifiedBy("bucket"),
  "aws:kms/key:Key": {
    outputs: (of) => {
      const keyId = uuid(of.urn);
      return { id: keyId, keyId, arn: of.arn("kms", `key/${keyId}`) };
    },
  },
  "aws:kms/alias:Alias": {
    autoName: { property: "name", lead: "alias/" },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("kms", of.text("name")),
      targetKeyArn: of.arn("kms", `key/${of.text("targetKeyId")}`),
    }),
  },
  "aws:iam/role:Role": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.globalArn("iam", `role${of.has("path") ? of.text("path") : "/"}${of.text("name")}`),
      uniqueId: `AROA${of.hex(17).toUpperCase()}`,
    }),
  },
  "aws:iam/user:User": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.globalArn("iam", `user${of.has("path") ? of.text("path") : "/"}${of.text("name")}`),
      uniqueId: `AIDA${of.hex(17).toUpperCase()}`,
    }),
  },
  "aws:iam/group:Group": {
    autoName: byName,
    outputs: (of) => ({ id: of.text("name"), arn: of.globalArn("iam", `group/${of.text("name")}`) }),
  },
  "aws:iam/policy:Policy": {
    autoName: { property: "name", maxLength: 128 },
    outputs: (of) => {
      const arn = of.globalArn("iam", `policy${of.has("path") ? of.text("path") : "/"}${of.text("name")}`);
      return { id: arn, arn, policyId: `ANPA${of.hex(17).toUpperCase()}` };
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    autoName: byName,
    outputs: (of) => ({ id: `${of.text("role")}:${of.text("name")}` }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": identifiedBy("role", "policyArn"),
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": identifiedBy("user", "policyArn"),
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": identifiedBy("group", "policyArn"),
  "aws:iam/instanceProfile:InstanceProfile": {
    autoName: byName,
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.globalArn("iam", `instance-profile/${of.text("name")}`),
      uniqueId: `AIPA${of.hex(17).toUpperCase()}`,
    }),
  },
  "aws:sagemaker/model:Model": sagemaker("model"),
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": sagemaker("endpoint-config"),
  "aws:sagemaker/endpoint:Endpoint": sagemaker("endpoint"),
  "aws:sagemaker/notebookInstance:NotebookInstance": sagemaker("notebook-instance", (of) => ({
    url: `${of.text("name").toLowerCase()}.notebook.${of.region}.sagemaker.aws`,
    networkInterfaceId: `eni-${of.hex(17)}`,
  })),
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": sagemaker(
    "notebook-instance-lifecycle-config",
  ),
  "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": sagemaker("studio-lifecycle-config"),
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": {
    outputs: (of) => ({
      id: of.text("modelPackageGroupName"),
      arn: of.arn("sagemaker", `model-package-group/${of.text("modelPackageGroupName").toLowerCase()}`),
    }),
  },
  "aws:sagemaker/trainingJob:TrainingJob": {
    outputs: (of) => ({
      id: of.text("trainingJobName"),
      arn: of.arn("sagemaker", `training-job/${of.text("trainingJobName").toLowerCase()}`),
    }),
  },
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": {
    autoName: { property: "name", maxLength: 32 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("sagemaker", `hyper-parameter-tuning-job/${of.text("name").toLowerCase()}`),
      status: "InProgress",
    }),
  },
  ...operationsTypes,
  ...networkTypes,
};

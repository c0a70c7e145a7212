/** An endpoint of the account and region, in whatever state. */
export interface EndpointUse {
  readonly name: string;
  /** Configurations that it names: the one that answers, and the one that it is being moved to. */
  readonly configNames: readonly string[];
}

interface Owned {
  readonly name: string;
  readonly createdAt: Date;
  /** Value of the tag `sagemaker-ops:stack`. Only asked of what has the name of a resource of this program. */
  readonly stackTag: string | undefined;
}

export interface EndpointConfiguration extends Owned {
  /** Of production and shadow variants. */
  readonly modelNames: readonly string[];
}

export interface HostedModel extends Owned {
  /** `s3://bucket/key` of every container's artifact. */
  readonly artifactUris: readonly string[];
}

/** Something beside configurations that runs a model: an inference component, a batch transform job. */
export interface ModelUse {
  readonly by: string;
  readonly modelName: string;
}

/** A model package of the registry that may yet be deployed. */
export interface PackageUse {
  /** "model package sagemaker-ops-prod-breeds, version 3". */
  readonly by: string;
  /** `s3://bucket/key` of every artifact that it names. */
  readonly artifactUris: readonly string[];
}

/** One version of one object, or a delete marker: a deleted object goes on being billed while its versions are there. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Everything below `models/<digest>/`. */
export interface Artifact {
  readonly digest: string;
  readonly versions: readonly ObjectVersion[];
  /** Bytes of all versions. */
  readonly sizeBytes: number;
  /** When its newest version was written. */
  readonly createdAt: Date;
}

/** A record of the bucket's history: this model was given this artifact then. */
export interface Promotion {
  readonly model: string;
  readonly digest: string;
  readonly at: Date;
}

/** A log group with the name of one of this stack's endpoints or functions. */
export interface LogGroup {
  readonly name: string;
  readonly createdAt: Date;
  readonly storedBytes: number;
  /** Absent on one that SageMaker or Lambda made by itself. */
  readonly stackTag: string | undefined;
  /** What writes to it: the endpoint or the function of its name, where there is one. */
  readonly owner: string | undefined;
}

/** What is in an AWS account and region, as far as pruning one stack needs to know it. */
export interface Account {
  /** Of all stacks, and of nobody's. */
  readonly endpoints: readonly EndpointUse[];
  readonly configurations: readonly EndpointConfiguration[];
  readonly models: readonly HostedModel[];
  readonly modelUses: readonly ModelUse[];
  readonly packageUses: readonly PackageUse[];
  /** Of the stack's models bucket. */
  readonly artifacts: readonly Artifact[];
  readonly promotions: readonly Promotion[];
  readonly logGroups: readonly LogGroup[];
}

export const prunedKinds = ["configuration", "model", "artifact", "logGroup"] as const;
export type PrunedKind = (typeof prunedKinds)[number];

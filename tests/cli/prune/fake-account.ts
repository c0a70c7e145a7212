import type { FakePackage } from "./fake-registry";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

export interface FakeEndpoint {
  status: string;
  configName: string;
  pendingConfigName?: string;
  createdAt: Date;
  modifiedAt: Date;
  failureReason?: string;
  /** @default 1 */
  instances?: number;
  /** Digest that the container returns. @default - none */
  answers?: string | undefined;
  /** Of the production variant. @default - no target is registered */
  minimumInstances?: number;
}

export interface FakeConfiguration {
  readonly createdAt: Date;
  readonly models: readonly string[];
  readonly shadows?: readonly string[];
  readonly tags: Tags;
}

export interface FakeModel {
  readonly createdAt: Date;
  readonly uris: readonly string[];
  /** ARN of the model package that it was made of. @default - none */
  readonly packageArn?: string;
  readonly tags: Tags;
}

export interface FakeVersion {
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: Date;
  readonly body: Buffer;
  readonly isMarker?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface FakeLogGroup {
  readonly createdAt: Date;
  readonly storedBytes: number;
  readonly tags: Tags;
}

export interface FakeTrainingJob {
  readonly status: string;
  readonly artifact?: string;
  readonly failureReason?: string;
  readonly accuracy?: number;
}

/** An AWS account and region, as far as the commands look at it. */
export interface FakeAccount {
  accountId: string;
  /** Name of the user whose credentials are used. */
  caller: string;
  readonly endpoints: Map<string, FakeEndpoint>;
  readonly configurations: Map<string, FakeConfiguration>;
  readonly models: Map<string, FakeModel>;
  /** Model by inference component. */
  readonly components: Map<string, string>;
  /** Model and status by transform job. */
  readonly transformJobs: Map<string, { readonly modelName: string; readonly status: string }>;
  /** Versions by bucket, newest first within a key. */
  readonly buckets: Map<string, FakeVersion[]>;
  readonly logGroups: Map<string, FakeLogGroup>;
  /** Names of functions; each calls the endpoint of its name. */
  readonly functions: Set<string>;
  /** Status and artifact by training job. */
  readonly trainingJobs: Map<string, FakeTrainingJob>;
  /** Status and best trial by tuning job. */
  readonly tuningJobs: Map<string, { readonly status: string; readonly best?: string }>;
  /** Whether it is raised, by the alarm's name. */
  readonly alarms: Map<string, boolean>;
  /** Versions by model package group, oldest first. */
  readonly packageGroups: Map<string, FakePackage[]>;
}

export function emptyAccount(): FakeAccount {
  return {
    accountId: "123456789012",
    caller: "test",
    endpoints: new Map(),
    configurations: new Map(),
    models: new Map(),
    components: new Map(),
    transformJobs: new Map(),
    buckets: new Map(),
    logGroups: new Map(),
    functions: new Set(),
    trainingJobs: new Map(),
    tuningJobs: new Map(),
    alarms: new Map(),
    packageGroups: new Map(),
  };
}

/** What is there, by name: for comparisons. */
export function contentsOf(account: FakeAccount): Readonly<Record<string, readonly string[]>> {
  return {
    endpoints: [...account.endpoints.keys()].sort(),
    configurations: [...account.configurations.keys()].sort(),
    models: [...account.models.keys()].sort(),
    objects: [...account.buckets.values()]
      .flat()
      .map(({ key, versionId }) => `${key} ${versionId}`)
      .sort(),
    logGroups: [...account.logGroups.keys()].sort(),
  };
}

export function copyOf(account: FakeAccount): FakeAccount {
  return structuredClone(account);
}

import type { JsonObject } from "./json-value";
import type { AssetDigest } from "./wire";
import { readableObject } from "./wire";

/** Resource options as the program set them; absent means not set. */
export interface RecordedOptions {
  protect?: boolean;
  retainOnDelete?: boolean;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  deleteBeforeReplace?: boolean;
  /** URNs, or name, type, parent, project and stack of earlier identities. */
  aliases?: (string | JsonObject)[];
  customTimeouts?: JsonObject;
  /** URN. */
  deletedWith?: string;
  /** Cloud id to adopt. */
  import?: string;
  additionalSecretOutputs?: string[];
}

/**
 * One resource as the engine would have seen it. `inputs` and `outputs` are fit to be shown: secrets are "[secret]",
 * unknowns "[unknown]", assets their digest and size, object keys sorted.
 */
export interface RecordedResource {
  urn: string;
  type: string;
  name: string;
  /** URN; undefined for the stack itself. */
  parent: string | undefined;
  /** False for components. */
  custom: boolean;
  /** True for `X.get()`: read, not managed; no policy ever sees it. */
  read: boolean;
  /** Simulated; empty for components and, in a preview, for everything not read. */
  id: string;
  /** As the program gave them. */
  inputs: JsonObject;
  outputs: JsonObject;
  /** URN of the provider resource. */
  provider?: string;
  /** URNs, sorted. */
  dependencies: string[];
  /** Input property → URNs it was computed from, sorted. */
  propertyDependencies: Record<string, string[]>;
  options: RecordedOptions;
  /** Output properties that no program line determines, sorted; "id" among them. */
  simulated: string[];
}

/** The same properties as the engine passes them on: secrets in clear but marked. Never to be printed. */
export interface WireProperties {
  /** After the provider's Check: with automatic names. */
  inputs: JsonObject;
  outputs: JsonObject;
}

const sealed = new WeakMap<RecordedResource, WireProperties>();

/** Keeps the engine's form of a resource beside its printable one, out of reach of JSON.stringify and inspect. */
export function seal(resource: RecordedResource, properties: WireProperties): RecordedResource {
  sealed.set(resource, properties);
  return resource;
}

/**
 * The engine's form of a recorded resource. A copy that a caller has changed has none of its own: its printable
 * properties are then taken as they are, so that a test can plan a variation.
 */
export function wireProperties(resource: RecordedResource): WireProperties {
  return sealed.get(resource) ?? { inputs: resource.inputs, outputs: resource.outputs };
}

export function printable(properties: JsonObject, digest: AssetDigest): JsonObject {
  return readableObject(properties, digest);
}

export interface ProgramMessage {
  severity: "info" | "warning" | "error";
  message: string;
}

/** An invoke that was answered without a cloud. */
export interface UsedFixture {
  token: string;
  source: "declared" | "simulated";
}

export interface RecordedProgram {
  /** Sorted by URN, whatever order the program registered them in. */
  resources: RecordedResource[];
  /** Providers that the engine would create because no resource names one, sorted by URN. */
  defaultProviders: RecordedResource[];
  /** Stack outputs. */
  outputs: JsonObject;
  /** What the program wrote through `pulumi.log`, in order. */
  messages: ProgramMessage[];
  fixtures: UsedFixture[];
  preview: boolean;
}

import type * as analyzerProto from "@pulumi/pulumi/proto/analyzer_pb";
import type { JsonObject } from "./json-value";
import type { LoadedPack } from "./pack-host";
import { type RecordedProgram, type RecordedResource, wireProperties } from "./recorded";

/** A resource on its way through a pack; remediations change its properties. */
export interface AnalyzedResource {
  recorded: RecordedResource;
  /** What resource policies see. */
  inputs: JsonObject;
  /** What stack policies see. */
  outputs: JsonObject;
  provider: AnalyzedResource | undefined;
}

/**
 * The resources that the engine would show to an analyzer: all that are managed, components, the stack and default
 * providers included, but none that are only read (https://github.com/pulumi/pulumi/issues/3950).
 */
export function analyzedResources(program: RecordedProgram): AnalyzedResource[] {
  const managed = [...program.resources.filter((resource) => !resource.read), ...program.defaultProviders];
  const analyzed = managed.map((recorded): AnalyzedResource => {
    const { inputs, outputs } = wireProperties(recorded);
    return { recorded, inputs, outputs, provider: undefined };
  });
  const byUrn = new Map(analyzed.map((resource) => [resource.recorded.urn, resource]));
  for (const resource of analyzed) {
    const { provider } = resource.recorded;
    resource.provider = provider === undefined ? undefined : byUrn.get(provider);
  }
  return analyzed;
}

export function analyzeRequest(loaded: LoadedPack, resource: AnalyzedResource): analyzerProto.AnalyzeRequest {
  const request = new loaded.proto.AnalyzeRequest();
  request.setType(resource.recorded.type);
  request.setUrn(resource.recorded.urn);
  request.setName(resource.recorded.name);
  request.setProperties(loaded.Struct.fromJavaScript(resource.inputs));
  request.setOptions(options(loaded, resource.recorded));
  request.setProvider(provider(loaded, resource));
  return request;
}

export function analyzeStackRequest(
  loaded: LoadedPack,
  resources: readonly AnalyzedResource[],
): analyzerProto.AnalyzeStackRequest {
  const request = new loaded.proto.AnalyzeStackRequest();
  request.setResourcesList(resources.map((resource) => analyzerResource(loaded, resource)));
  return request;
}

function analyzerResource(loaded: LoadedPack, resource: AnalyzedResource): analyzerProto.AnalyzerResource {
  const { recorded } = resource;
  const message = new loaded.proto.AnalyzerResource();
  message.setType(recorded.type);
  message.setUrn(recorded.urn);
  message.setName(recorded.name);
  message.setProperties(loaded.Struct.fromJavaScript(resource.outputs));
  message.setOptions(options(loaded, recorded));
  message.setProvider(provider(loaded, resource));
  message.setParent(recorded.parent ?? "");
  message.setDependenciesList(recorded.dependencies);
  for (const [property, urns] of Object.entries(recorded.propertyDependencies)) {
    const dependencies = new loaded.proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}

function options(loaded: LoadedPack, recorded: RecordedResource): analyzerProto.AnalyzerResourceOptions {
  const set = recorded.options;
  const message = new loaded.proto.AnalyzerResourceOptions();
  message.setProtect(set.protect ?? false);
  message.setIgnorechangesList(set.ignoreChanges ?? []);
  message.setDeletebeforereplacedefined(set.deleteBeforeReplace !== undefined);
  message.setDeletebeforereplace(set.deleteBeforeReplace ?? false);
  message.setAdditionalsecretoutputsList(set.additionalSecretOutputs ?? []);
  message.setAliasesList((set.aliases ?? []).filter((alias): alias is string => typeof alias === "string"));
  message.setParent(recorded.parent ?? "");
  const timeouts = new loaded.proto.AnalyzerResourceOptions.CustomTimeouts();
  timeouts.setCreate(durationSeconds(set.customTimeouts?.create));
  timeouts.setUpdate(durationSeconds(set.customTimeouts?.update));
  timeouts.setDelete(durationSeconds(set.customTimeouts?.delete));
  message.setCustomtimeouts(timeouts);
  return message;
}

function provider(
  loaded: LoadedPack,
  resource: AnalyzedResource,
): analyzerProto.AnalyzerProviderResource | undefined {
  const found = resource.provider;
  if (found === undefined) return undefined;
  const message = new loaded.proto.AnalyzerProviderResource();
  message.setType(found.recorded.type);
  message.setUrn(found.recorded.urn);
  message.setName(found.recorded.name);
  message.setProperties(loaded.Struct.fromJavaScript(found.inputs));
  return message;
}

/** Seconds of a Go duration such as "1h30m"; 0 when not set. */
export function durationSeconds(duration: unknown): number {
  if (typeof duration !== "string") return 0;
  const unitSeconds: Record<string, number> = {
    h: 3600,
    m: 60,
    s: 1,
    ms: 0.001,
    us: 1e-6,
    µs: 1e-6,
    ns: 1e-9,
  };
  let seconds = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s)/g)) {
    seconds += Number(amount) * (unitSeconds[unit ?? ""] ?? 0);
  }
  return seconds;
}

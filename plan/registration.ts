import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { byCodeUnit, type JsonObject } from "./json-value";
import type { RecordedOptions } from "./recorded";
import { registrationOptions } from "./registration-options";
import type { Simulation } from "./simulate-outputs";
import { asSecret } from "./wire";

/** One registration or read, with wire values. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  parent: string;
  custom: boolean;
  read: boolean;
  id: string;
  inputs: JsonObject;
  /** Inputs after the simulated Check. */
  checkedInputs: JsonObject;
  outputs: JsonObject;
  /** Provider reference `urn::id`, empty for the default provider. */
  provider: string;
  /** Version of the package whose default provider would be used. */
  version: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  options: RecordedOptions;
  simulated: string[];
}

/** A managed resource; without a simulation, a component, whose outputs come with a later call. */
export function newRegistration(
  request: resourceProto.RegisterResourceRequest,
  urn: string,
  inputs: JsonObject,
  simulation: Simulation | undefined,
): Registration {
  const checkedInputs = { ...inputs, ...simulation?.defaults };
  const outputs = { ...simulation?.computed, ...withoutProviderCode(checkedInputs) };
  const computed = [
    ...Object.keys(simulation?.computed ?? {}),
    ...autoNamed(inputs, simulation?.defaults ?? {}),
    "id",
  ];
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    read: false,
    id: request.getImportid() === "" ? (simulation?.id ?? "") : request.getImportid(),
    inputs,
    checkedInputs,
    outputs: simulation === undefined ? {} : markSecrets(outputs, request.getAdditionalsecretoutputsList()),
    provider: request.getProvider(),
    version: request.getVersion(),
    dependencies: [...request.getDependenciesList()].sort(byCodeUnit),
    propertyDependencies: propertyDependencies(request),
    options: registrationOptions(request),
    simulated:
      simulation === undefined
        ? []
        : [...new Set(computed)].filter((key) => !(key in inputs)).sort(byCodeUnit),
  };
}

/** A resource that the program reads by its id, or a stack reference. */
export function readRegistration(
  request: resourceProto.ReadResourceRequest,
  urn: string,
  inputs: JsonObject,
  outputs: JsonObject,
): Registration {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: true,
    read: true,
    id: request.getId(),
    inputs,
    checkedInputs: inputs,
    outputs,
    provider: request.getProvider(),
    version: request.getVersion(),
    dependencies: [...request.getDependenciesList()].sort(byCodeUnit),
    propertyDependencies: {},
    options: {},
    simulated: [],
  };
}

export function plain(struct: Struct | undefined): JsonObject {
  return (struct?.toJavaScript() ?? {}) as JsonObject;
}

function propertyDependencies(request: resourceProto.RegisterResourceRequest): Record<string, string[]> {
  const found: [string, string[]][] = [];
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    const urns = dependencies.getUrnsList();
    if (urns.length > 0) found.push([property, [...urns].sort(byCodeUnit)]);
  });
  return Object.fromEntries(found.sort(([a], [b]) => byCodeUnit(a, b)));
}

/** Inputs of dynamic resources carry their provider's code; the outputs do not. */
function withoutProviderCode(inputs: JsonObject): JsonObject {
  const { __provider: _code, ...rest } = inputs;
  return rest;
}

function markSecrets(outputs: JsonObject, names: readonly string[]): JsonObject {
  const marked = { ...outputs };
  for (const name of names) {
    const value = marked[name];
    if (value !== undefined) marked[name] = asSecret(value);
  }
  return marked;
}

function autoNamed(inputs: JsonObject, defaults: JsonObject): string[] {
  return Object.keys(defaults).filter((key) => !(key in inputs));
}

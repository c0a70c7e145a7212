import { byCodeUnit, type JsonObject } from "./json-value";
import type { RecordingMonitor } from "./monitor";
import {
  type ProgramMessage,
  printable,
  type RecordedProgram,
  type RecordedResource,
  seal,
} from "./recorded";
import type { Registration } from "./registration";
import { uuid } from "./simulated-account";
import { type AssetDigest, asSecret, forAnalyzer } from "./wire";

export interface Recording {
  monitor: RecordingMonitor;
  messages: ProgramMessage[];
  /** "namespace:key" → text; what default providers are configured from. */
  config: Readonly<Record<string, string>>;
  digest: AssetDigest;
  settings: { project: string; stack: string; preview: boolean };
}

/** The record of a finished run, independent of the order in which the program registered its resources. */
export function recordProgram(recording: Recording): RecordedProgram {
  const { monitor, digest } = recording;
  const registrations = [...monitor.registrations.values()].sort((a, b) => byCodeUnit(a.urn, b.urn));
  const defaults = new Map<string, RecordedResource>();
  for (const registration of registrations) {
    if (!needsDefaultProvider(registration)) continue;
    const urn = defaultProviderUrn(registration, recording);
    if (!defaults.has(urn)) defaults.set(urn, defaultProvider(urn, registration, recording));
  }
  return {
    resources: registrations.map((registration) => recordResource(registration, recording)),
    defaultProviders: [...defaults.values()].sort((a, b) => byCodeUnit(a.urn, b.urn)),
    outputs: printable(monitor.stackOutputs, digest),
    messages: recording.messages,
    fixtures: [...monitor.fixturesUsed.values()].sort((a, b) => byCodeUnit(a.token, b.token)),
    preview: recording.settings.preview,
  };
}

function recordResource(registration: Registration, recording: Recording): RecordedResource {
  const { digest } = recording;
  const provider = needsDefaultProvider(registration)
    ? defaultProviderUrn(registration, recording)
    : registration.provider.split("::").slice(0, 4).join("::");
  const resource: RecordedResource = {
    urn: registration.urn,
    type: registration.type,
    name: registration.name,
    parent: registration.parent === "" ? undefined : registration.parent,
    custom: registration.custom,
    read: registration.read,
    id: registration.id,
    inputs: printable(registration.inputs, digest),
    outputs: printable(registration.outputs, digest),
    ...(provider === "" ? {} : { provider }),
    dependencies: registration.dependencies,
    propertyDependencies: registration.propertyDependencies,
    options: registration.options,
    simulated: registration.simulated,
  };
  return seal(resource, {
    inputs: forAnalyzer(registration.checkedInputs) as JsonObject,
    outputs: forAnalyzer(registration.outputs) as JsonObject,
  });
}

function needsDefaultProvider(registration: Registration): boolean {
  return registration.custom && registration.provider === "" && !registration.type.startsWith("pulumi:");
}

/** As the engine names it: https://www.pulumi.com/docs/iac/concepts/resources/providers/#default-provider-configuration */
function defaultProviderUrn(registration: Registration, recording: Recording): string {
  const packageName = registration.type.split(":")[0] ?? "";
  const version = registration.version === "" ? "" : `_${registration.version.replace(/[.+-]/g, "_")}`;
  const { stack, project } = recording.settings;
  return `urn:pulumi:${stack}::${project}::pulumi:providers:${packageName}::default${version}`;
}

function defaultProvider(urn: string, registration: Registration, recording: Recording): RecordedResource {
  const packageName = registration.type.split(":")[0] ?? "";
  const secretKeys = recording.monitor.secretKeys;
  const entries = Object.entries(recording.config)
    .filter(([key]) => key.startsWith(`${packageName}:`))
    .map(([key, value]) => [key.slice(packageName.length + 1), secretKeys.has(key) ? asSecret(value) : value])
    .concat(registration.version === "" ? [] : [["version", registration.version]]);
  const inputs = Object.fromEntries(entries) as JsonObject;
  const properties = printable(inputs, recording.digest);
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  const resource: RecordedResource = {
    urn,
    type: `pulumi:providers:${packageName}`,
    name,
    parent: undefined,
    custom: true,
    read: false,
    id: uuid(urn),
    inputs: properties,
    outputs: properties,
    dependencies: [],
    propertyDependencies: {},
    options: {},
    simulated: ["id"],
  };
  return seal(resource, { inputs, outputs: inputs });
}

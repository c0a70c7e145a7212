import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { projectRoot } from "../../../cli/core/project-root";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import { RecordingMonitor } from "../../../plan/monitor";
import { loadPulumiSdk, type PulumiSdk } from "../../../plan/pulumi-sdk";
import { simulatedAccount } from "../../../plan/simulated-account";
import { publishesVersion } from "../aws/functions";
import { difference } from "../provider/diff";
import {
  checkedInputs,
  newResource,
  type ProviderSettings,
  updatedProperties,
  withoutFiles,
  withoutNotes,
} from "../provider/resources";

const project = "sagemaker-ops";

/** Turns of the event loop in which the last calls of a failed program are made. */
const settledTurns = 20;

/** One resource after a deployment. */
export interface Deployed {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
  /** As the provider checked them. */
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

/** A deployed stack, by URN. */
export type Deployment = ReadonlyMap<string, Deployed>;

/** What a deployment does to the resources of the one before, by their names; sorted. */
export interface Changes {
  readonly replaced: string[];
  readonly updated: string[];
  readonly made: string[];
  readonly deleted: string[];
  /** What would be replaced or deleted and is protected, or why the program refuses: then nothing changes. */
  readonly refused: string[];
}

/**
 * Runs the program in this process against a stack that is deployed, and answers each registration as engine and simulated provider
 * would: the resource stays, is updated, or is made anew with another id and other names, which what is registered later then sees.
 *
 * It is the provider's own code (`tests/engine/provider`) without the engine; a test holds some of its answers against the engine.
 *
 * @param former none: an empty account.
 */
export async function deploy(
  stack: string,
  config: Readonly<Record<string, string>>,
  former: Deployment = new Map(),
): Promise<{ readonly deployment: Deployment; readonly changes: Changes }> {
  const sdk = loadPulumiSdk(projectRoot);
  const escaped: unknown[] = [];
  const engine = new EngineStandIn(stack, config["aws:region"], former);
  const monitor = new RecordingMonitor(sdk, {
    project,
    stack,
    preview: false,
    region: config["aws:region"],
    fixtures: {},
    secretKeys: [],
  });
  monitor.registerResource = (request, callback) => {
    const { urn, id, outputs } = engine.register(request);
    const response = new sdk.resource.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(id);
    response.setObject(sdk.Struct.fromJavaScript(outputs));
    // The SDK writes every response into a debug message that nobody reads here.
    response.toString = () => urn;
    callback(null, response);
  };
  await collecting(escaped, () =>
    withoutTraces(sdk, async () => {
      sdk.setMockOptions(monitor, project, stack, false, "organization");
      sdk.setAllConfig({ ...config }, []);
      sdk.store().settings.options.rootDirectory = projectRoot;
      // biome-ignore lint/suspicious/noExplicitAny: the program exports with `export =`
      const program = require("../../../infra/index") as () => Promise<any>;
      try {
        await sdk.runInPulumiStack(program);
      } finally {
        // What a program that fails has begun goes on: it ends here, and not in the next run of whoever uses the SDK.
        await sdk.disconnect();
        for (let turn = 0; turn < settledTurns; turn++) await new Promise(setImmediate);
        await sdk.disconnect();
      }
    }),
  );
  return { deployment: engine.deployed, changes: engine.changes(escaped.map(messageOf)) };
}

interface Options {
  readonly protect: boolean;
  /** Top-level properties. */
  readonly replaceOnChanges: readonly string[];
}

class EngineStandIn {
  readonly deployed = new Map<string, Deployed>();
  private readonly replaced: string[] = [];
  private readonly updated: string[] = [];
  private readonly made: string[] = [];
  private readonly refused: string[] = [];
  private provider: ProviderSettings;

  constructor(
    private readonly stack: string,
    region: string | undefined,
    private readonly former: Deployment,
  ) {
    this.provider = { account: simulatedAccount(region), defaultTags: {} };
  }

  register(request: RegisterResourceRequest): { urn: string; id: string; outputs: JsonObject } {
    const type = request.getType();
    const name = request.getName();
    const urn = this.urnOf(request.getParent(), type, name);
    const given = withoutFiles((request.getObject()?.toJavaScript() ?? {}) as JsonObject) as JsonObject;
    if (!request.getCustom()) return { urn, id: "", outputs: {} };
    if (type === "pulumi:providers:aws") this.provider = { ...this.provider, defaultTags: tagsOf(given) };
    const old = this.former.get(urn);
    const news =
      old === undefined
        ? given
        : withIgnored(given, withoutNotes(old.inputs), request.getIgnorechangesList());
    const protect = request.getProtect() === true;
    const options = { protect, replaceOnChanges: request.getReplaceonchangesList() };
    const { inputs, ...rest } =
      old === undefined ? this.create(urn, news) : this.change(urn, news, old, options);
    this.deployed.set(urn, { type, name, protect, inputs, ...rest });
    return { urn, id: rest.id, outputs: rest.outputs };
  }

  changes(failures: readonly string[]): Changes {
    const gone = [...this.former].filter(([urn]) => !this.deployed.has(urn)).map(([, resource]) => resource);
    const names = (of: readonly Deployed[]) => of.map(({ name }) => name);
    const result = {
      replaced: this.replaced.sort(),
      updated: this.updated.sort(),
      made: this.made.sort(),
      deleted: names(gone.filter(({ protect }) => !protect)).sort(),
      refused: [...this.refused, ...names(gone.filter(({ protect }) => protect))].sort(),
    };
    return failures.length === 0 ? result : { ...nothing, refused: [...failures] };
  }

  private create(urn: string, news: JsonObject) {
    const inputs = checkedInputs(urn, news, undefined, 0, this.provider);
    this.made.push(nameOf(urn));
    return { inputs, ...this.newOne(urn, inputs, 0) };
  }

  private change(urn: string, news: JsonObject, old: Deployed, { protect, replaceOnChanges }: Options) {
    const { type, name } = old;
    const kept = checkedInputs(urn, news, old.inputs, 0, this.provider);
    const found = difference(type, withoutNotes(old.inputs), old.outputs, withoutNotes(kept));
    const { properties } = found;
    const replaces = found.replaces.length > 0 || properties.some((key) => replaceOnChanges.includes(key));
    if (replaces && protect && old.protect) this.refused.push(name);
    else if (replaces) {
      this.replaced.push(name);
      const inputs = checkedInputs(urn, news, undefined, 1, this.provider);
      return { inputs, ...this.newOne(urn, inputs, 1) };
    }
    const outputs = this.updatedOutputs(urn, old, kept);
    if (properties.length === 0 && JSON.stringify(outputs.tagsAll) === JSON.stringify(old.outputs.tagsAll))
      return old;
    if (!replaces) this.updated.push(name);
    return { inputs: kept, id: old.id, outputs };
  }

  private newOne(urn: string, inputs: JsonObject, made: number) {
    const { id, properties } = newResource(urn, inputs, made, this.provider);
    // A stash keeps the first value beside the last.
    const stashed = typeOf(urn) === "pulumi:index:Stash" ? { output: inputs.input ?? null } : {};
    return { id, outputs: { ...properties, ...stashed } };
  }

  private updatedOutputs(urn: string, old: Deployed, inputs: JsonObject): JsonObject {
    const next = updatedProperties(urn, old.outputs, old.inputs, inputs, this.provider);
    if (old.type !== "aws:lambda/function:Function" || next.publish !== true) return next;
    if (!publishesVersion(old.outputs, next)) return next;
    const version = String(Number(old.outputs.version) + 1);
    return { ...next, version, qualifiedArn: `${String(next.arn)}:${version}` };
  }

  private urnOf(parent: string, type: string, name: string): string {
    const above = parent.split("::")[2] ?? "";
    const qualified = above === "" || above === "pulumi:pulumi:Stack" ? type : `${above}$${type}`;
    return `urn:pulumi:${this.stack}::${project}::${qualified}::${name}`;
  }
}

const nothing: Changes = { replaced: [], updated: [], made: [], deleted: [], refused: [] };

/** The engine puts the old value in the place of one that the program wants ignored. */
function withIgnored(news: JsonObject, olds: JsonObject, paths: readonly string[]): JsonObject {
  const result: JsonObject = structuredClone(news);
  for (const path of paths) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const into = at(result, keys);
    const value = at(olds, [...keys, last]);
    if (!isJsonObject(into)) continue;
    if (value === undefined) delete into[last];
    else into[last] = value;
  }
  return result;
}

function at(value: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined {
  return keys.reduce<JsonValue | undefined>(
    (inner, key) => (isJsonObject(inner) ? inner[key] : undefined),
    value,
  );
}

function tagsOf({ defaultTags }: JsonObject): JsonObject {
  const tags: unknown = typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags;
  return isJsonObject(tags) && isJsonObject(tags.tags) ? tags.tags : {};
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/** The SDK says before it in which inputs the failed output was used. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^(?:error serializing property "[^"]*": )+/, "");
}

/** Formatting a stack trace for every promise is most of such a run's time, and nobody reads them. */
async function withoutTraces(
  { debuggable, Resource, inLocalStorage }: PulumiSdk,
  body: () => Promise<void>,
): Promise<void> {
  const { debuggablePromise } = debuggable;
  const { stackTrace } = Resource;
  debuggable.debuggablePromise = (promise) => promise;
  Resource.stackTrace = () => [];
  try {
    await inLocalStorage(body);
  } finally {
    debuggable.debuggablePromise = debuggablePromise;
    if (stackTrace !== undefined) Resource.stackTrace = stackTrace;
  }
}

/** A failed output rejects no promise that a caller holds; each failure is noted once. */
async function collecting(escaped: unknown[], body: () => Promise<void>): Promise<void> {
  const collect = (reason: unknown) => {
    if (!escaped.includes(reason)) escaped.push(reason);
  };
  const previous = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  try {
    await body();
  } catch (error) {
    collect(error);
  } finally {
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener("unhandledRejection", collect);
    for (const listener of previous) process.on("unhandledRejection", listener);
  }
}

import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import * as language from "@pulumi/pulumi/proto/language_pb";
import type { PulumiSdk } from "../../../plan/pulumi-sdk";

/** What the Automation API uses of the SDK to run a program in its own process (automation/server.js); its types leave it out. */
interface Sdk {
  resetOptions(...options: readonly unknown[]): void;
  disconnect(signalShutdown: boolean): Promise<void>;
  setAllConfig(config: Record<string, string>, secretKeys: readonly string[]): void;
  withLocalStorage<T>(body: () => Promise<T>): Promise<T>;
  runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
  hasErrors(): boolean;
}

/** What no promise of the run in progress has handled. */
let failures: unknown[] = [];

/** Turns of the event loop in which a run whose engine was killed learns that, and ends what it had begun. */
const settledTurns = 20;

/**
 * To be called once where programs are run in this process.
 *
 * @param folder of the program, which is loaded when there is time for it.
 */
export function prepareToRunHere(folder: string): void {
  process.on("unhandledRejection", (error) => failures.push(error));
  setImmediate(() => {
    loadSdk();
    leaveOutTraces();
    forgetConnections();
    mainOf(folder);
  });
}

/**
 * Runs the program in this process, as the Automation API does with an inline program. What has been loaded stays loaded, the
 * program's own modules too.
 *
 * The SDK has one engine at a time for the whole process, and a run whose engine was killed waits for ever: what it has begun fails
 * at once, and is over before the next run is given its engine. Nothing of it goes on after that.
 */
export function runHere(
  { request }: ServerUnaryCall<language.RunRequest, language.RunResponse>,
  respond: sendUnaryData<language.RunResponse>,
  engineAddress: string,
): void {
  const sdk = loadSdk();
  const run = async (): Promise<void> => {
    for (let turn = 0; turn < settledTurns; turn++) await new Promise(setImmediate);
    process.chdir(request.getPwd());
    failures = [];
    sdk.resetOptions(
      ...[request.getProject(), request.getStack(), request.getParallel(), engineAddress],
      ...[request.getMonitorAddress(), request.getDryrun(), request.getOrganization()],
    );
    sdk.setAllConfig(
      Object.fromEntries(request.getConfigMap().getEntryList()),
      request.getConfigsecretkeysList(),
    );
    try {
      await sdk.runInPulumiStack(async () => await mainOf(request.getPwd())());
      await sdk.disconnect(true);
      if (sdk.hasErrors()) failures.push(new Error("The program logged an error."));
    } catch (error) {
      failures.push(error);
    }
    const response = new language.RunResponse();
    if (failures.length > 0) response.setError(failures.map(messageOf).join("\n"));
    respond(null, response);
  };
  void sdk.withLocalStorage(run);
}

/** The program's function. A program that exports none has run as it was loaded, and is loaded anew the next time. */
function mainOf(folder: string): () => unknown {
  const { main = "" } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { main?: string };
  if (loadedFrom(folder).some(hasChanged)) forget(folder);
  const exported: unknown = require(join(folder, main));
  for (const file of loadedFrom(folder)) loadedAtMs.set(file, modifiedAtMs(file));
  if (typeof exported === "function") return exported as () => unknown;
  forget(folder);
  return () => exported;
}

/** When the modules of the programs were written. */
const loadedAtMs = new Map<string, number>();

/** Modules that lie in a folder itself: what is linked belongs to others too. */
function loadedFrom(folder: string): string[] {
  const inside = realpathSync(folder) + sep;
  const packages = join(inside, "node_modules") + sep;
  return Object.keys(require.cache).filter((file) => file.startsWith(inside) && !file.startsWith(packages));
}

function hasChanged(file: string): boolean {
  const loaded = loadedAtMs.get(file);
  return loaded !== undefined && loaded !== modifiedAtMs(file);
}

function modifiedAtMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function forget(folder: string): void {
  for (const file of loadedFrom(folder)) delete require.cache[file];
}

function loadSdk(): Sdk {
  const settings = require("@pulumi/pulumi/runtime/settings") as Pick<Sdk, "resetOptions" | "disconnect">;
  const { setAllConfig } = require("@pulumi/pulumi/runtime/config") as Pick<Sdk, "setAllConfig">;
  const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as Pick<Sdk, "withLocalStorage">;
  const { runInPulumiStack } = require("@pulumi/pulumi/runtime/stack") as Pick<Sdk, "runInPulumiStack">;
  const { hasErrors } = require("@pulumi/pulumi/log") as Pick<Sdk, "hasErrors">;
  const { resetOptions, disconnect } = settings;
  return {
    resetOptions,
    disconnect,
    setAllConfig,
    withLocalStorage,
    runInPulumiStack,
    hasErrors,
  };
}

/**
 * The SDK formats a stack trace for every promise and resource, and sends the engine several messages for debugging about each: half of
 * a run's processor time. Nobody reads them here.
 */
function leaveOutTraces(): void {
  Error.stackTraceLimit = 1;
  const debuggable = require("@pulumi/pulumi/runtime/debuggable") as PulumiSdk["debuggable"];
  const { Resource } = require("@pulumi/pulumi/resource") as Pick<PulumiSdk, "Resource">;
  const log = require("@pulumi/pulumi/log") as { debug: () => Promise<void> };
  log.debug = () => Promise.resolve();
  debuggable.debuggablePromise = (promise) => promise;
  Resource.stackTrace = () => [];
}

/**
 * Without it gRPC keeps what it knows of an address for the whole process: an engine on the port of one that was killed is taken for dead
 * (https://grpc.github.io/grpc/core/group__grpc__arg__keys.html, GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL).
 */
function forgetConnections(): void {
  const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings") as {
    readonly grpcClientOptions: Record<string, unknown>;
  };
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

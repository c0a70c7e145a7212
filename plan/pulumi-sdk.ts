import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type * as structProto from "google-protobuf/google/protobuf/struct_pb";
import { ProgramError } from "./errors";

/** What the SDK keeps per program run. Only the fields used here; the SDK marks the type internal. */
export interface RunStore {
  settings: { rpcDone: Promise<unknown>; monitor?: unknown; options: { rootDirectory?: string } };
  logErrorCount: number;
  supportsOutputValues: boolean;
  callbacks?: { _callbacks: Map<string, (request: Uint8Array) => Promise<unknown>> };
  pendingResourceRegistrations?: Map<unknown, PendingRegistration>;
}

export interface PendingRegistration {
  name?: string;
  type?: string;
  label: string;
  phase: string;
  inputProperty?: string;
}

type LogFunction = (message: string, ...rest: unknown[]) => Promise<void>;

/** The parts of one installed copy of `@pulumi/pulumi` that a run needs. */
export interface PulumiSdk {
  version: string;
  resource: typeof resourceProto;
  Struct: typeof structProto.Struct;
  inLocalStorage<T>(body: () => Promise<T>): Promise<T>;
  store(): RunStore;
  setMockOptions(
    monitor: unknown,
    project: string,
    stack: string,
    preview: boolean,
    organization: string,
  ): void;
  setAllConfig(config: Record<string, string>, secretKeys: string[]): void;
  runInPulumiStack(init: () => Promise<unknown>): Promise<unknown>;
  disconnect(): Promise<void>;
  log: Record<"info" | "warn" | "error", LogFunction>;
  /** The SDK's module that remembers every promise, to name those that never resolve when the process ends. */
  debuggable: { debuggablePromise: <T>(promise: Promise<T>, context?: unknown) => Promise<T> };
  /** The base of all resources; tells the engine where in the source each was made. */
  Resource: { stackTrace?: (skip: number) => unknown[] };
}

/**
 * The copy of `@pulumi/pulumi` that a program in `directory` would load. Another team's program brings its own.
 *
 * Each run gets a store of its own, as the Automation API gives to each program; using the process-wide one would let two
 * runs, and a pack that also loads the SDK, see each other.
 */
export function loadPulumiSdk(directory: string): PulumiSdk {
  const fromProgram = createRequire(join(directory, "package.json"));
  let manifest: string;
  try {
    manifest = fromProgram.resolve("@pulumi/pulumi/package.json");
  } catch (cause) {
    throw new ProgramError(
      `No @pulumi/pulumi is installed for the program in ${directory}. Run "npm install" there and plan again.`,
      { cause },
    );
  }
  const version = (fromProgram(manifest) as { version: string }).version;
  const root = dirname(manifest);
  if (!existsSync(join(root, "runtime", "state.js"))) {
    throw new ProgramError(
      `The program in ${directory} uses @pulumi/pulumi ${version}; the plan needs 3.100 or newer. Update it there.`,
    );
  }
  const fromSdk = createRequire(join(root, "runtime", "state.js"));
  const state = fromSdk("./state") as { LocalStore: new () => RunStore; getStore(): RunStore };
  const settings = fromSdk("./settings") as Pick<PulumiSdk, "setMockOptions" | "disconnect">;
  const config = fromSdk("./config") as Pick<PulumiSdk, "setAllConfig">;
  const stack = fromSdk("./stack") as Pick<PulumiSdk, "runInPulumiStack">;
  return {
    version,
    resource: fromSdk("../proto/resource_pb") as typeof resourceProto,
    Struct: (fromSdk("google-protobuf/google/protobuf/struct_pb") as typeof structProto).Struct,
    inLocalStorage: (body) => withStore(new state.LocalStore(), body),
    store: () => state.getStore(),
    setMockOptions: settings.setMockOptions,
    disconnect: () => settings.disconnect(),
    setAllConfig: config.setAllConfig,
    runInPulumiStack: stack.runInPulumiStack,
    log: fromSdk("../log") as PulumiSdk["log"],
    debuggable: fromSdk("./debuggable") as PulumiSdk["debuggable"],
    Resource: (fromSdk("../resource") as Pick<PulumiSdk, "Resource">).Resource,
  };
}

interface StoreStorage {
  getStore(): unknown;
  run(store: unknown, body: (...args: unknown[]) => unknown, ...args: unknown[]): unknown;
}

/**
 * Gives every copy of the SDK in this process the store while `body` runs.
 *
 * They look it up in one global AsyncLocalStorage, which up to Node 22 costs a hook call per promise: a quarter of a
 * large plan's time and memory. Runs never overlap, so a plain variable serves; a program that isolates parts of itself
 * still gets the real thing.
 */
async function withStore<T>(store: RunStore, body: () => Promise<T>): Promise<T> {
  const shared = globalThis as unknown as { asyncLocalStorage: StoreStorage };
  const real = shared.asyncLocalStorage;
  shared.asyncLocalStorage = {
    getStore: () => real.getStore() ?? store,
    run: (own, inner, ...args) => real.run(own, inner, ...args),
  };
  try {
    return await body();
  } finally {
    shared.asyncLocalStorage = real;
  }
}

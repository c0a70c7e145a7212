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
}

/**
 * The copy of `@pulumi/pulumi` that a program in `directory` would load. Another team's program brings its own.
 *
 * `runtime/state` is where the Automation API gets one isolated store per program (`withLocalStorage`); using it
 * instead of the process-wide one keeps two runs, and a pack that also loads the SDK, from seeing each other.
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
  const state = fromSdk("./state") as {
    withLocalStorage<T>(body: () => Promise<T>): Promise<T>;
    getStore(): RunStore;
  };
  const settings = fromSdk("./settings") as Pick<PulumiSdk, "setMockOptions" | "disconnect">;
  const config = fromSdk("./config") as Pick<PulumiSdk, "setAllConfig">;
  const stack = fromSdk("./stack") as Pick<PulumiSdk, "runInPulumiStack">;
  return {
    version,
    resource: fromSdk("../proto/resource_pb") as typeof resourceProto,
    Struct: (fromSdk("google-protobuf/google/protobuf/struct_pb") as typeof structProto).Struct,
    inLocalStorage: (body) => state.withLocalStorage(body),
    store: () => state.getStore(),
    setMockOptions: settings.setMockOptions,
    disconnect: () => settings.disconnect(),
    setAllConfig: config.setAllConfig,
    runInPulumiStack: stack.runInPulumiStack,
    log: fromSdk("../log") as PulumiSdk["log"],
  };
}

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import type * as analyzerProto from "@pulumi/pulumi/proto/analyzer_pb";
import type * as structProto from "google-protobuf/google/protobuf/struct_pb";
import { messageOf, PackError } from "./errors";

export type Handler = (
  call: { request: unknown },
  callback: (error: Error | null | undefined, response?: unknown) => void,
) => unknown;

/** The handlers that the policy SDK would register with its gRPC server. */
export type AnalyzerHandlers = Record<
  "analyze" | "analyzeStack" | "remediate" | "getAnalyzerInfo" | "configure" | "configureStack",
  Handler
>;

export interface LoadedPack {
  handlers: AnalyzerHandlers;
  proto: typeof analyzerProto;
  Struct: typeof structProto.Struct;
}

/**
 * Loads a pack and takes hold of its analyzer without a server or a port.
 *
 * `new PolicyPack()` ends in the SDK's `serve`, which checks names, builds the request handlers and hands them to a
 * gRPC server. Here that server is caught at `addService` and never bound, so every check and the whole request path
 * are the SDK's own, including the `configure` call that fills `getConfig()`. The SDK keeps one pack and its config in
 * module state; it is loaded anew for each pack.
 *
 * Must run inside `guarded`, with the pack's folder as working directory: `new PolicyPack()` reads its version from
 * `./package.json`.
 *
 * @throws PackError when the folder holds no pack, or loading it fails.
 */
export function loadPack(directory: string): LoadedPack {
  const manifest = readManifest(directory);
  const entry = entryOf(directory, manifest);
  const fromPack = createRequire(entry);
  const sdkRoot = dirname(resolveFrom(fromPack, "@pulumi/policy/package.json", directory));
  const before = new Set(Object.keys(require.cache));
  forgetSdk(sdkRoot);
  delete require.cache[entry];
  try {
    const caught: AnalyzerHandlers[] = [];
    const restore = catchServer(createRequire(join(sdkRoot, "server.js")), sdkRoot, caught);
    try {
      fromPack(entry);
    } catch (cause) {
      if (cause instanceof PackError) throw cause;
      throw new PackError(`The policy pack in ${directory} could not be loaded: ${messageOf(cause)}`, {
        cause,
      });
    } finally {
      restore();
    }
    const handlers = caught[0];
    if (handlers === undefined) {
      throw new PackError(
        `${entry} constructs no PolicyPack. A pack's main file must call new PolicyPack(...).`,
      );
    }
    const fromSdk = createRequire(join(sdkRoot, "server.js"));
    return {
      handlers,
      proto: fromSdk("@pulumi/pulumi/proto/analyzer_pb") as typeof analyzerProto,
      Struct: (fromSdk("google-protobuf/google/protobuf/struct_pb") as typeof structProto).Struct,
    };
  } finally {
    forgetSdk(sdkRoot);
    for (const path of Object.keys(require.cache)) {
      if (!before.has(path) && path.startsWith(directory + sep) && !path.includes("/node_modules/")) {
        delete require.cache[path];
      }
    }
  }
}

/** @throws PackError when the folder is missing or cannot be a pack. */
export function checkPackDirectory(directory: string): void {
  if (existsSync(join(directory, "package.json"))) return;
  throw new PackError(
    existsSync(directory)
      ? `${directory} is no policy pack: it has no package.json. A pack needs one with a "version".`
      : `The policy pack directory ${directory} does not exist. Check --policy-pack.`,
  );
}

function readManifest(directory: string): { main?: string } {
  const path = join(directory, "package.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { main?: string };
  } catch (cause) {
    throw new PackError(`${path} is not valid JSON: ${messageOf(cause)}`, { cause });
  }
}

/** `main` of package.json, else index.ts or index.js, as the SDK's own runner finds it. */
function entryOf(directory: string, manifest: { main?: string }): string {
  const candidates = [...(manifest.main === undefined ? [] : [manifest.main]), "index.ts", "index.js"];
  const found = candidates.map((name) => resolve(directory, name)).find((path) => existsSync(path));
  if (found === undefined) {
    throw new PackError(`The policy pack in ${directory} has none of ${candidates.join(", ")}.`);
  }
  return found;
}

function resolveFrom(fromPack: NodeJS.Require, request: string, directory: string): string {
  try {
    return fromPack.resolve(request);
  } catch (cause) {
    throw new PackError(
      `No @pulumi/policy is installed for the policy pack in ${directory}. Run "npm install" there and plan again.`,
      { cause },
    );
  }
}

/**
 * Drops the SDK's modules, which hold the pack being served and its configuration, and the installed packages built on
 * them (such as @pulumi/awsguard), which would otherwise go on using the dropped copy.
 */
function forgetSdk(sdkRoot: string): void {
  const parents = new Map<string, string[]>();
  for (const [path, loaded] of Object.entries(require.cache)) {
    for (const child of loaded?.children ?? []) {
      parents.set(child.filename, [...(parents.get(child.filename) ?? []), path]);
    }
  }
  const pending = Object.keys(require.cache).filter((path) => path.startsWith(sdkRoot + sep));
  const forgotten = new Set<string>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (forgotten.has(path)) continue;
    forgotten.add(path);
    // A pack's own file, and whatever has loaded that one, is no package built on the SDK.
    if (!path.includes(`${sep}node_modules${sep}`)) continue;
    delete require.cache[path];
    pending.push(...(parents.get(path) ?? []));
  }
}

interface ServerModule {
  serve: (...args: unknown[]) => void;
}

/** Replaces `serve` by itself, run with a server that only remembers its handlers. Returns the undo. */
function catchServer(fromSdk: NodeJS.Require, sdkRoot: string, caught: AnalyzerHandlers[]): () => void {
  const server = fromSdk(join(sdkRoot, "server.js")) as ServerModule;
  const { Server } = fromSdk("@grpc/grpc-js") as { Server: { prototype: Record<string, unknown> } };
  const serve = server.serve;
  server.serve = (...args) => {
    const prototype = Server.prototype;
    const { addService, bindAsync } = prototype;
    const { printed, restore } = collectErrors();
    const exit = process.exit;
    prototype.addService = (_service: unknown, handlers: AnalyzerHandlers) => caught.push(handlers);
    prototype.bindAsync = () => undefined;
    process.exit = (() => {
      throw new PackError(`The policy pack was refused by its SDK: ${printed.join(" ")}`);
    }) as typeof process.exit;
    try {
      serve(...args);
    } finally {
      process.exit = exit;
      restore();
      prototype.addService = addService;
      prototype.bindAsync = bindAsync;
    }
  };
  return () => {
    server.serve = serve;
  };
}

/** The SDK prints why it refuses a pack and then ends the process. */
function collectErrors(): { printed: string[]; restore: () => void } {
  const write = process.stderr.write;
  const printed: string[] = [];
  process.stderr.write = ((text: string | Uint8Array) => {
    printed.push(String(text).trim());
    return true;
  }) as typeof process.stderr.write;
  return {
    printed,
    restore: () => {
      process.stderr.write = write;
    },
  };
}

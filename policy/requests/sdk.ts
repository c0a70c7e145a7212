import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";

import server = require("@pulumi/policy/server");

/** What the pack touches of the SDK behind its interface (@pulumi/policy/server.js); other versions may have it otherwise. */
export interface Sdk {
  serve(name: string, version: string, level: string, pack: { policies?: Policies }, config: unknown): void;
  makeAnalyzeRpcFun(name: string, version: string, level: string, policies: Policies): Handler;
}

export type Handler = (call: Call, callback: (error: unknown, response?: unknown) => void) => unknown;

export interface Call {
  request: unknown;
}

/** A method as a gRPC server is told it. */
export interface Method {
  readonly path: string;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (response: unknown) => Buffer;
}

export interface Service {
  readonly methods: Readonly<Record<string, Method>>;
  readonly handlers: Readonly<Record<string, Handler>>;
}

interface Servers {
  addService(this: unknown, methods: Service["methods"], handlers: Service["handlers"]): void;
}

/** @default - this version of the SDK has it otherwise */
export function sdkServer(): Sdk | undefined {
  const { serve, makeAnalyzeRpcFun } = server as Partial<Sdk>;
  const isKnown = serve?.length === 5 && makeAnalyzeRpcFun?.length === 4;
  return isKnown ? (server as unknown as Sdk) : undefined;
}

/** The prototype of the gRPC servers that the SDK makes. @default - it makes others */
export function grpcServers(): Servers | undefined {
  const sdkRequire = createRequire(require.resolve("@pulumi/policy/server"));
  let grpc: { Server?: { prototype?: Partial<Servers> } };
  try {
    grpc = sdkRequire("@grpc/grpc-js");
  } catch (error) {
    if ((error as { code?: unknown }).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  const prototype = grpc.Server?.prototype;
  return typeof prototype?.addService === "function" ? (prototype as Servers) : undefined;
}

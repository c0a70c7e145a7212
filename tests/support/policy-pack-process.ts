import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../plan/json-value";
import type { EffectiveConfig } from "../../plan/policy-config";
import { fromResponse, type PolicyAnswer, type PolicyRequest, toRequest } from "./policy-request";
import {
  fromStackResponse,
  type Diagnostic as StackDiagnostic,
  type StackResource,
  toStackRequest,
} from "./stack-request";

/** A policy pack as the engine runs it: Pulumi's own launcher in the pack's folder, spoken to over gRPC. */
export interface RunningPack {
  readonly pid: number;
  /** Name, version and policies as the pack tells them. */
  info(): Promise<analyzer.AnalyzerInfo.AsObject>;
  /** The engine's `configure`, for one policy at level mandatory; the others have no configuration then. */
  configure(policy: string, properties: Record<string, unknown>): Promise<void>;
  /** The engine's `configure`, for the whole pack at once, as it does it. */
  configureAll(config: ReadonlyMap<string, EffectiveConfig>): Promise<void>;
  analyze(request: PolicyRequest): Promise<PolicyAnswer>;
  analyzeStack(resources: readonly StackResource[]): Promise<readonly StackDiagnostic[]>;
  /** As `analyzeStack`, with a request that was made before. */
  sendStack(request: analyzer.AnalyzeStackRequest): Promise<readonly StackDiagnostic[]>;
  stop(): Promise<void>;
}

const levels = {
  advisory: analyzer.EnforcementLevel.ADVISORY,
  mandatory: analyzer.EnforcementLevel.MANDATORY,
  disabled: analyzer.EnforcementLevel.DISABLED,
  remediate: analyzer.EnforcementLevel.REMEDIATE,
} as const;

type Respond<T> = (error: ServiceError | null, response: T) => void;

/** Rejects if the pack prints no port within `timeoutMs`; the child is ended then, as it is by `stop`. */
export async function startPack(folder: string, timeoutMs: number): Promise<RunningPack> {
  const launcher = launcherOf(folder);
  const child = spawn(process.execPath, [launcher, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const port = await firstLine(child, timeoutMs).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });

  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    // As the engine has it: a stack of thousands of resources is more than the default of 4 MiB.
    "grpc.max_send_message_length": 400 * 1024 * 1024,
    "grpc.max_receive_message_length": 400 * 1024 * 1024,
  });
  const call = <T>(send: (respond: Respond<T>) => void) =>
    new Promise<T>((resolve, reject) => {
      send((error, response) => (error === null ? resolve(response) : reject(error)));
    });

  const configureAll = async (config: ReadonlyMap<string, EffectiveConfig>) => {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const [policy, { level, properties }] of config) {
      const message = new analyzer.PolicyConfig();
      message.setEnforcementlevel(levels[level]);
      message.setProperties(Struct.fromJavaScript(properties as Record<string, never>));
      request.getPolicyconfigMap().set(policy, message);
    }
    await call<Empty>((respond) => client.configure(request, respond));
  };

  const sendStack = async (request: analyzer.AnalyzeStackRequest) =>
    fromStackResponse(
      await call<analyzer.AnalyzeResponse>((respond) => client.analyzeStack(request, respond)),
    );

  return {
    pid: child.pid ?? 0,
    info: async () =>
      (
        await call<analyzer.AnalyzerInfo>((respond) => client.getAnalyzerInfo(new Empty(), respond))
      ).toObject(),
    configure: (policy, properties) =>
      configureAll(new Map([[policy, { level: "mandatory", properties: properties as JsonObject }]])),
    configureAll,
    analyze: async (request) =>
      fromResponse(
        await call<analyzer.AnalyzeResponse>((respond) => client.analyze(toRequest(request), respond)),
      ),
    analyzeStack: (resources) => sendStack(toStackRequest(resources)),
    sendStack,
    stop: async () => {
      client.close();
      await end(child);
    },
  };
}

/** The pack's own SDK has it, as the engine finds it; a folder without packages has the project's. */
function launcherOf(folder: string): string {
  return require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder, __dirname] });
}

async function firstLine(child: ChildProcess, timeoutMs: number): Promise<number> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the pack's output is not piped");
  let complaint = "";
  stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });

  const signal = AbortSignal.timeout(timeoutMs);
  const [line] = await Promise.race([
    once(createInterface(stdout), "line", { signal }),
    once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`the pack ended with status ${code} before it gave its port: ${complaint}`);
    }),
  ]);
  if (!/^\d+$/.test(line)) throw new Error(`the pack's first line is no port: ${line}`);
  return Number(line);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromResponse, type PolicyAnswer, type PolicyRequest, toRequest } from "./policy-request";

/** A policy pack as the engine runs it: Pulumi's own launcher in the pack's folder, spoken to over gRPC. */
export interface RunningPack {
  /** Name, version and policies as the pack tells them. */
  info(): Promise<analyzer.AnalyzerInfo.AsObject>;
  /** The engine's `configure`, for one policy. */
  configure(policy: string, properties: Record<string, unknown>): Promise<void>;
  analyze(request: PolicyRequest): Promise<PolicyAnswer>;
  stop(): Promise<void>;
}

type Respond<T> = (error: ServiceError | null, response: T) => void;

/** Rejects if the pack prints no port within `timeoutMs`; the child is ended then, as it is by `stop`. */
export async function startPack(folder: string, timeoutMs: number): Promise<RunningPack> {
  const launcher = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [launcher, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const port = await firstLine(child, timeoutMs).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });

  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = <T>(send: (respond: Respond<T>) => void) =>
    new Promise<T>((resolve, reject) => {
      send((error, response) => (error === null ? resolve(response) : reject(error)));
    });

  return {
    info: async () =>
      (
        await call<analyzer.AnalyzerInfo>((respond) => client.getAnalyzerInfo(new Empty(), respond))
      ).toObject(),
    configure: async (policy, properties) => {
      const config = new analyzer.PolicyConfig();
      config.setEnforcementlevel(analyzer.EnforcementLevel.MANDATORY);
      config.setProperties(Struct.fromJavaScript(properties as Record<string, never>));
      const request = new analyzer.ConfigureAnalyzerRequest();
      request.getPolicyconfigMap().set(policy, config);
      await call<Empty>((respond) => client.configure(request, respond));
    },
    analyze: async (request) =>
      fromResponse(
        await call<analyzer.AnalyzeResponse>((respond) => client.analyze(toRequest(request), respond)),
      ),
    stop: async () => {
      client.close();
      await end(child);
    },
  };
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

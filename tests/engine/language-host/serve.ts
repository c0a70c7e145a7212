import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { serve } from "../support/serve-plugin";
import { prepareToRunHere, runHere } from "./run-here";

/**
 * The part of Pulumi's own language host that running a Node program takes
 * (https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go), since that host comes with the
 * CLI's installer alone. `ENGINE_TYPE_CHECK=true` loads the program as Pulumi does, by ts-node with its type check; otherwise
 * with the command line's loader, which is several times as fast. `ENGINE_PROGRAM` names the folder of the one program of a host that outlives its
 * engines, and runs it in its own process.
 */
let engineAddress = process.argv.at(-1) ?? "";

/** The program asks for nothing more: its process has told the error already. */
const bailStatus = 32;

const ownProgram = process.env.ENGINE_PROGRAM;
if (ownProgram !== undefined) prepareToRunHere(ownProgram);

const children = new Set<ChildProcess>();

serve(LanguageRuntimeService, {
  handshake: ({ request }, respond) => {
    // Of a host that outlives an engine, each engine's own.
    engineAddress = request.getEngineAddress();
    respond(null, new language.LanguageHandshakeResponse());
  },
  getPluginInfo: (_call, respond) => {
    const info = new PluginInfo();
    info.setVersion("3.259.0");
    respond(null, info);
  },
  // Nothing to install: the provider is found on PATH.
  getRequiredPlugins: (_call, respond) => respond(null, new language.GetRequiredPluginsResponse()),
  getRequiredPackages: (_call, respond) => respond(null, new language.GetRequiredPackagesResponse()),
  getProgramDependencies: (_call, respond) => respond(null, new language.GetProgramDependenciesResponse()),
  about: (_call, respond) => {
    const about = new language.AboutResponse();
    about.setExecutable(process.execPath);
    about.setVersion(process.version);
    respond(null, about);
  },
  run: (call, respond) =>
    ownProgram !== undefined ? runHere(call, respond, engineAddress) : run(call, respond),
  runPlugin: runPack,
  cancel: (_call, respond) => {
    for (const child of children) child.kill();
    respond(null, new Empty());
  },
});

// A host that outlives its engines is ended like this; what a program leaves to be done at the end is done.
process.on("SIGTERM", () => process.exit(0));
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

function run(
  { request }: ServerUnaryCall<language.RunRequest, language.RunResponse>,
  respond: sendUnaryData<language.RunResponse>,
): void {
  const typeCheck = process.env.ENGINE_TYPE_CHECK === "true";
  const program = spawn(
    process.execPath,
    [
      ...(typeCheck ? [] : ["--require", join(__dirname, "load-program.cjs")]),
      join(sdkOf(request.getPwd()), "cmd/run/index.js"),
      ...argumentsOf(request),
    ],
    {
      cwd: request.getPwd(),
      // The engine shows what a program prints; its standard output is the engine's line for this host's port.
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: String(typeCheck),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  children.add(program);
  program.on("error", (error) => {
    const response = new language.RunResponse();
    response.setError(error.message);
    respond(null, response);
  });
  program.on("exit", (status, signal) => {
    const response = new language.RunResponse();
    if (status === bailStatus) response.setBail(true);
    else if (status !== 0) response.setError(`The program ended with ${signal ?? `exit status ${status}`}.`);
    respond(null, response);
  });
}

/** A policy pack: it prints its port, and runs until the engine hangs up. */
function runPack(call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const pack = spawn(
    process.execPath,
    [join(sdkOf(folder), "cmd/run-policy-pack/index.js"), ...request.getArgsList().slice(0, 1), folder],
    {
      cwd: request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: Object.fromEntries(
        request.getEnvList().map((pair: string) => {
          const at = pair.indexOf("=");
          return [pair.slice(0, at), pair.slice(at + 1)];
        }),
      ),
    },
  );
  children.add(pack);
  const send = (fill: (response: language.RunPluginResponse) => void) => {
    const response = new language.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  pack.stdout.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
  pack.stderr.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
  pack.on("error", (error) => call.destroy(error));
  pack.on("close", (status) => {
    send((response) => response.setExitcode(status ?? 1));
    call.end();
  });
  call.on("cancelled", () => pack.kill());
}

function sdkOf(folder: string): string {
  return dirname(require.resolve("@pulumi/pulumi/package.json", { paths: [folder] }));
}

function argumentsOf(request: language.RunRequest): string[] {
  const info = request.getInfo();
  return [
    ...["--monitor", request.getMonitorAddress()],
    ...["--engine", engineAddress],
    ...["--sync", ""],
    ...["--organization", request.getOrganization()],
    ...["--project", request.getProject()],
    ...["--root-directory", info?.getRootDirectory() ?? request.getPwd()],
    ...["--stack", request.getStack()],
    ...["--pwd", request.getPwd()],
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ...["--parallel", String(request.getParallel())],
    ...["--query-mode", "false"],
    info?.getEntryPoint() ?? ".",
  ];
}

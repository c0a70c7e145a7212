import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { Command } from "commander";
import { addTrainCommand } from "../../../cli/commands/train-command";
import { CommandError } from "../../../cli/core/exit-status";
import type { Interrupt, OperateProcess } from "../../../cli/core/operate/process";
import { setEnvironment } from "../../support/environment";
import { awsEnvironment, contractOf, digestOf, stackFile } from "../prune/prune-tools";
import { type FakeOperate, startFakeOperate } from "./fake-operate";
import { searchName, singleName, start } from "./train-jobs";

const arn = (kind: string, name: string) => `arn:aws:sagemaker:us-east-1:123456789012:${kind}/${name}`;

export interface RunOptions {
  /** Jobs in the outputs. @default - single and search */
  readonly deployed?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly isTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether a data set is uploaded, so that jobs are due. @default true */
  readonly hasData?: boolean;
  readonly clientOptions?: OperateProcess["clientOptions"];
  /** More of the outputs. */
  readonly outputs?: object;
  readonly stackFile?: Readonly<Record<string, unknown>>;
  /** Name of the file with the outputs. @default outputs.json */
  readonly outputsFile?: string;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a folder of its own, a fake account, and the commands within this process. */
export function trainTools(add: (program: Command, own: OperateProcess) => void = addTrainCommand) {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-train-test-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: sagemaker-ops\nruntime: nodejs\n");
  writeFileSync(join(folder, "index.js"), "");
  const running: FakeOperate[] = [];
  let interrupt: ((signal: Interrupt) => void) | undefined;

  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const aws of running.splice(0)) await aws.close();
  });

  const serve = async (): Promise<FakeOperate> => {
    const aws = await startFakeOperate(start);
    running.push(aws);
    return aws;
  };

  const run = async (
    aws: FakeOperate,
    args: readonly string[],
    options: RunOptions = {},
  ): Promise<RunResult> => {
    const {
      deployed = {
        search: arn("hyper-parameter-tuning-job", searchName),
        single: arn("training-job", singleName),
      },
    } = options;
    const outputs = {
      ...contractOf({}),
      ...options.outputs,
      jobs: Object.fromEntries(
        Object.entries(deployed).map(([key, value]) => [
          key,
          { jobName: value.split("/").at(-1), arn: value },
        ]),
      ),
    };
    const outputsFile = join(folder, options.outputsFile ?? "outputs.json");
    writeFileSync(outputsFile, JSON.stringify(outputs));
    const machine = { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 120 };
    writeFileSync(
      join(folder, "Pulumi.dev.yaml"),
      stackFile("dev", undefined, {
        ...(options.hasData === false ? {} : { storage: { data: { manifestDigest: digestOf("da") } } }),
        tuning: { search: { ...machine, maxRuntimeMinutes: 60, maxJobs: 10, maxParallelJobs: 2 } },
        jobs: { single: machine },
        ...options.stackFile,
      }),
    );
    const written = { stdout: "", stderr: "" };
    const terminal = {
      ...(options.isTTY === undefined ? {} : { isTTY: options.isTTY }),
      ...(options.columns === undefined ? {} : { columns: options.columns }),
    };
    const own: OperateProcess = {
      stdout: { write: (text: string) => append(written, "stdout", text), ...terminal },
      stderr: { write: (text: string) => append(written, "stderr", text), ...terminal, rows: 40 },
      env: { ...(options.columns === undefined ? { COLUMNS: "100" } : {}), ...options.env },
      folder,
      pollSeconds: 0.001,
      clientOptions: options.clientOptions ?? { retryStrategy: new ConfiguredRetryStrategy(3, 1) },
      onInterrupt: (handler) => {
        interrupt = handler;
        return () => {
          interrupt = undefined;
        };
      },
      exitCode: undefined,
    };
    const program = new Command().exitOverride();
    add(program, own);
    const restore = setEnvironment(awsEnvironment(aws.origin, folder));
    const source = args.includes("--state") ? [] : ["--outputs", outputsFile];
    try {
      await program.parseAsync([...args, "--stack", "dev", ...source], { from: "user" });
      return { status: Number(own.exitCode), ...plain(written, folder) };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return {
        status: error.status,
        ...plain({ ...written, stderr: written.stderr + error.message }, folder),
      };
    } finally {
      restore();
    }
  };

  return { folder, serve, run, interrupt: (signal: Interrupt) => interrupt?.(signal) };
}

function plain({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }, folder: string) {
  return { stdout: stdout.replaceAll(folder, "<folder>"), stderr: stderr.replaceAll(folder, "<folder>") };
}

function append(
  written: Record<"stdout" | "stderr", string>,
  to: "stdout" | "stderr",
  text: string,
): boolean {
  written[to] += text;
  return true;
}

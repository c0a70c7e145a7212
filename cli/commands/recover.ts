import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientOptions } from "../core/aws/clients";
import { awsFailure } from "../core/aws/errors";
import { CommandError, exitStatus } from "../core/exit-status";
import { projectRoot } from "../core/project-root";
import type { Place } from "../core/recover/import-id";
import { type PulumiResult, recover } from "../core/recover/recover";
import { inScratchFolder } from "../core/scratch-folder";

export interface RecoverOptions {
  readonly stack: string;
  readonly yes?: boolean;
  /** `name=id`, each. */
  readonly made?: readonly string[];
  readonly notMade?: readonly string[];
}

/** What the command reads and writes of its process; tests give their own. */
export interface RecoverProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write">;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the Pulumi project. @default - this project */
  readonly folder?: string;
  readonly clientOptions?: ClientOptions;
  exitCode?: number | string | null | undefined;
}

/** Recovers a stack of this project; returns the exit status. */
export async function recoverStack(options: RecoverOptions, own: RecoverProcess = process): Promise<number> {
  const { stack, yes = false, made = [], notMade = [] } = options;
  const answers = { made: new Map(made.map(answer)), notMade: new Set(notMade) };
  const project = own.folder ?? projectRoot;
  return inScratchFolder("sagemaker-ops-recover-", (folder) =>
    recover(
      { stack, answers, yes },
      {
        pulumi: (args) => runPulumiCli(args, project, own.env),
        place: (region) => callersPlace(region, own.clientOptions),
        backUp: (state) => keep(project, stack, state),
        stage: (state) => written(join(folder, "state.json"), state),
        tell: (line) => own.stdout.write(`${line}\n`),
      },
    ),
  );
}

function answer(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) {
    throw new CommandError(
      `--made ${text} is no answer; it is <name>=<id>, the name as the program has it: --made network-vpc=vpc-0abc.`,
    );
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

function runPulumiCli(
  args: readonly string[],
  cwd: string,
  env: RecoverProcess["env"],
): Promise<PulumiResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { cwd, env, stdio: ["inherit", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new CommandError(
          error.code === "ENOENT"
            ? "The Pulumi CLI is not installed or not on PATH. Install it (https://www.pulumi.com/docs/install/)."
            : `pulumi could not be started: ${error.message}`,
          exitStatus.missingTool,
        ),
      ),
    );
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** @throws CommandError where the credentials in use are not accepted. */
async function callersPlace(region: string, clientOptions: ClientOptions = {}): Promise<Place> {
  const client = new STSClient({ ...(region === "" ? {} : { region }), ...clientOptions });
  try {
    const { Account = "", Arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    const partition = Arn.split(":")[1] ?? "aws";
    return {
      accountId: Account,
      partition,
      region,
      dnsSuffix: partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
    };
  } catch (error) {
    const { message } = awsFailure(error, "sts:GetCallerIdentity");
    throw new CommandError(
      `AWS does not say whose credentials these are. ${message} Use those that the stack is deployed with.`,
      exitStatus.missingTool,
    );
  } finally {
    client.destroy();
  }
}

/** Beside the project, where git ignores it: a state holds names of everything, and secrets in encrypted form. */
function keep(project: string, stack: string, state: string): string {
  const folder = join(project, ".cache/recover");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replaceAll(":", "-");
  return written(join(folder, `${stack}-${time}.json`), state);
}

function written(file: string, state: string): string {
  writeFileSync(file, state, { mode: 0o600 });
  return file;
}

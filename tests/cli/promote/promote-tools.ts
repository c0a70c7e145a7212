import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { Command } from "commander";
import { addPromoteCommands } from "../../../cli/commands/promote-command";
import type { RollbackProcess } from "../../../cli/commands/rollback";
import { CommandError } from "../../../cli/core/exit-status";
import { ConfigError } from "../../../infra/config/parse";
import { type TarFile, tar } from "../../../infra/rules/tar";
import { setEnvironment } from "../../support/environment";
import { emptyAccount, type FakeAccount } from "../prune/fake-account";
import { type FakeAws, startFakeAws } from "../prune/fake-aws";
import { awsEnvironment, bucket, contractOf, exportedState, stackFile } from "../prune/prune-tools";

export const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

export interface ArtifactParts {
  /** @default 133 */
  readonly classes?: number;
  /** Number in the manifest. @default - as many as there are */
  readonly toldClasses?: number;
  /** Changes what the export writes. */
  readonly change?: (files: Record<string, Uint8Array>) => void;
  /** Files that are added after the manifest was written. */
  readonly unlisted?: readonly TarFile[];
  readonly accuracy?: number;
  /** Text in the weights: another one makes another artifact. */
  readonly weights?: string;
}

/** A model.tar.gz as the training package packs it. */
export function artifact({
  classes = 133,
  toldClasses = classes,
  change = () => {},
  unlisted = [],
  accuracy,
  weights = "weights",
}: ArtifactParts = {}): Buffer {
  const names = Object.fromEntries(Array.from({ length: classes }, (_, index) => [`breed-${index}`, index]));
  const files: Record<string, Uint8Array> = {
    "model.safetensors": Buffer.from(weights),
    "class_to_idx.json": Buffer.from(JSON.stringify(names)),
    "preprocessing.json": Buffer.from("{}"),
    "metrics.json": Buffer.from(JSON.stringify(accuracy === undefined ? {} : { validation: { accuracy } })),
  };
  const manifest = {
    format_version: 1,
    model: { classes: toldClasses },
    files: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        { sha256: sha256(content), bytes: content.length },
      ]),
    ),
  };
  files["manifest.json"] = Buffer.from(JSON.stringify(manifest));
  change(files);
  return gzipSync(tar([...Object.entries(files).map(([path, content]) => ({ path, content })), ...unlisted]));
}

/** The group of the model registry that the outputs name. */
export const groupName = "sagemaker-ops-dev-breeds";

export const stateText = JSON.stringify(exportedState({}));

/** A project in a folder of its own, a fake account with its buckets, and the commands within this process. */
export function promoteTools() {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-promote-test-"));
  const file = join(folder, "Pulumi.dev.yaml");
  const local = join(folder, "model.tar.gz");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: sagemaker-ops\nruntime: nodejs\n");
  writeFileSync(join(folder, "index.js"), "");
  const running: FakeAws[] = [];

  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const aws of running.splice(0)) await aws.close();
  });

  const account = (): FakeAccount => {
    const made = emptyAccount();
    made.buckets.set(bucket, []);
    made.buckets.set("output-of-dev", []);
    made.packageGroups.set(groupName, []);
    return made;
  };

  const serve = async (of: FakeAccount): Promise<FakeAws> => {
    const aws = await startFakeAws(of);
    running.push(aws);
    return aws;
  };

  const writeStack = (digest?: string, more: Readonly<Record<string, unknown>> = {}) =>
    writeFileSync(file, stackFile("dev", digest, more));

  const run = async (
    aws: FakeAws,
    args: readonly string[],
    own: Partial<RollbackProcess> = {},
    jobs: Readonly<Record<string, { readonly jobName: string }>> = {},
  ) => {
    const contract = contractOf({}) as object;
    const outputs = {
      ...contract,
      jobs: { single: { jobName: "sagemaker-ops-dev-single-1a2b3c4d" }, ...jobs },
      models: { breeds: { modelPackageGroupName: groupName } },
    };
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(outputs));
    let stdout = "";
    const process_: RollbackProcess = {
      stdout: {
        write: (text: string) => {
          stdout += text;
          return true;
        },
      },
      env: { COLUMNS: "110" },
      folder,
      clientOptions: { retryStrategy: new ConfiguredRetryStrategy(3, 1) },
      exitCode: undefined,
      ...own,
    };
    const command = new Command().exitOverride();
    addPromoteCommands(command, process_);
    const restore = setEnvironment(awsEnvironment(aws.origin, folder));
    try {
      const line = [...args, "--stack", "dev", "--outputs", join(folder, "outputs.json")];
      await command.parseAsync(line, { from: "user" });
      return { status: Number(process_.exitCode), stdout, stderr: "" };
    } catch (error) {
      if (error instanceof ConfigError) return { status: 2, stdout, stderr: error.message };
      if (!(error instanceof CommandError)) throw error;
      return { status: error.status, stdout, stderr: error.message };
    } finally {
      restore();
    }
  };

  return { folder, file, local, account, serve, writeStack, run };
}

/** Puts an object into a bucket of the fake. */
export function putObject(account: FakeAccount, bucketName: string, key: string, body: Buffer): void {
  const versions = account.buckets.get(bucketName) ?? [];
  versions.unshift({ key, body, versionId: `t${versions.length}`, lastModified: new Date() });
}

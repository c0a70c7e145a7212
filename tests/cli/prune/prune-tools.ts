import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { Command } from "commander";
import { stringify } from "yaml";
import type { PruneProcess } from "../../../cli/commands/prune";
import { addPruneCommand } from "../../../cli/commands/prune-command";
import { CommandError } from "../../../cli/core/exit-status";
import { setEnvironment } from "../../support/environment";
import type { CliResult } from "../../support/run-cli";
import { emptyAccount, type FakeAccount, type Tags } from "./fake-account";
import { type FakeAws, startFakeAws } from "./fake-aws";

export const stackTag = "sagemaker-ops/dev";
export const own: Tags = { "sagemaker-ops:stack": stackTag };
export const bucket = "models-of-dev";

/** 64 hexadecimal digits that begin with the given ones. */
export function digestOf(start: string): string {
  return start.padEnd(64, "0");
}

/** Days before now: what was made then is old enough to go. */
export function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

export function uriOf(digest: string): string {
  return `s3://${bucket}/models/${digest}/model.tar.gz`;
}

/** What `pulumi stack export` prints. */
export function exportedState(parts: {
  readonly configurations?: readonly string[];
  readonly models?: readonly string[];
  readonly logGroups?: readonly string[];
  readonly deployedDigest?: string;
  readonly accountId?: string;
  /** @default true */
  readonly hasOutputs?: boolean;
}): object {
  const resource = (type: string) => (id: string) => ({
    type,
    urn: `urn:pulumi:dev::sagemaker-ops::${type}::${id.replace(/-[0-9a-f]{7}$/, "")}`,
    id,
    custom: true,
    inputs: { name: id },
    outputs: { name: id },
  });
  const outputs = parts.hasOutputs === false ? {} : contractOf(parts);
  return {
    version: 3,
    deployment: {
      resources: [
        {
          type: "pulumi:pulumi:Stack",
          urn: "urn:pulumi:dev::sagemaker-ops::pulumi:pulumi:Stack::sagemaker-ops-dev",
          outputs,
        },
        ...(parts.configurations ?? []).map(
          resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration"),
        ),
        ...(parts.models ?? []).map(resource("aws:sagemaker/model:Model")),
        ...(parts.logGroups ?? []).map(resource("aws:cloudwatch/logGroup:LogGroup")),
      ],
    },
  };
}

export function contractOf({
  deployedDigest,
  accountId = "123456789012",
}: {
  readonly deployedDigest?: string;
  readonly accountId?: string;
}): object {
  return {
    contractVersion: "1",
    stack: stackTag,
    region: "us-east-1",
    accountId,
    endpoints:
      deployedDigest === undefined
        ? {}
        : {
            single: {
              endpointName: "sagemaker-ops-dev-single",
              endpointArn: `arn:aws:sagemaker:us-east-1:${accountId}:endpoint/sagemaker-ops-dev-single`,
              modelName: "breeds",
              modelDigest: deployedDigest,
              logsUrl: "https://console.aws.amazon.com/",
            },
          },
    buckets: { data: "data-of-dev", output: "output-of-dev", models: bucket },
    dashboardUrl: "https://console.aws.amazon.com/",
    cost: { currency: "USD", monthlyUsd: 1, worstMonthlyUsd: 2, ceilingMonthlyUsd: 3, unpricedCount: 0 },
    jobs: {},
    pending: [],
  };
}

export interface Prepared {
  readonly account: FakeAccount;
  /** What the state names; the file is written anew for each run. */
  state: object;
  /** Digest in the stack's file. */
  promotedDigest?: string;
  /** Environments of further stack files. */
  otherEnvironments?: readonly string[];
}

/** A project in a folder of its own, a fake account, and the command within this process. */
export function pruneTools() {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-prune-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: sagemaker-ops\nruntime: nodejs\n");
  writeFileSync(join(folder, "index.js"), "");
  const running: FakeAws[] = [];

  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const aws of running.splice(0)) await aws.close();
  });

  const serve = async (account: FakeAccount): Promise<FakeAws> => {
    const aws = await startFakeAws(account);
    running.push(aws);
    return aws;
  };

  const writeProject = ({ state, promotedDigest, otherEnvironments = [] }: Omit<Prepared, "account">) => {
    writeFileSync(join(folder, "state.json"), JSON.stringify(state));
    for (const environment of ["dev", ...otherEnvironments])
      writeFileSync(
        join(folder, `Pulumi.${environment}.yaml`),
        stackFile(environment, environment === "dev" ? promotedDigest : undefined),
      );
  };

  /** Runs the command against a fake that serves until the test is over. */
  const run = async (aws: FakeAws, prepared: Omit<Prepared, "account">, args: readonly string[] = []) => {
    writeProject(prepared);
    return runCommand(aws, ["--stack", "dev", "--state", join(folder, "state.json"), ...args]);
  };

  const runCommand = async (aws: FakeAws, args: readonly string[]): Promise<CliResult> => {
    const written: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
    const process_: PruneProcess = {
      stdout: { write: (text: string) => written.stdout.push(text) > 0 },
      stderr: { write: (text: string) => written.stderr.push(text) > 0 },
      env: { COLUMNS: "120" },
      folder,
      // As the command's own but for the pauses.
      clientOptions: { retryStrategy: new ConfiguredRetryStrategy(3, 1) },
      exitCode: undefined,
    };
    const command = new Command().exitOverride();
    addPruneCommand(command, process_);
    const restore = setEnvironment(awsEnvironment(aws.origin, folder));
    const result = () => ({ stdout: written.stdout.join(""), stderr: written.stderr.join("") });
    try {
      await command.parseAsync(["prune", ...args], { from: "user" });
      return { status: Number(process_.exitCode), ...result() };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { status: error.status, ...result(), stderr: error.message };
    } finally {
      restore();
    }
  };

  return { folder, serve, run, runCommand, writeProject };
}

/** No variable of the machine's may lead to a real account. */
export function awsEnvironment(origin: string, folder: string): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_PROFILE: "",
    AWS_CONFIG_FILE: join(folder, "absent"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "absent"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: origin,
  };
}

/** Text of a small stack file; `more` are settings of the project beside the usual ones. */
export function stackFile(
  environment: string,
  digest: string | undefined,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return stringify({
    config: {
      "aws:region": "us-east-1",
      "sagemaker-ops:environment": environment,
      "sagemaker-ops:owner": "ml-platform",
      "sagemaker-ops:costCentre": "breed-classifier",
      "sagemaker-ops:ceilings": {
        hourlyUsd: { hosting: 1, training: 1, tuning: 1, notebook: 1, compute: 1 },
        jobUsd: 6,
        monthlyUsd: 1000,
      },
      "sagemaker-ops:alarms": { kind: "silent", reason: "A stack of the tests" },
      "sagemaker-ops:budget": { kind: "none", reason: "A stack of the tests" },
      "sagemaker-ops:models": {
        breeds: { classes: 133, ...(digest === undefined ? {} : { digest }) },
      },
      ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`sagemaker-ops:${key}`, value])),
    },
  });
}

const releases = [1, 2, 3, 4, 5];

/** Five releases of one endpoint, of which the newest answers, beside another stack's. */
export function usedAccount(): FakeAccount {
  const account = emptyAccount();
  const { configurations, models, endpoints, logGroups, functions } = account;
  const versions = releases.map((release) => {
    const digest = digestOf(`d${release}`);
    models.set(`single-model-000000${release}`, {
      createdAt: daysAgo(60 - release),
      uris: [uriOf(digest)],
      tags: own,
    });
    configurations.set(`single-config-000000${release}`, {
      createdAt: daysAgo(60 - release),
      models: [`single-model-000000${release}`],
      tags: own,
    });
    return {
      key: `models/${digest}/model.tar.gz`,
      versionId: `v${release}`,
      lastModified: daysAgo(61 - release),
      body: Buffer.alloc(1000 * release),
    };
  });
  account.buckets.set(bucket, [
    ...versions,
    ...releases.map((release) => ({
      key: `promotions/breeds/${daysAgo(61 - release).toISOString()}-${digestOf(`d${release}`)}.json`,
      versionId: "p",
      lastModified: daysAgo(61 - release),
      body: Buffer.from("{}"),
    })),
  ]);
  endpoints.set("sagemaker-ops-dev-single", {
    status: "InService",
    configName: "single-config-0000005",
    createdAt: daysAgo(60),
    modifiedAt: daysAgo(55),
  });
  functions.add("sagemaker-ops-dev-single");
  for (const [name, tags] of [
    ["/aws/sagemaker/Endpoints/sagemaker-ops-dev-single", own],
    ["/aws/sagemaker/Endpoints/sagemaker-ops-dev-multi", {}],
    ["/aws/lambda/sagemaker-ops-dev-single", own],
    ["/aws/lambda/sagemaker-ops-dev-multi", {}],
    ["/aws/lambda/sagemaker-ops-prod-breeds", {}],
  ] as const)
    logGroups.set(name, { createdAt: daysAgo(60), storedBytes: 5000, tags });

  const theirs = { "sagemaker-ops:stack": "sagemaker-ops/prod" };
  models.set("single-model-1111111", { createdAt: daysAgo(90), uris: [], tags: theirs });
  configurations.set("single-config-1111111", { createdAt: daysAgo(90), models: [], tags: theirs });
  configurations.set("by-hand-config", { createdAt: daysAgo(90), models: [], tags: own });
  return account;
}

/** The state that belongs to `usedAccount`. */
export const usedState = exportedState({
  configurations: ["single-config-0000005"],
  models: ["single-model-0000005"],
  logGroups: ["/aws/sagemaker/Endpoints/sagemaker-ops-dev-single", "/aws/lambda/sagemaker-ops-dev-single"],
  deployedDigest: digestOf("d5"),
});

/** Two releases, one of them used, and one log group without a writer: all kinds of deletion, few calls. */
export function smallAccount(): FakeAccount {
  const account = usedAccount();
  const kept = /(?:000000[45]|single)$/;
  for (const map of [account.configurations, account.models, account.logGroups] as Map<string, unknown>[])
    for (const name of [...map.keys()])
      if (!kept.test(name) && !name.endsWith("lambda/sagemaker-ops-dev-multi")) map.delete(name);
  const objects = account.buckets.get(bucket) ?? [];
  account.buckets.set(
    bucket,
    objects.filter(({ key }) => [4, 5].some((release) => key.includes(digestOf(`d${release}`)))),
  );
  return account;
}

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { Command } from "commander";
import type { DoctorProcess } from "../../../cli/commands/doctor";
import { addDoctorCommand } from "../../../cli/commands/doctor-command";
import type { Finding } from "../../../cli/core/doctor/finding";
import { CommandError } from "../../../cli/core/exit-status";
import { setEnvironment } from "../../support/environment";
import { emptyAccount } from "../prune/fake-account";
import { type FakeAws, type Handler, startFakeAws } from "../prune/fake-aws";
import { awsEnvironment, contractOf, digestOf, stackFile } from "../prune/prune-tools";
import { doctorHandlers, type FakeAccountLimits } from "./fake-doctor";

export const now = new Date("2026-11-21T12:00:00Z");

/** What is to be in the stack file beside the usual. */
const declared = {
  endpoints: {
    single: {
      model: "breeds",
      serving: {
        kind: "instances",
        instanceType: "ml.m5.large",
        initialCount: 1,
        scaling: { kind: "invocations", min: 1, max: 2, maxRequestsPerSecond: 10 },
      },
      function: { kind: "invoke", reservedConcurrency: 5 },
    },
  },
  jobs: { single: { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60 } },
  trainingBox: {
    instanceType: "g4dn.xlarge",
    market: { kind: "spot" },
    ami: { kind: "deep-learning", amiType: "gpu-pytorch-2.9-ubuntu-24.04" },
  },
  images: { training: { cpu: "2.13-cpu-test" }, serving: { cpu: "serve-cpu-test" } },
};

export const amiParameter = "/aws/service/deeplearning/ami/x86_64/gpu-pytorch-2.9-ubuntu-24.04/latest/ami-id";

/** An account in which that stack is deployed, and nothing is wrong. */
export function healthy(): FakeAccountLimits {
  const others = ["a", "b", "c"].map((name) => ({ name, code: `L-${name}`, value: 1 }));
  return {
    quotas: {
      sagemaker: [
        ...others,
        { name: "ml.m5.xlarge for training job usage", code: "L-00000001", value: 15, usage: 2 },
        { name: "ml.m5.large for endpoint usage", code: "L-00000002", value: 4, usage: 1 },
      ],
      ec2: [
        ...others,
        { name: "All G and VT Spot Instance Requests", code: "L-3819A6DF", value: 4, usage: 4 },
      ],
    },
    defaults: {},
    concurrency: { limit: 1000, unreserved: 990 },
    reserved: new Map([["sagemaker-ops-dev-single", 5]]),
    roles: new Map([
      ["AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint", "2025-01-01"],
      ["AWSServiceRoleForEC2Spot", "2025-01-01"],
      ["single-role-1a2b3c4", "2026-01-01"],
      ["training-1a2b3c4", "2026-11-01"],
    ]),
    used: new Map([
      [
        "single-role-1a2b3c4",
        { s3: "2026-11-20", logs: "2026-11-20", ecr: "2026-11-01", cloudwatch: "2026-10-01" },
      ],
    ]),
    reportLooks: 2,
    images: new Map([
      ["pytorch:2.13-cpu-test", "2026-11-14"],
      ["ray:serve-cpu-test", "2026-11-07"],
    ]),
    parameters: new Map([[amiParameter, "ami-0123456789abcdef0"]]),
    amis: new Map([
      ["ami-0123456789abcdef0", { createdAt: "2026-11-20", deprecatedAt: "2028-11-20" }],
      ["ami-00000000000000001", { createdAt: "2026-06-20", deprecatedAt: "2028-06-20" }],
    ]),
    endpoints: new Map([["sagemaker-ops-dev-single", { instanceType: "ml.m5.large", instances: 1 }]]),
    tagged: new Map([
      [arn("sagemaker", "endpoint/sagemaker-ops-dev-single"), "sagemaker-ops/dev"],
      [arn("ec2", "volume/vol-0123456789abcdef0"), "sagemaker-ops/dev"],
      [arn("sagemaker", "training-job/sagemaker-ops-dev-single-1"), "sagemaker-ops/dev"],
      [arn("sagemaker", "endpoint/sagemaker-ops-prod-breeds"), "sagemaker-ops/prod"],
    ]),
  };
}

export function arn(service: string, rest: string): string {
  return `arn:aws:${service}:us-east-1:123456789012:${rest}`;
}

/** What `pulumi stack export` prints of it. */
export function exported(change: object = {}): object {
  const resource = (type: string, id: string, outputs: object = {}) => ({
    type,
    urn: `urn:pulumi:dev::sagemaker-ops::${type}::${id}`,
    id,
    outputs,
  });
  return {
    version: 3,
    deployment: {
      resources: [
        {
          type: "pulumi:pulumi:Stack",
          urn: "urn:pulumi:dev::sagemaker-ops::pulumi:pulumi:Stack::x",
          outputs: {
            ...contractOf({ deployedDigest: digestOf("d5") }),
            trainingBox: {
              instanceId: "i-0123456789abcdef0",
              amiPinned: "ami-00000000000000001",
              amiLatest: "ami-0123456789abcdef0",
            },
            ...change,
          },
        },
        resource("aws:sagemaker/endpoint:Endpoint", "sagemaker-ops-dev-single", {
          arn: arn("sagemaker", "endpoint/sagemaker-ops-dev-single"),
        }),
        resource("aws:iam/role:Role", "single-role-1a2b3c4"),
        resource("aws:iam/role:Role", "training-1a2b3c4"),
        resource("aws:ec2/instance:Instance", "i-0123456789abcdef0", {
          arn: arn("ec2", "instance/i-0123456789abcdef0"),
          rootBlockDevice: { volumeId: "vol-0123456789abcdef0" },
        }),
      ],
    },
  };
}

export interface Run {
  readonly account?: FakeAccountLimits;
  readonly args?: readonly string[];
  readonly state?: object;
  readonly columns?: number;
  readonly fate?: FakeAws["fate"];
  /** Asked before all others. */
  readonly handlers?: readonly Handler[];
  readonly env?: Readonly<Record<string, string>>;
  /** Stands for an address where nobody listens. */
  readonly origin?: string;
  /** @default true */
  readonly givesState?: boolean;
}

/** Puts a project with that stack into a folder, and tools that say their versions: returns the folder of the tools. */
export function writeDoctorProject(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const tool = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  tool("git", "echo git version 2.45.0");
  tool("aws", "echo aws-cli/2.31.0 Python/3.13.7");
  tool("session-manager-plugin", "echo 1.2.707.0");
  tool("python3", "echo 3.12.4 True");
  // It is logged in nowhere.
  tool("pulumi", 'if [ "$1" = version ]; then echo v3.259.0; else echo "error: no login" >&2; exit 255; fi');
  writeFileSync(join(folder, "Pulumi.yaml"), "name: sagemaker-ops\nruntime: nodejs\n");
  writeFileSync(join(folder, "index.js"), "");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stackFile("dev", digestOf("d5"), declared));
  writeFileSync(join(folder, "Pulumi.prod.yaml"), stackFile("prod", digestOf("d5")));
  return bin;
}

/** A project in a folder of its own, tools that say their versions, a fake account, and the command within this process. */
export function doctorTools() {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-doctor-"));
  const bin = writeDoctorProject(folder);
  const running: FakeAws[] = [];

  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const aws of running.splice(0)) await aws.close();
  });

  const run = async ({ account = healthy(), args = [], state = exported(), ...given }: Run = {}) => {
    const aws = await startFakeAws(emptyAccount(), [...(given.handlers ?? []), ...doctorHandlers(account)]);
    running.push(aws);
    if (given.fate !== undefined) aws.fate = given.fate;
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify(state));
    let stdout = "";
    const own: DoctorProcess = {
      stdout: {
        write: (text: string) => {
          stdout += text;
          return true;
        },
      },
      env: { PATH: bin, COLUMNS: String(given.columns ?? 100) },
      folder,
      clientOptions: { retryStrategy: new ConfiguredRetryStrategy(3, 1) },
      pollSeconds: 0.001,
      now,
      exitCode: undefined,
    };
    const command = new Command().exitOverride();
    addDoctorCommand(command, own);
    const restore = setEnvironment({
      ...awsEnvironment(given.origin ?? aws.origin, folder),
      PATH: bin,
      ...given.env,
    });
    try {
      const source = given.givesState === false ? [] : ["--state", file];
      await command.parseAsync(["doctor", "--stack", "dev", ...source, ...args], { from: "user" });
      return { status: Number(own.exitCode), stdout, stderr: "", aws };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { status: error.status, stdout, stderr: error.message, aws };
    } finally {
      restore();
    }
  };

  /** The same, read back from JSON. */
  const findings = async (given: Run = {}) => {
    const { status, stdout, stderr, aws } = await run({ ...given, args: ["--json", ...(given.args ?? [])] });
    if (stdout === "") throw new Error(stderr);
    const all = (JSON.parse(stdout) as { findings: Finding[] }).findings;
    return {
      status,
      aws,
      all,
      of: (check: string) => all.filter((one) => one.check === check),
      notOk: all
        .filter(({ status: one }) => one !== "ok")
        .map(({ check, subject, status: one }) => `${one} ${check} ${subject}`),
    };
  };

  return { folder, run, findings };
}

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { Command } from "commander";
import { describe, it } from "mocha";
import type { VerifyProcess } from "../../../cli/commands/verify";
import { addVerifyCommand } from "../../../cli/commands/verify-command";
import { CommandError } from "../../../cli/core/exit-status";
import { promotionKey } from "../../../cli/core/promote/history";
import { plainImage } from "../../../cli/core/verify/plain-image";
import { setEnvironment } from "../../support/environment";
import { putObject } from "../promote/promote-tools";
import { emptyAccount, type FakeAccount } from "../prune/fake-account";
import { type FakeAws, Refusal, startFakeAws } from "../prune/fake-aws";
import {
  awsEnvironment,
  bucket,
  contractOf,
  digestOf,
  stackFile,
  stackTag,
  uriOf,
} from "../prune/prune-tools";

const wanted = digestOf("d5");
const name = "sagemaker-ops-dev-single";
const aliasArn = `arn:aws:lambda:us-east-1:123456789012:function:${name}:live`;

interface Finding {
  readonly endpoint: string;
  readonly check: string;
  readonly verdict: string;
  readonly said: string;
  readonly next?: string;
}

/** Does not prove that the real container names its model, nor what AWS answers; the forms are those of the API references. */
describe("sagemaker-ops verify", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-verify-test-"));
  const golden = join(folder, "golden.json");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: sagemaker-ops\nruntime: nodejs\n");
  writeFileSync(join(folder, "index.js"), "");
  writeFileSync(join(folder, "dog.png"), plainImage());
  const running: FakeAws[] = [];

  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const aws of running.splice(0)) await aws.close();
  });

  const healthy = (): FakeAccount => {
    const account = emptyAccount();
    account.endpoints.set(name, {
      status: "InService",
      configName: "single-config-0000005",
      createdAt: new Date(0),
      modifiedAt: new Date(0),
      answers: wanted,
      instances: 2,
      minimumInstances: 2,
    });
    account.functions.add(name);
    account.alarms.set(`${name}-latency`, false).set(`${name}-errors`, false).set(`${name}-idle`, true);
    return account;
  };

  const state = (contract: object, configName = "single-config-0000005") => ({
    deployment: {
      resources: [
        {
          type: "pulumi:pulumi:Stack",
          urn: "urn:pulumi:dev::sagemaker-ops::pulumi:pulumi:Stack::x",
          outputs: contract,
        },
        ...["single-config-0000004", configName].map((id, index) => ({
          type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
          urn: "urn:pulumi:dev::sagemaker-ops::aws:sagemaker/endpointConfiguration:EndpointConfiguration::single-config",
          id,
          delete: index === 0,
        })),
      ],
    },
  });

  const contract = (digest = wanted) => {
    const whole = contractOf({ deployedDigest: digest }) as { endpoints: { single: object } };
    return {
      ...whole,
      endpoints: { single: { ...whole.endpoints.single, functionName: name, functionAliasArn: aliasArn } },
    };
  };

  const run = async (
    account: FakeAccount,
    args: readonly string[] = [],
    given: {
      exported?: object;
      fate?: FakeAws["fate"];
      promoted?: string | null;
      serving?: object;
      fn?: object;
      registry?: object;
    } = {},
  ) => {
    const aws = await startFakeAws(account);
    running.push(aws);
    if (given.fate !== undefined) aws.fate = given.fate;
    writeFileSync(join(folder, "state.json"), JSON.stringify(given.exported ?? state(contract())));
    const serving = given.serving ?? {
      kind: "instances",
      instanceType: "ml.m5.large",
      initialCount: 2,
      scaling: { kind: "invocations", min: 2, max: 4, maxRequestsPerSecond: 10 },
    };
    const endpoints = {
      single: {
        model: "breeds",
        serving,
        function: given.fn ?? { kind: "none", reason: "A stack of the tests" },
        ...((serving as { kind: string }).kind === "serverless"
          ? { isolation: { kind: "open", reason: "A stack of the tests" } }
          : {}),
      },
    };
    const models =
      given.registry === undefined
        ? {}
        : { models: { breeds: { classes: 133, digest: wanted, registry: given.registry } } };
    const promoted = given.promoted === null ? undefined : (given.promoted ?? wanted);
    writeFileSync(join(folder, "Pulumi.dev.yaml"), stackFile("dev", promoted, { endpoints, ...models }));
    const written = { stdout: "", stderr: "" };
    const writer = (stream: keyof typeof written) => (text: string) => {
      written[stream] += text;
      return true;
    };
    const process_: VerifyProcess = {
      stdout: { write: writer("stdout") },
      stderr: { write: writer("stderr") },
      env: { COLUMNS: "110" },
      folder,
      pollSeconds: 0.001,
      clientOptions: { retryStrategy: new ConfiguredRetryStrategy(3, 1) },
      exitCode: undefined,
    };
    const command = new Command().exitOverride();
    addVerifyCommand(command, process_);
    const restore = setEnvironment(awsEnvironment(aws.origin, folder));
    try {
      const line = ["verify", "--stack", "dev", "--state", join(folder, "state.json"), ...args];
      await command.parseAsync(line, { from: "user" });
      return { status: Number(process_.exitCode), aws, ...written };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { status: error.status, aws, ...written, stderr: error.message };
    } finally {
      restore();
    }
  };

  const findings = async (...args: Parameters<typeof run>) => {
    const { status, stdout, stderr } = await run(args[0], ["--json", ...(args[1] ?? [])], args[2]);
    assert.notEqual(stdout, "", stderr);
    const report = JSON.parse(stdout) as { findings: Finding[]; notDue: object[] };
    return { status, ...report, of: (check: string) => report.findings.find((one) => one.check === check) };
  };

  it("ends with 0 where everything holds, and shows what it looked at", async () => {
    writeFileSync(golden, JSON.stringify({ images: [{ image: "dog.png", index: 1, probability: 0.69 }] }));

    const { status, stdout, stderr } = await run(healthy(), ["--golden", golden]);

    assert.equal(status, 0, stdout + stderr);
    assert.equal(
      stdout.replaceAll(folder, "<folder>"),
      `${stackTag} in us-east-1

endpoint single
  deployed       ok  breeds at d50000000000…, as promoted
  status         ok  InService
  configuration  ok  single-config-0000005
  model          ok  d50000000000… answered
  golden         ok  <folder>/dog.png is class 1
  function       ok  d50000000000… answered
  capacity       ok  2 of at least 2
  alarms         ok  2 quiet

All 8 checks hold.
`,
    );
  });

  it("asks the function by its alias", async () => {
    const { aws } = await run(healthy());

    assert.deepEqual(
      aws.calls.filter(({ operation }) => operation === "Invoke").map(({ about }) => about),
      [aliasArn],
    );
  });

  it("fails on a rollout that was rolled back: another configuration and another model answer", async () => {
    const account = healthy();
    const endpoint = account.endpoints.get(name);
    if (endpoint !== undefined) {
      endpoint.configName = "single-config-0000004";
      endpoint.answers = digestOf("d4");
    }

    const { status, of } = await findings(account);

    assert.equal(status, 1);
    assert.match(
      of("configuration")?.said ?? "",
      /^single-config-0000004 answers, and single-config-0000005 is wanted/,
    );
    assert.match(
      of("model")?.said ?? "",
      /^d40000000000… answered through the container, and d50000000000… is promoted/,
    );
    assert.match(of("function")?.said ?? "", /^d40000000000… answered through the function/);
    assert.equal(of("status")?.verdict, "ok");
  });

  it("fails where the promoted model is not deployed yet", async () => {
    const { status, of } = await findings(healthy(), [], { exported: state(contract(digestOf("d4"))) });

    assert.equal(status, 1);
    assert.match(of("deployed")?.said ?? "", /promoted at d50000000000…, and d40000000000… is deployed/);
    assert.match(of("deployed")?.next ?? "", /sagemaker-ops up/);
  });

  it("fails where the container names no model", async () => {
    const account = healthy();
    const endpoint = account.endpoints.get(name);
    if (endpoint !== undefined) endpoint.answers = undefined;

    const { status, of } = await findings(account);

    assert.equal(status, 1);
    assert.match(of("model")?.said ?? "", /does not say which model answered/);
  });

  it("fails on a golden image with another class, or too far off", async () => {
    const entries = [
      [{ image: "dog.png", index: 2 }, /class 1 with 0\.700, where class 2 is right/],
      [
        { image: "dog.png", index: 1, probability: 0.9 },
        /class 1 with 0\.700, where 0\.900 ± 0\.02 is right/,
      ],
      [{ image: "dog.png", index: 1, probability: 0.8, tolerance: 0.1001 }, undefined],
    ] as const;
    for (const [entry, fault] of entries) {
      writeFileSync(golden, JSON.stringify({ images: [entry] }));

      const { status, of } = await findings(healthy(), ["--golden", golden]);

      assert.equal(status, fault === undefined ? 0 : 1, JSON.stringify(entry));
      if (fault !== undefined) assert.match(of("golden")?.said ?? "", fault);
    }
  });

  it("fails below the minimum, without a scalable target, and on a raised alarm, but not on an idle one", async () => {
    const account = healthy();
    const endpoint = account.endpoints.get(name);
    if (endpoint === undefined) throw new Error("no endpoint");
    endpoint.instances = 1;
    account.alarms.set(`${name}-errors`, true);

    const first = await findings(account);

    assert.equal(first.of("capacity")?.said, "1 running, and 2 is the minimum");
    assert.equal(first.of("alarms")?.said, `${name}-errors raised`);

    delete endpoint.minimumInstances;
    account.alarms.clear();
    const second = await findings(account);

    assert.match(second.of("capacity")?.said ?? "", /configured to scale, and is not registered/);
    assert.equal(second.of("alarms")?.said, `${name}-latency, ${name}-errors missing`);
  });

  it("fails where an alarm is gone that rollouts roll back on, though others are quiet", async () => {
    const account = healthy();
    account.alarms.delete(`${name}-latency`);
    account.alarms.set(`${name}-function-errors`, false);

    const { status, of } = await findings(account);

    assert.equal(status, 1);
    assert.equal(of("alarms")?.said, `${name}-latency missing`);
  });

  it("refuses golden images for an endpoint that the stack's file does not have", async () => {
    const images = [
      { image: "dog.png", index: 1, endpoint: "single" },
      { image: "dog.png", index: 2, endpoint: "singel" },
    ];
    writeFileSync(golden, JSON.stringify({ images }));

    const { status, stderr, aws } = await run(healthy(), ["--golden", golden]);

    assert.equal(status, 2);
    assert.match(stderr, /images\[1\]\.endpoint is "singel"; Pulumi\.dev\.yaml declares: single\./);
    assert.deepEqual(aws.calls, []);
  });

  it("says of golden images that were not asked about that they were not checked", async () => {
    writeFileSync(golden, JSON.stringify({ images: [{ image: "dog.png", index: 2 }] }));
    const changing = healthy();
    const endpoint = changing.endpoints.get(name);
    if (endpoint !== undefined) endpoint.status = "Updating";
    const scaling = { min: 0, max: 2, targetBacklogPerInstance: 5 };
    const serving = { kind: "async", instanceType: "ml.m5.large", initialCount: 1, scaling };
    for (const [account, given, why, status] of [
      [changing, {}, "the endpoint is not in service", 1],
      [healthy(), { serving }, "an asynchronous endpoint answers into a bucket, not to a request", 0],
    ] as const) {
      if (status === 0) account.alarms.set(`${name}-stalled`, false);
      const { of, ...found } = await findings(account, ["--golden", golden], given);

      assert.equal(found.status, status, JSON.stringify(found.findings));
      assert.deepEqual(
        [of("golden")?.verdict, of("golden")?.said],
        ["unchecked", `${folder}/dog.png: ${why}`],
      );
    }
  });

  it("fails where an endpoint is deployed that the stack's file does not want", async () => {
    const whole = contract() as { endpoints: { single: object } };
    const exported = state({
      ...whole,
      endpoints: { single: whole.endpoints.single, old: whole.endpoints.single },
    });

    const withOld = await findings(healthy(), [], { exported });
    const withoutDigest = await findings(healthy(), [], { promoted: null });

    for (const [{ status, findings: all }, failed] of [
      [withOld, ["old"]],
      [withoutDigest, ["single"]],
    ] as const) {
      assert.equal(status, 1);
      assert.deepEqual(
        all.filter(({ verdict }) => verdict === "failed").map(({ endpoint, check }) => [endpoint, check]),
        failed.map((key) => [key, "deployed"]),
      );
    }
    assert.match(
      withOld.of("deployed")?.said ?? "",
      /^it is deployed, and Pulumi\.dev\.yaml does not want it/,
    );
  });

  it("fails where a function is configured and the outputs have none", async () => {
    const whole = contract() as { endpoints: { single: Record<string, unknown> } };
    const { functionAliasArn: _, ...single } = whole.endpoints.single;
    const given = { exported: state({ ...whole, endpoints: { single } }) };

    const configured = await findings(healthy(), [], {
      ...given,
      fn: { kind: "invoke", reservedConcurrency: 5 },
    });
    const none = await findings(healthy(), [], given);

    assert.equal(configured.status, 1);
    assert.match(
      configured.of("function")?.said ?? "",
      /^endpoints\.single\.function is configured, and the stack's outputs have none/,
    );
    assert.equal(none.status, 0);
    assert.equal(none.of("function"), undefined);
  });

  it("fails where the promoted digest is not approved, though it answers", async () => {
    const group = "sagemaker-ops-dev-breeds";
    const judged = async (
      approval: "required" | "automatic",
      verdict: string | undefined,
      { isDeployed = true, isRecorded = false } = {},
    ) => {
      const account = healthy();
      const arn = `arn:aws:sagemaker:us-east-1:123456789012:model-package/${group}/3`;
      const containers = [{ Image: "image", ModelDataUrl: uriOf(wanted) }];
      account.packageGroups.set(
        group,
        verdict === undefined
          ? []
          : [
              {
                ...{
                  arn,
                  version: 3,
                  createdAt: new Date(0),
                  createdBy: "ann",
                  token: "t",
                  approval: verdict,
                },
                input: { InferenceSpecification: { Containers: containers } },
              },
            ],
      );
      account.buckets.set(bucket, []);
      if (isRecorded)
        putObject(
          account,
          bucket,
          promotionKey({ model: "breeds", digest: wanted, at: new Date(0) }),
          Buffer.from("{}"),
        );
      const models = isDeployed ? { breeds: { modelPackageGroupName: group } } : {};
      const { of, status } = await findings(account, [], {
        exported: state({ ...contract(), models }),
        registry: { kind: "group", approval },
      });
      return [status, of("approval")?.verdict, of("approval")?.said];
    };

    assert.deepEqual(await judged("required", "Approved"), [0, "ok", `version 3 of ${group}, Approved`]);
    assert.deepEqual(await judged("automatic", "Approved"), [0, "ok", `version 3 of ${group}, Approved`]);
    assert.deepEqual(await judged("required", "PendingManualApproval"), [
      ...[1, "failed", `version 3 of ${group}, waits for approval`],
    ]);
    for (const approval of ["required", "automatic"] as const)
      assert.deepEqual(await judged(approval, "Rejected"), [
        ...[1, "failed", `version 3 of ${group}, Rejected`],
      ]);
    assert.deepEqual(await judged("required", undefined), [1, "failed", `it is no version of ${group}`]);
    assert.deepEqual(await judged("required", undefined, { isRecorded: true }), [
      ...[0, "ok", `it is no version of ${group}`],
    ]);
    assert.deepEqual(await judged("required", "Approved", { isDeployed: false }), [
      ...[1, "failed", "models.breeds.registry is configured, and the stack is deployed without it"],
    ]);
  });

  it("says why an endpoint failed, what to do, and where its log is", async () => {
    const account = healthy();
    const endpoint = account.endpoints.get(name);
    if (endpoint === undefined) throw new Error("no endpoint");
    endpoint.status = "Failed";
    endpoint.failureReason =
      "The primary container for production variant AllTraffic did not pass the ping health check.";

    const { status, of } = await findings(account);

    assert.equal(status, 1);
    assert.match(
      of("status")?.said ?? "",
      /^Failed: the container did not answer \/ping in time \("The primary/,
    );
    assert.match(of("status")?.next ?? "", /Log: https:\/\/console/);
    assert.equal(of("model")?.verdict, "unchecked");

    const { of: first } = await findings(account, [], { exported: { deployment: null } });
    assert.match(
      first("status")?.next ?? "",
      /Log: https:\/\/us-east-1\.console\.aws\.amazon\.com\/.*sagemaker-ops-dev-single$/,
    );
  });

  it("waits with --wait while an endpoint changes, and tells each status once", async () => {
    const account = healthy();
    const endpoint = account.endpoints.get(name);
    if (endpoint === undefined) throw new Error("no endpoint");
    endpoint.status = "Updating";
    let looks = 0;
    const fate: FakeAws["fate"] = ({ operation }) => {
      if (operation === "DescribeEndpoint") {
        looks += 1;
        if (looks === 3) endpoint.status = "RollingBack";
        if (looks === 5) endpoint.status = "InService";
      }
      return "answer";
    };

    const waited = await run(account, ["--wait"], { fate });

    assert.equal(waited.status, 0, waited.stdout);
    assert.equal(waited.stderr, `${name} is Updating; waiting\n${name} is RollingBack; waiting\n`);
    assert.equal(looks, 5);

    endpoint.status = "Updating";
    looks = 10;
    const { status, of } = await findings(account);

    assert.equal(status, 1);
    assert.deepEqual([of("status")?.said, of("status")?.next], ["Updating", "Wait for it with --wait."]);
  });

  it("ends with 0 where no endpoint is due, and names the next command", async () => {
    const { status, stdout, aws } = await run(emptyAccount(), [], {
      promoted: null,
      exported: { deployment: null },
    });

    assert.equal(status, 0);
    assert.match(
      stdout,
      /endpoint single is not due: no artifact is promoted: models\.breeds\.digest is not set/,
    );
    assert.deepEqual(aws.calls, []);
  });

  it("fails where an endpoint is due and nothing is deployed", async () => {
    const {
      status,
      of,
      findings: all,
    } = await findings(emptyAccount(), [], { exported: { deployment: null } });

    assert.equal(status, 1);
    assert.equal(all.length, 2);
    assert.match(of("status")?.said ?? "", /there is no endpoint sagemaker-ops-dev-single/);
  });

  it("does not count the instances of a serverless endpoint", async () => {
    const serving = { kind: "serverless", memoryMiB: 3072, maxConcurrency: 5 };

    const { status, findings: all } = await findings(healthy(), [], { serving });

    assert.equal(status, 0, JSON.stringify(all));
    assert.equal(
      all.some(({ check }) => check === "capacity"),
      false,
    );
  });

  it("refuses golden files that are wrong, and names the entry", async () => {
    for (const [content, expected] of [
      [{ images: [] }, /has no list "images"/],
      [{ images: [{ index: 1 }] }, /images\[0\]\.image is missing; it must be a path/],
      [
        { images: [{ image: "a.png", index: -1 }] },
        /images\[0\]\.index is -1; it must be a whole number from 0/,
      ],
      [
        { images: [{ image: "a.png", index: 1, tolerance: 2 }] },
        /tolerance is 2; it must be a number from 0 to 1/,
      ],
    ] as const) {
      writeFileSync(golden, JSON.stringify(content));

      const { status, stderr } = await run(healthy(), ["--golden", golden]);

      assert.equal(status, 2);
      assert.match(stderr, expected);
    }
  });

  it("stops with 3 where it may not look", async () => {
    const { status, stderr } = await run(healthy(), [], {
      fate: ({ operation }) =>
        operation === "DescribeEndpoint" ? new Refusal("AccessDeniedException", "no") : "answer",
    });

    assert.equal(status, 3);
    assert.match(stderr, /Allow sagemaker:DescribeEndpoint on sagemaker-ops-dev-single/);
  });
});

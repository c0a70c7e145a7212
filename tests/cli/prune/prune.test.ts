import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { startFaultProxy } from "../faults/fault-proxy";
import { putObject } from "../promote/promote-tools";
import { contentsOf } from "./fake-account";
import { Refusal } from "./fake-aws";
import { bucket, daysAgo, digestOf, own, pruneTools, uriOf, usedAccount, usedState } from "./prune-tools";

const isDeletion = ({ operation }: { readonly operation: string }) => operation.startsWith("Delete");

/** Does not prove what AWS itself deletes and lists; the fake has the forms of its API references. */
describe("sagemaker-ops prune", () => {
  const { folder, serve, run, runCommand, writeProject } = pruneTools();
  const used = { state: usedState, promotedDigest: digestOf("d5") };

  it("shows what would go and why the rest stays, and deletes nothing", async () => {
    const account = usedAccount();
    const before = contentsOf(account);
    const aws = await serve(account);

    const { status, stdout, stderr } = await run(aws, used);

    assert.equal(status, 0, stderr);
    assert.deepEqual(contentsOf(account), before);
    assert.deepEqual(aws.calls.filter(isDeletion), []);
    assert.match(stdout, /single-config-0000001 .* no endpoint names it/);
    assert.match(stdout, /single-config-0000005 .* endpoint sagemaker-ops-dev-single names it/);
    assert.match(
      stdout,
      /8 things with 13\.0 kB would be deleted, for good\. Nothing is deleted without --yes\./,
    );
  });

  it("keeps what a model package names that may yet be deployed, and what runs from a rejected one", async () => {
    const account = usedAccount();
    const version = (number: number, digest: string, approval: string) => ({
      arn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/g/${number}`,
      version: number,
      createdAt: daysAgo(50),
      createdBy: "ann",
      token: String(number),
      input: {
        ModelPackageGroupName: "g",
        InferenceSpecification: { Containers: [{ Image: "image", ModelDataUrl: uriOf(digest) }] },
      },
      approval,
    });
    const digests = ["e1", "e2", "e3", "e4"].map(digestOf) as [string, string, string, string];
    const objects = account.buckets.get(bucket) ?? [];
    for (const digest of digests)
      objects.push({
        key: `models/${digest}/model.tar.gz`,
        versionId: "1",
        lastModified: daysAgo(80),
        body: Buffer.from("registered"),
      });
    // Of another group than the stack's own: a name in a registry is a name.
    account.packageGroups.set("another", []);
    account.packageGroups.set("g", [
      version(1, digests[0], "Approved"),
      version(2, digests[1], "PendingManualApproval"),
      version(3, digests[2], "Rejected"),
      version(4, digests[3], "Rejected"),
    ]);
    account.models.set("by-hand", {
      createdAt: daysAgo(50),
      uris: [],
      packageArn: version(4, "", "").arn,
      tags: {},
    });
    const aws = await serve(account);

    const { status, stdout, stderr } = await run(aws, used, ["--keep", "0", "--yes"]);

    assert.equal(status, 0, stderr);
    const left = contentsOf(account).objects ?? [];
    assert.deepEqual(
      digests.map((digest) => left.some((key) => key.startsWith(`models/${digest}/`))),
      [true, true, false, true],
    );
    assert.match(stdout, /e10000000000.* model package g, version 1 names it/);
    assert.match(stdout, /e40000000000.* model by-hand loads it/);
  });

  it("keeps an artifact that is registered while it prunes", async () => {
    const account = usedAccount();
    account.packageGroups.set("g", []);
    const aws = await serve(account);
    aws.fate = ({ operation }) => {
      if (operation === "DeleteModel")
        account.packageGroups.set("g", [
          {
            arn: "arn:aws:sagemaker:us-east-1:123456789012:model-package/g/1",
            version: 1,
            createdAt: new Date(),
            createdBy: "ann",
            token: "1",
            input: {
              ModelPackageGroupName: "g",
              InferenceSpecification: {
                Containers: [{ Image: "image", ModelDataUrl: uriOf(digestOf("d1")) }],
              },
            },
            approval: "PendingManualApproval",
          },
        ]);
      return "answer";
    };

    const { status, stdout, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 0, stderr);
    assert.match(stdout, /Came into use, and stays[\s\S]*d1.* model package g, version 1 names it/);
    assert.ok(contentsOf(account).objects?.some((key) => key.includes(digestOf("d1"))));
    assert.ok(!contentsOf(account).objects?.some((key) => key.startsWith(`models/${digestOf("d2")}`)));
  });

  it("keeps an artifact that is promoted again while it looks at the models", async () => {
    const account = usedAccount();
    const aws = await serve(account);
    aws.fate = ({ operation }) => {
      const before = aws.calls.slice(aws.calls.findIndex(isDeletion)).map((call) => call.operation);
      // Artifacts are looked at again before the first of them is deleted, and then who uses it.
      if (operation === "ListModels" && before.length > 1 && before.includes("ListObjectVersions"))
        putObject(
          account,
          bucket,
          `promotions/breeds/${new Date().toISOString()}-${digestOf("d1")}.json`,
          Buffer.from("{}"),
        );
      return "answer";
    };

    const { status, stdout, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 0, stderr);
    assert.match(stdout, /Came into use, and stays[\s\S]*d1.* promoted last as breeds/);
    assert.ok(contentsOf(account).objects?.some((key) => key.startsWith(`models/${digestOf("d1")}/`)));
  });

  it("deletes with --yes exactly what nothing uses, configurations before models before artifacts", async () => {
    const account = usedAccount();
    const aws = await serve(account);

    const { status, stdout, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 0, stderr);
    assert.deepEqual(
      aws.calls.filter(isDeletion).map(({ operation, about }) => [operation, about]),
      [
        ["DeleteEndpointConfig", "single-config-0000001"],
        ["DeleteEndpointConfig", "single-config-0000002"],
        ["DeleteModel", "single-model-0000001"],
        ["DeleteModel", "single-model-0000002"],
        ["DeleteObject", `models/${digestOf("d1")}/model.tar.gz`],
        ["DeleteObject", `models/${digestOf("d2")}/model.tar.gz`],
        ["DeleteLogGroup", "/aws/sagemaker/Endpoints/sagemaker-ops-dev-multi"],
        ["DeleteLogGroup", "/aws/lambda/sagemaker-ops-dev-multi"],
      ],
    );
    const { objects: _, ...rest } = contentsOf(account);
    assert.deepEqual(rest, {
      endpoints: ["sagemaker-ops-dev-single"],
      configurations: [
        "by-hand-config",
        "single-config-0000003",
        "single-config-0000004",
        "single-config-0000005",
        "single-config-1111111",
      ],
      models: [
        "single-model-0000003",
        "single-model-0000004",
        "single-model-0000005",
        "single-model-1111111",
      ],
      logGroups: [
        "/aws/lambda/sagemaker-ops-dev-single",
        "/aws/lambda/sagemaker-ops-prod-breeds",
        "/aws/sagemaker/Endpoints/sagemaker-ops-dev-single",
      ],
    });
    assert.match(stdout, /8 things with 13\.0 kB deleted\./);

    const again = await run(aws, used, ["--yes"]);

    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, /0 things deleted\./);
  });

  it("deletes every version of an artifact, its delete markers too", async () => {
    const account = usedAccount();
    const versions = account.buckets.get("models-of-dev") ?? [];
    const key = `models/${digestOf("d1")}/model.tar.gz`;
    versions.unshift(
      { key, versionId: "marker", lastModified: daysAgo(40), body: Buffer.alloc(0), isMarker: true },
      { key, versionId: "newer", lastModified: daysAgo(41), body: Buffer.alloc(500) },
    );
    const aws = await serve(account);

    const { status, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 0, stderr);
    assert.deepEqual(
      versions.filter((version) => version.key === key),
      [],
    );
  });

  it("keeps what an endpoint is being moved to, and what one uses that has failed", async () => {
    const account = usedAccount();
    account.endpoints.set("by-hand", {
      status: "Updating",
      configName: "single-config-0000001",
      pendingConfigName: "single-config-0000002",
      createdAt: daysAgo(50),
      modifiedAt: daysAgo(0),
    });
    account.endpoints.set("sagemaker-ops-dev-single", {
      status: "Failed",
      configName: "single-config-0000003",
      createdAt: daysAgo(60),
      modifiedAt: daysAgo(0),
    });
    const aws = await serve(account);

    const { status, stderr } = await run(aws, used, ["--yes", "--keep", "0"]);

    assert.equal(status, 0, stderr);
    assert.deepEqual(
      aws.calls.filter(isDeletion).map(({ about }) => about),
      // 5 is in the stack's state.
      [
        "single-config-0000004",
        "single-model-0000004",
        `models/${digestOf("d4")}/model.tar.gz`,
        "/aws/sagemaker/Endpoints/sagemaker-ops-dev-multi",
        "/aws/lambda/sagemaker-ops-dev-multi",
      ],
    );
  });

  it("keeps models that a shadow, an inference component or a running transform job uses", async () => {
    const account = usedAccount();
    account.configurations.set("theirs-config-2222222", {
      createdAt: daysAgo(3),
      models: [],
      shadows: ["single-model-0000001"],
      tags: {},
    });
    account.components.set("adapter", "single-model-0000002");
    account.transformJobs.set("nightly", { modelName: "single-model-0000003", status: "InProgress" });
    account.transformJobs.set("over", { modelName: "single-model-0000004", status: "Completed" });
    const aws = await serve(account);

    const { stdout } = await run(aws, used, ["--yes", "--keep", "0"]);

    const deleted = aws.calls.filter(({ operation }) => operation === "DeleteModel");
    assert.deepEqual(
      deleted.map(({ about }) => about),
      ["single-model-0000004"],
    );
    assert.match(stdout, /single-model-0000001 .* configuration theirs-config-2222222 names it/);
    assert.match(stdout, /single-model-0000002 .* inference component adapter runs it/);
    assert.match(stdout, /single-model-0000003 .* transform job nightly runs it/);
  });

  it("keeps artifacts that a model of anybody loads, packed or as a folder", async () => {
    const account = usedAccount();
    account.models.set("theirs", {
      createdAt: daysAgo(2),
      uris: ["s3://elsewhere/x.tar.gz", `s3://models-of-dev/models/${digestOf("d1")}/`],
      tags: {},
    });
    account.models.set("theirs-too", { createdAt: daysAgo(2), uris: [uriOf(digestOf("d2"))], tags: {} });
    const aws = await serve(account);

    await run(aws, used, ["--yes", "--keep", "0"]);

    const deleted = aws.calls.filter(({ operation }) => operation === "DeleteObject");
    assert.deepEqual(
      deleted.map(({ about }) => about),
      ["d3", "d4"].map((start) => `models/${digestOf(start)}/model.tar.gz`),
    );
  });

  it("keeps what has come into use between the look and the deletion, and says so", async () => {
    const account = usedAccount();
    const aws = await serve(account);
    aws.fate = ({ operation, about }) => {
      const endpoint = account.endpoints.get("sagemaker-ops-dev-single");
      if (
        operation === "DeleteEndpointConfig" &&
        about === "single-config-0000001" &&
        endpoint !== undefined
      ) {
        endpoint.status = "Updating";
        endpoint.pendingConfigName = "single-config-0000002";
      }
      return "answer";
    };

    const { status, stdout, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 0, stderr);
    assert.ok(account.configurations.has("single-config-0000002"));
    assert.ok(account.models.has("single-model-0000002"));
    assert.match(
      stdout,
      /Came into use, and stays\n {2}endpoint configurations\n {4}single-config-0000002 .* endpoint sagemaker-ops-dev-single names it\n {2}models\n {4}single-model-0000002 .* configuration single-config-0000002 names it/,
    );
  });

  it("keeps the model of a configuration that could not be deleted, and ends with 1", async () => {
    const account = usedAccount();
    const aws = await serve(account);
    aws.fate = ({ operation, about }) =>
      operation === "DeleteEndpointConfig" && about === "single-config-0000001"
        ? new Refusal("ValidationException", "Cannot delete it now.")
        : "answer";

    const { status, stdout } = await run(aws, used, ["--yes"]);

    assert.equal(status, 1);
    assert.ok(account.models.has("single-model-0000001"));
    assert.ok(!account.models.has("single-model-0000002"));
    assert.match(
      stdout,
      /Could not be deleted\n {2}endpoint configurations\n {4}single-config-0000001 .* sagemaker:DeleteEndpointConfig/,
    );
    assert.match(stdout, /1 left: run the command again\./);
  });

  it("stops where a permission is missing, with 3, and names it", async () => {
    const account = usedAccount();
    const aws = await serve(account);
    aws.fate = ({ operation }) =>
      operation === "DeleteModel" ? new Refusal("AccessDeniedException", "not authorized") : "answer";

    const { status, stdout, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 3);
    assert.match(
      stderr,
      /^sagemaker:DeleteModel of single-model-0000001 was refused: .*Allow sagemaker:DeleteModel/,
    );
    assert.equal(aws.calls.filter(({ operation }) => operation === "DeleteModel").length, 1);
    assert.match(stdout, /2 things deleted\. 6 left: run the command again\./);
  });

  it("deletes nothing where a listing is refused", async () => {
    for (const operation of [
      "ListEndpoints",
      "ListInferenceComponents",
      "DescribeEndpointConfig",
      "ListTags",
    ]) {
      const account = usedAccount();
      const aws = await serve(account);
      aws.fate = (call) =>
        call.operation === operation ? new Refusal("AccessDeniedException", "not authorized") : "answer";

      const { status, stderr } = await run(aws, used, ["--yes"]);

      assert.equal(status, 3, operation);
      assert.ok(stderr.startsWith(`sagemaker:${operation}`), stderr);
      assert.deepEqual(aws.calls.filter(isDeletion), []);
    }
  });

  it("tries again when AWS throttles, and when it fails for a moment", async () => {
    const account = usedAccount();
    const aws = await serve(account);
    const seen = new Map<string, number>();
    aws.fate = ({ operation, about }) => {
      const times = (seen.get(`${operation} ${about}`) ?? 0) + 1;
      seen.set(`${operation} ${about}`, times);
      if (times === 1) return new Refusal("ThrottlingException", "Rate exceeded");
      return times === 2 ? new Refusal("InternalFailure", "try again", 500) : "answer";
    };

    const { status, stdout, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 0, stderr);
    assert.match(stdout, /8 things with 13\.0 kB deleted\./);
  });

  it("refuses credentials of another account", async () => {
    const account = usedAccount();
    account.accountId = "999999999999";
    const aws = await serve(account);

    const { status, stderr } = await run(aws, used, ["--yes"]);

    assert.equal(status, 2);
    assert.match(stderr, /of the AWS account 999999999999; the stack is deployed in 123456789012/);
    assert.deepEqual(
      aws.calls.map(({ operation }) => operation),
      ["GetCallerIdentity"],
    );
  });

  it("takes nothing of an environment whose name begins as this one's does", async () => {
    const account = usedAccount();
    account.logGroups.set("/aws/lambda/sagemaker-ops-dev-two-single", {
      createdAt: daysAgo(30),
      storedBytes: 1,
      tags: {},
    });
    const aws = await serve(account);

    await run(aws, { ...used, otherEnvironments: ["dev-two"] }, ["--yes"]);

    assert.ok(account.logGroups.has("/aws/lambda/sagemaker-ops-dev-two-single"));
    assert.ok(!account.logGroups.has("/aws/lambda/sagemaker-ops-dev-multi"));
  });

  it("counts the hour by AWS's clock, where this computer's is ahead", async () => {
    const account = usedAccount();
    account.endpoints.clear();
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const made = (createdAt: Date) => ({ createdAt, models: [], tags: own });
    account.configurations.set("single-config-000000a", made(minutesAgo(120 + 30)));
    account.configurations.set("single-config-000000b", made(minutesAgo(120 + 90)));
    const aws = await serve(account);
    const proxy = await startFaultProxy(aws.origin);
    proxy.aheadSeconds = -7200;
    try {
      const { status, stderr } = await run({ ...aws, origin: proxy.origin }, used, [
        ...["--yes", "--keep", "0"],
      ]);

      assert.equal(status, 0, stderr);
    } finally {
      await proxy.close();
    }
    const left = [...account.configurations.keys()].filter((name) => /000000[ab]$/.test(name));
    assert.deepEqual(left, ["single-config-000000a"]);
  });

  it("works with the outputs alone, if it keeps two at least", async () => {
    const aws = await serve(usedAccount());
    writeProject(used);
    const { outputs } = (usedState as { deployment: { resources: { outputs: object }[] } }).deployment
      .resources[0] as { outputs: object };
    const file = `${folder}/outputs.json`;
    const { writeFileSync } = await import("node:fs");
    writeFileSync(file, JSON.stringify(outputs));
    const args = ["--stack", "dev", "--outputs", file];

    const [one, two] = [
      await runCommand(aws, [...args, "--keep", "1"]),
      await runCommand(aws, [...args, "--keep", "2", "--json"]),
    ];

    assert.equal(one.status, 2);
    assert.match(one.stderr, /--keep is 1; with --outputs it must be at least 2/);
    assert.equal(two.status, 0, two.stderr);
    const { dryRun, things, notes } = JSON.parse(two.stdout) as {
      dryRun: boolean;
      things: { kind: string; name: string; verdict: string }[];
      notes: string[];
    };
    assert.equal(dryRun, true);
    assert.equal(notes.length, 1);
    assert.deepEqual(
      things
        .filter(({ kind, verdict }) => kind === "configuration" && verdict === "delete")
        .map(({ name }) => name),
      ["single-config-0000001", "single-config-0000002", "single-config-0000003"],
    );
  });

  it("refuses wrong arguments and files before it asks AWS anything", async () => {
    const aws = await serve(usedAccount());
    writeProject(used);
    const cases: [readonly string[], RegExp][] = [
      [["--stack", "dev", "--keep", "-1"], /--keep is "-1"; it must be a whole number/],
      [["--stack", "dev", "--state", `${folder}/absent.json`], /cannot be read \(ENOENT\)/],
      [["--stack", "dev", "--state", `${folder}/Pulumi.dev.yaml`], /not valid JSON/],
      [["--stack", "dev", "--state", "a", "--outputs", "b"], /Give one of them/],
    ];
    for (const [args, expected] of cases) {
      const { status, stderr } = await runCommand(aws, args);

      assert.equal(status, 2);
      assert.match(stderr, expected);
    }
    assert.deepEqual(aws.calls, []);
  });
});

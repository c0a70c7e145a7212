import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { promotionKey } from "../../../cli/core/promote/history";
import { artifact, groupName, promoteTools, putObject, sha256 } from "../promote/promote-tools";
import type { FakeAws } from "../prune/fake-aws";
import { bucket, daysAgo, digestOf } from "../prune/prune-tools";

/** Does not prove that the deployment goes back; the engine's tests prove that a changed digest is deployed. */
describe("sagemaker-ops rollback", () => {
  const { file, local, account, serve, writeStack, run } = promoteTools();
  const contents = ["first", "second", "third"].map((text) => Buffer.from(text));
  const [first, second, third] = contents.map(sha256) as [string, string, string];

  /** Promoted one after the other; the artifacts are there but for `gone`. */
  const withHistory = (gone: readonly string[] = []) => {
    const made = account();
    contents.forEach((body, index) => {
      const digest = sha256(body);
      if (!gone.includes(digest)) putObject(made, bucket, `models/${digest}/model.tar.gz`, body);
      const at = daysAgo(30 - index);
      const provenance = { source: `job ${index}`, promotedAt: at.toISOString(), promotedBy: "ann" };
      putObject(
        made,
        bucket,
        promotionKey({ model: "breeds", digest, at }),
        Buffer.from(JSON.stringify({ model: "breeds", digest, provenance })),
      );
    });
    putObject(
      made,
      bucket,
      promotionKey({ model: "cats", digest: digestOf("ca"), at: daysAgo(1) }),
      Buffer.from(""),
    );
    return made;
  };
  const modelIn = (): Record<string, unknown> => {
    const { config } = parse(readFileSync(file, "utf8")) as {
      config: Record<string, { breeds: Record<string, unknown> }>;
    };
    return config["sagemaker-ops:models"]?.breeds ?? {};
  };

  it("goes back to what the model had before, with the origin that it had then", async () => {
    writeStack(third);
    const aws = await serve(withHistory());

    const { status, stdout, stderr } = await run(aws, ["rollback", "breeds"]);

    assert.equal(status, 0, stderr);
    assert.equal(modelIn().digest, second);
    assert.deepEqual(modelIn().provenance, {
      source: "job 1",
      promotedAt: (modelIn().provenance as { promotedAt: string }).promotedAt,
      promotedBy: "ann",
    });
    assert.match(stdout, new RegExp(`^- +digest: "?${third}"?\\n\\+ +digest: "${second}"$`, "m"));
    assert.match(stdout, /npx sagemaker-ops up --stack dev/);
  });

  it("goes back once however often it is run, and deploys that each time with --up", async () => {
    writeStack(third);
    const aws = await serve(withHistory());
    const deployed: unknown[] = [];
    const deploy = async () => {
      deployed.push(modelIn().digest);
      return deployed.length === 1 ? 255 : 0;
    };

    assert.equal((await run(aws, ["rollback", "breeds", "--up"], { deploy })).status, 255);
    const file_ = readFileSync(file, "utf8");
    const { status, stdout, stderr } = await run(aws, ["rollback", "breeds", "--up"], { deploy });

    assert.equal(status, 0, stderr);
    assert.deepEqual(deployed, [second, second]);
    assert.equal(readFileSync(file, "utf8"), file_);
    assert.match(stdout, new RegExp(`^breeds needs no change\\nat {3}${second}\\n`));
    assert.match(stdout, new RegExp(`newest first:\\n {2}${third}\\n {2}${first}\\n$`));
  });

  it("deploys a given digest with --up also where the file has it already", async () => {
    writeStack(first);
    const aws = await serve(withHistory());
    const deployed: unknown[] = [];

    const { status } = await run(aws, ["rollback", "breeds", first.slice(0, 8), "--up"], {
      deploy: async () => deployed.push(modelIn().digest) - 1,
    });

    assert.equal(status, 0);
    assert.deepEqual(deployed, [first]);
  });

  it("ends where the history does", async () => {
    writeStack(first);
    const made = withHistory();
    made.buckets.set(
      bucket,
      (made.buckets.get(bucket) ?? []).filter(({ key }) => key.includes(first)),
    );
    const aws = await serve(made);

    const { status, stderr } = await run(aws, ["rollback", "breeds"]);

    assert.equal(status, 2);
    assert.match(stderr, /The history of breeds has nothing before /);
    assert.equal(modelIn().digest, first);
  });

  it("goes to what the file had, never to a promotion that was killed before it got there", async () => {
    const made = account();
    const promoted = async (weights: string, fate: FakeAws["fate"] = () => "answer") => {
      const bytes = artifact({ weights });
      writeFileSync(local, bytes);
      const aws = await serve(made);
      aws.fate = fate;
      const { status } = await run(aws, ["promote", "breeds", "--from", local]);
      return { status, digest: sha256(bytes) };
    };
    writeStack();
    const before = await promoted("before");
    const killed = await promoted("killed", ({ operation, about }) =>
      operation === "PutObject" && about.startsWith("promotions/") ? "die after" : "answer",
    );
    const after = await promoted("after");
    assert.deepEqual([before.status, killed.status, after.status], [0, 3, 0]);
    const records = made.buckets.get(bucket)?.filter(({ key }) => key.startsWith("promotions/")) ?? [];
    assert.equal(records.length, 3);

    const { status, stderr } = await run(await serve(made), ["rollback", "breeds"]);

    assert.equal(status, 0, stderr);
    assert.equal(modelIn().digest, before.digest);
  });

  it("asks where to go from a digest that the history does not have", async () => {
    const aws = await serve(withHistory());
    for (const digest of [undefined, digestOf("ab")]) {
      writeStack(digest);

      const { status, stderr } = await run(aws, ["rollback", "breeds"]);

      assert.equal(status, 2);
      assert.match(stderr, /^models\.breeds\.digest is .* which the history has no record of/);
      assert.match(stderr, /Say where to go: `npx sagemaker-ops rollback breeds DIGEST --stack dev`\. Known/);
      assert.equal(modelIn().digest, digest);
    }
  });

  it("refuses --json with --up: Pulumi's output is no JSON", async () => {
    writeStack(third);
    const aws = await serve(withHistory());

    const { status, stderr } = await run(aws, ["rollback", "breeds", "--json", "--up"]);

    assert.equal(status, 2);
    assert.match(stderr, /Give --json alone, and run `npx sagemaker-ops up --stack dev` then/);
    assert.equal(modelIn().digest, third);
    assert.deepEqual(aws.calls, []);
  });

  it("goes to a given digest, or to the one that begins so", async () => {
    writeStack(third);
    const aws = await serve(withHistory());

    assert.equal((await run(aws, ["rollback", "breeds", first.slice(0, 8)])).status, 0);
    assert.equal(modelIn().digest, first);
    assert.equal((await run(aws, ["rollback", "breeds", third])).status, 0);
    assert.equal(modelIn().digest, third);
  });

  it("refuses what it cannot go back to, and shows the history", async () => {
    writeStack(third);
    const aws = await serve(withHistory([second]));
    for (const [args, expected] of [
      [["breeds"], /is not in the bucket models-of-dev: it was pruned/],
      [["breeds", "000000"], /is no digest of the history\. .*Known, newest first: /],
      [["breeds", "v1"], /is no digest of the history/],
      [["cats"], /declares no model cats/],
    ] as const) {
      const { status, stderr } = await run(aws, ["rollback", ...args]);

      assert.equal(status, 2);
      assert.match(stderr, expected);
    }
    assert.equal(modelIn().digest, third);
  });

  it("refuses an artifact whose bytes are not what its name says", async () => {
    writeStack(third);
    const made = withHistory([second]);
    putObject(made, bucket, `models/${second}/model.tar.gz`, Buffer.from("changed"));
    const aws = await serve(made);

    const { status, stderr } = await run(aws, ["rollback", "breeds"]);

    assert.equal(status, 2);
    assert.match(stderr, /holds something else than its name says/);
  });

  it("goes back to nothing that the model registry has rejected, nor to what was never approved", async () => {
    const registered = (approval: "required" | "automatic") =>
      writeStack(undefined, {
        models: { breeds: { classes: 133, digest: third, registry: { kind: "group", approval } } },
      });
    const version = (digest: string, approval: string, number: number) => ({
      arn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/${groupName}/${number}`,
      version: number,
      createdAt: daysAgo(20),
      createdBy: "arn:aws:iam::123456789012:user/bob",
      token: digest,
      input: {
        InferenceSpecification: {
          Containers: [{ Image: "image", ModelDataUrl: `s3://${bucket}/models/${digest}/model.tar.gz` }],
        },
      },
      approval,
      ...(approval === "Rejected" ? { approvalDescription: "by ann: too dark" } : {}),
    });
    const stored = Buffer.from("stored, and killed before it was registered");
    const made = withHistory();
    putObject(made, bucket, `models/${sha256(stored)}/model.tar.gz`, stored);
    made.packageGroups.set(groupName, [version(first, "Approved", 1), version(second, "Rejected", 2)]);
    const aws = await serve(made);
    for (const approval of ["required", "automatic"] as const) {
      registered(approval);

      const { status, stderr } = await run(aws, ["rollback", "breeds"]);

      assert.equal(status, 1);
      assert.match(
        stderr,
        /It was rejected \(version 2 of sagemaker-ops-dev-breeds; Rejected: by ann: too dark\)/,
      );
      assert.equal(modelIn().digest, third);
      assert.equal((await run(aws, ["rollback", "breeds", first])).status, 0);
      assert.equal(modelIn().digest, first);
    }

    made.packageGroups.set(groupName, [version(first, "PendingManualApproval", 1)]);
    for (const [approval, digest, expected] of [
      ["required", first, /It waits for approval as version 1 .*Somebody else than .*user\/bob/],
      ["required", sha256(stored), /It was never promoted as breeds, and is no version of /],
      ["required", second, undefined],
      ["automatic", first, undefined],
      ["automatic", sha256(stored), undefined],
    ] as const) {
      registered(approval);

      const { status, stderr } = await run(aws, ["rollback", "breeds", digest]);

      assert.equal(status, expected === undefined ? 0 : 1, stderr);
      assert.equal(modelIn().digest, expected === undefined ? digest : third);
      if (expected !== undefined) assert.match(stderr, expected);
    }
  });

  it("changes nothing with --dry-run, and deploys with --up, whose status is the command's", async () => {
    writeStack(third);
    const aws = await serve(withHistory());
    const deployed: string[] = [];
    const deploy = async (stack: string) => {
      deployed.push(`${stack} ${modelIn().digest}`);
      return 255;
    };

    const dry = await run(aws, ["rollback", "breeds", "--dry-run", "--up"], { deploy });

    assert.equal(dry.status, 0);
    assert.equal(modelIn().digest, third);
    assert.deepEqual(deployed, []);

    assert.equal((await run(aws, ["rollback", "breeds", "--up"], { deploy })).status, 255);
    assert.deepEqual(deployed, [`dev ${second}`]);
  });
});

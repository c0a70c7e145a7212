import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { promotionKey } from "../../../cli/core/promote/history";
import { promoteTools, putObject, sha256 } from "../promote/promote-tools";
import { bucket, daysAgo, digestOf } from "../prune/prune-tools";

/** Does not prove that the deployment goes back; the engine's tests prove that a changed digest is deployed. */
describe("sagemaker-ops rollback", () => {
  const { file, account, serve, writeStack, run } = promoteTools();
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

  it("goes back by two when it is run twice, and ends where the history does", async () => {
    writeStack(third);
    const aws = await serve(withHistory());

    await run(aws, ["rollback", "breeds"]);
    assert.equal((await run(aws, ["rollback", "breeds"])).status, 0);
    assert.equal(modelIn().digest, first);
    const { status, stderr } = await run(aws, ["rollback", "breeds"]);

    assert.equal(status, 2);
    assert.match(stderr, /The history of breeds has nothing before /);
    assert.equal(modelIn().digest, first);
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
      [["breeds", third], /is at [0-9a-f]{64} already/],
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

import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { startFaultProxy } from "../faults/fault-proxy";
import { copyOf } from "../prune/fake-account";
import { Refusal } from "../prune/fake-aws";
import { bucket } from "../prune/prune-tools";
import { artifact, promoteTools, putObject, sha256 } from "./promote-tools";

const jobName = "sagemaker-ops-dev-single-1a2b3c4d";
const jobKey = `jobs/${jobName}/output/model.tar.gz`;

/** Does not prove what S3 itself compares and copies; the fake has the forms of its API reference. */
describe("sagemaker-ops promote", () => {
  const { folder, file, local, account, serve, writeStack, run } = promoteTools();
  const bytes = artifact({ accuracy: 0.875 });
  const digest = sha256(bytes);
  const key = `models/${digest}/model.tar.gz`;

  beforeEach(() => {
    writeStack();
    writeFileSync(local, bytes);
  });

  const withJob = (status = "Completed", more: object = {}) => {
    const made = account();
    putObject(made, "output-of-dev", jobKey, bytes);
    made.trainingJobs.set(jobName, {
      status,
      artifact: `s3://output-of-dev/${jobKey}`,
      accuracy: 0.5,
      ...more,
    });
    return made;
  };
  const keysIn = (of: ReturnType<typeof account>) => of.buckets.get(bucket)?.map((one) => one.key) ?? [];
  const modelIn = (): Record<string, unknown> => {
    const { config } = parse(readFileSync(file, "utf8")) as {
      config: Record<string, { breeds: Record<string, unknown> }>;
    };
    return config["sagemaker-ops:models"]?.breeds ?? {};
  };

  it("stores a file under its digest, records it, and writes digest and origin into the stack's file", async () => {
    const made = account();
    const before = readFileSync(file, "utf8");
    const aws = await serve(made);

    const { status, stdout, stderr } = await run(aws, ["promote", "breeds", "--from", local]);

    assert.equal(status, 0, stderr);
    const [record, stored] = keysIn(made);
    assert.equal(stored, key);
    assert.match(record ?? "", new RegExp(`^promotions/breeds/\\d{4}-.*Z-${digest}\\.json$`));
    const { provenance, ...model } = modelIn() as { provenance: Record<string, unknown> };
    assert.deepEqual(model, { classes: 133, digest });
    assert.deepEqual(Object.keys(provenance), ["source", "promotedAt", "promotedBy", "validationAccuracy"]);
    assert.equal(provenance.source, "file model.tar.gz");
    assert.equal(provenance.promotedBy, "arn:aws:iam::123456789012:user/test");
    assert.equal(provenance.validationAccuracy, 0.875);
    assert.ok(readFileSync(file, "utf8").startsWith(before.slice(0, before.indexOf("breeds:\n") + 8)));
    assert.match(stdout, /133 classes, validation accuracy 0\.8750, stored in the models bucket/);
    assert.match(stdout, new RegExp(`^\\+ +digest: "${digest}"$`, "m"));
    assert.match(stdout, /npx sagemaker-ops up --stack dev/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("copies a job's artifact within S3, by the job's name in the stack's file, and never uploads it", async () => {
    const made = withJob();
    const aws = await serve(made);

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 0, stderr);
    assert.ok(keysIn(made).includes(key));
    const writes = aws.calls.filter(({ operation }) => /^(?:Put|Copy)/.test(operation));
    assert.deepEqual(
      writes.map(({ operation, about }) => `${operation} ${about.split("/")[0]}`),
      ["CopyObject models", "PutObject promotions"],
    );
    assert.equal((modelIn().provenance as { source: string }).source, `job ${jobName}`);
  });

  it("takes the best trial of a tuning job, and any object of S3", async () => {
    const made = withJob();
    made.tuningJobs.set("search", { status: "Completed", best: jobName });
    const aws = await serve(made);

    assert.equal((await run(aws, ["promote", "breeds", "--from", "search"])).status, 0);
    assert.equal((modelIn().provenance as { source: string }).source, `job ${jobName}`);

    writeStack();
    const uri = `s3://output-of-dev/${jobKey}`;
    assert.equal((await run(aws, ["promote", "breeds", "--from", uri])).status, 0);
    assert.equal(modelIn().digest, digest);
  });

  it("changes nothing with --dry-run, and shows what it would change", async () => {
    const made = withJob();
    const before = readFileSync(file, "utf8");
    const aws = await serve(made);

    const { status, stdout } = await run(aws, ["promote", "breeds", "--from", "single", "--dry-run"]);

    assert.equal(status, 0);
    assert.equal(readFileSync(file, "utf8"), before);
    assert.deepEqual(keysIn(made), []);
    assert.match(stdout, new RegExp(`\\+ +digest: "${digest}"`));
    assert.match(stdout, /Nothing was changed: --dry-run\./);
  });

  it("neither copies nor records again what is promoted already", async () => {
    const made = withJob();
    const aws = await serve(made);
    await run(aws, ["promote", "breeds", "--from", "single"]);
    const [after, keys] = [readFileSync(file, "utf8"), keysIn(made)];

    const { status, stdout } = await run(aws, ["promote", "breeds", "--from", "single", "--json"]);

    assert.equal(status, 0);
    const { changed, stored } = JSON.parse(stdout) as { changed: boolean; stored: boolean };
    assert.deepEqual([changed, stored], [false, false]);
    assert.equal(readFileSync(file, "utf8"), after);
    assert.deepEqual(keysIn(made), keys);
  });

  it("never writes over an object that has the name of another artifact", async () => {
    const made = withJob();
    putObject(made, bucket, key, Buffer.from("something else"));
    const aws = await serve(made);

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 2);
    assert.match(stderr, /holds something else than its name says/);
    assert.equal(made.buckets.get(bucket)?.length, 1);
    assert.equal(modelIn().digest, undefined);
  });

  it("goes on where somebody else stores the same artifact first", async () => {
    const made = withJob();
    const aws = await serve(made);
    aws.fate = ({ operation }) => {
      if (operation === "CopyObject" && !keysIn(made).includes(key)) putObject(made, bucket, key, bytes);
      return "answer";
    };

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 0, stderr);
    assert.equal(keysIn(made).filter((one) => one === key).length, 1);
  });

  it("refuses an artifact that changes between reading and copying", async () => {
    const made = withJob();
    const aws = await serve(made);
    aws.fate = ({ operation }) => {
      if (operation === "CopyObject")
        putObject(made, "output-of-dev", jobKey, artifact({ weights: "other" }));
      return "answer";
    };

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 2);
    assert.match(stderr, /changed while it was read/);
    assert.deepEqual(keysIn(made), []);
  });

  it("promotes only what a completed job made, and says what a job failed of", async () => {
    for (const [status, more, expected] of [
      ["Stopped", {}, /is Stopped; only a Completed one/],
      [
        "Failed",
        { failureReason: "AlgorithmError: out of memory" },
        /is Failed \(AlgorithmError: out of memory\)/,
      ],
      ["InProgress", {}, /is InProgress/],
      ["Completed", { artifact: undefined }, /has no artifact/],
    ] as const) {
      const aws = await serve(withJob(status, more));

      const { status: ended, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

      assert.equal(ended, 2);
      assert.match(stderr, expected);
    }
  });

  it("refuses what does not fit: a model, a source, the classes, the accuracy", async () => {
    const aws = await serve(withJob());
    writeFileSync(local, artifact({ classes: 2 }));
    for (const [args, status, expected] of [
      [["cats", "--from", "single"], 2, /declares no model cats\. It declares: breeds/],
      [["breeds", "--from", "./absent.tar.gz"], 2, /does not exist/],
      [["breeds", "--from", "absent"], 2, /no training or tuning job absent .*Jobs of the stack: single/],
      [["breeds", "--from", local], 2, /tells 2 classes apart, and models\.breeds\.classes is 133/],
      [
        ["breeds", "--from", "single", "--min-accuracy", "0.9"],
        1,
        /accuracy is 0\.875, and --min-accuracy is 0\.9/,
      ],
      [["breeds", "--from", "single", "--min-accuracy", "90"], 2, /must be a number from 0 to 1/],
    ] as const) {
      const { status: ended, stderr } = await run(aws, ["promote", ...args]);

      assert.match(stderr, expected);
      assert.equal(ended, status);
    }
    assert.equal(modelIn().digest, undefined);
  });

  it("asks for the accuracy that the stack's file asks for, and by its option only for more", async () => {
    const aws = await serve(withJob());
    const asked = (minAccuracy: number, ...args: readonly string[]) => {
      writeStack(undefined, { models: { breeds: { classes: 133, promotion: { minAccuracy } } } });
      return run(aws, ["promote", "breeds", "--from", "single", ...args]);
    };
    for (const [result, status, expected] of [
      [
        await asked(0.88),
        1,
        /accuracy is 0\.875, and models\.breeds\.promotion\.minAccuracy is 0\.88\. Train a better model/,
      ],
      [await asked(0.5, "--min-accuracy", "0.88"), 1, /accuracy is 0\.875, and --min-accuracy is 0\.88/],
      [
        await asked(0.5, "--min-accuracy", "0.49"),
        2,
        /--min-accuracy is 0\.49, and models\.breeds\.promotion\.minAccuracy is 0\.5; the option can only ask for more/,
      ],
      [await asked(0, "--min-accuracy", "0"), 0, /^$/],
    ] as const) {
      assert.match(result.stderr, expected);
      assert.equal(result.status, status);
    }
    assert.equal((await asked(0.875)).status, 0);
    assert.equal((await asked(0.5, "--min-accuracy", "0.875")).status, 0);
    assert.equal(modelIn().digest, digest);
  });

  it("takes an artifact of unknown accuracy where none is asked for, and no other", async () => {
    writeFileSync(local, artifact());
    const aws = await serve(account());
    writeStack(undefined, { models: { breeds: { classes: 133, promotion: { minAccuracy: 0 } } } });

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", local]);

    assert.equal(status, 1);
    assert.match(stderr, /accuracy is unknown, and models\.breeds\.promotion\.minAccuracy is 0\./);
    writeStack();
    assert.equal((await run(aws, ["promote", "breeds", "--from", local])).status, 0);
  });

  it("leaves a stack's file that somebody else changes meanwhile, and says so", async () => {
    const made = withJob();
    const aws = await serve(made);
    aws.fate = ({ operation, about }) => {
      if (operation === "PutObject" && about.startsWith("promotions/"))
        appendFileSync(file, "# a colleague\n");
      return "answer";
    };
    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 2);
    assert.match(stderr, /Pulumi\.dev\.yaml was changed by somebody else .*Run the command again/);
    assert.match(readFileSync(file, "utf8"), /# a colleague\n$/);
    assert.equal(modelIn().digest, undefined);

    aws.fate = () => "answer";
    assert.equal((await run(aws, ["promote", "breeds", "--from", "single"])).status, 0);
    assert.match(readFileSync(file, "utf8"), /# a colleague\n$/);
    assert.equal(modelIn().digest, digest);
  });

  it("lets one of two promotions win that run at once, and the other one says so", async () => {
    const made = withJob();
    writeFileSync(local, artifact({ weights: "other" }));
    const aws = await serve(made);

    const both = await Promise.all([
      run(aws, ["promote", "breeds", "--from", "single"]),
      run(aws, ["promote", "breeds", "--from", local]),
    ]);

    assert.deepEqual(both.map(({ status }) => status).sort(), [0, 2]);
    const [loser] = both.filter(({ status }) => status === 2);
    assert.match(loser?.stderr ?? "", /was changed by somebody else/);
    const winner = both.findIndex(({ status }) => status === 0);
    assert.equal(modelIn().digest === digest, winner === 0);
    const records = keysIn(made).filter((one) => one.startsWith("promotions/"));
    assert.deepEqual(
      records.map((one) => one.slice(-69)),
      [`${modelIn().digest}.json`],
    );
  });

  it("says so where it loses and may not take its record out of the history", async () => {
    const made = withJob();
    const aws = await serve(made);
    aws.fate = ({ operation, about }) => {
      if (operation === "PutObject" && about.startsWith("promotions/"))
        appendFileSync(file, "# a colleague\n");
      return operation === "DeleteObject" ? new Refusal("AccessDenied", "Access Denied", 403) : "answer";
    };

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 1);
    assert.match(stderr, /was changed by somebody else .*could not be taken out of the history again: /);
    assert.match(stderr, /Allow s3:DeleteObjectVersion on models-of-dev\/promotions\//);
  });

  it("fails where the artifact is pruned before its record is there, and stores it again when it is run again", async () => {
    const made = withJob();
    putObject(made, bucket, key, bytes);
    const aws = await serve(made);
    aws.fate = ({ operation, about }) => {
      if (operation === "PutObject" && about.startsWith("promotions/")) made.buckets.set(bucket, []);
      return "answer";
    };

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 1);
    assert.match(stderr, /was deleted while this command ran/);
    assert.equal(modelIn().digest, undefined);

    aws.fate = () => "answer";
    assert.equal((await run(aws, ["promote", "breeds", "--from", "single"])).status, 0);
    assert.ok(keysIn(made).includes(key));
    assert.equal(modelIn().digest, digest);
  });

  it("tells AWS's time in its record, where this computer's clock is wrong", async () => {
    const made = withJob();
    const aws = await serve(made);
    const proxy = await startFaultProxy(aws.origin);
    proxy.aheadSeconds = -7200;
    try {
      const { status, stderr } = await run({ ...aws, origin: proxy.origin }, [
        ...["promote", "breeds", "--from", "single"],
      ]);

      assert.equal(status, 0, stderr);
    } finally {
      await proxy.close();
    }
    const { promotedAt } = modelIn().provenance as { promotedAt: string };
    const ahead = Date.now() - Date.parse(promotedAt);
    assert.ok(Math.abs(ahead - 7_200_000) < 600_000, `${promotedAt} is ${ahead} ms ago`);
    assert.ok(keysIn(made).includes(`promotions/breeds/${promotedAt}-${digest}.json`));
  });

  it("ends as if it had not been killed, when it is run again, whichever call it was killed at", async () => {
    const start = withJob();
    const undisturbed = copyOf(start);
    const first = await serve(undisturbed);
    assert.equal((await run(first, ["promote", "breeds", "--from", "single"])).status, 0);
    const calls = first.calls.length;
    assert.ok(calls >= 7);
    for (let fatal = 1; fatal <= calls; fatal += 1) {
      for (const fate of ["die before", "die after"] as const) {
        writeStack();
        const made = copyOf(start);
        const killed = await serve(made);
        killed.fate = (_, number) => (number === fatal ? fate : "answer");
        assert.equal((await run(killed, ["promote", "breeds", "--from", "single"])).status, 3);
        assert.equal(modelIn().digest, undefined);
        await killed.close();
        const again = await serve(made);

        const { status, stderr } = await run(again, ["promote", "breeds", "--from", "single"]);

        assert.equal(status, 0, stderr);
        assert.equal(modelIn().digest, digest);
        assert.equal(keysIn(made).filter((one) => one === key).length, 1, `${fate} call ${fatal}`);
        assert.equal(
          keysIn(made).filter((one) => one.startsWith("promotions/")).length,
          1,
          `${fate} call ${fatal}`,
        );
        await again.close();
      }
    }
  }).timeout(120_000);

  it("names what may not be written, with 3", async () => {
    const aws = await serve(withJob());
    aws.fate = ({ operation }) =>
      operation === "CopyObject" ? new Refusal("AccessDenied", "Access Denied", 403) : "answer";

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "single"]);

    assert.equal(status, 3);
    assert.match(stderr, /Allow s3:PutObject on models-of-dev\/models\//);
    assert.equal(modelIn().digest, undefined);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { bucket } from "../prune/prune-tools";
import { artifact, promoteTools, putObject, sha256 } from "./promote-tools";

/** Does not prove that the box uploads there; the script's own tests prove where it does. */
describe("sagemaker-ops promote --from box", () => {
  const { file, account, serve, writeStack, run } = promoteTools();
  const stamps = ["20261119T080000Z", "20261121T101112Z", "20261120T235959Z"];
  const bytes = (stamp: string) => artifact({ weights: stamp, accuracy: 0.8 });
  const modelIn = () => {
    const { config } = parse(readFileSync(file, "utf8")) as {
      config: Record<string, { breeds: { digest?: string; provenance?: { source: string } } }>;
    };
    return config["sagemaker-ops:models"]?.breeds ?? {};
  };

  /** Three runs, and what is no run beside them. */
  const withRuns = (runs: readonly string[] = stamps) => {
    const made = account();
    for (const stamp of runs)
      putObject(made, "output-of-dev", `box/${stamp}/output/model.tar.gz`, bytes(stamp));
    putObject(made, "output-of-dev", "box/99990101T000000Z/output/notes.txt", Buffer.from("no run"));
    putObject(made, "output-of-dev", "boxes/99990101T000000Z/output/model.tar.gz", Buffer.from("no run"));
    return made;
  };

  beforeEach(() => writeStack());

  it("takes the newest run, copies it within S3, and says which it was", async () => {
    const made = withRuns();
    const aws = await serve(made);

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "box"]);

    assert.equal(status, 0, stderr);
    assert.equal(modelIn().digest, sha256(bytes("20261121T101112Z")));
    assert.equal(modelIn().provenance?.source, "training box, run 20261121T101112Z");
    assert.ok(aws.calls.some(({ operation }) => operation === "CopyObject"));
    assert.equal(made.buckets.get(bucket)?.length, 2);
  });

  it("takes the run that is named", async () => {
    const aws = await serve(withRuns());

    assert.equal((await run(aws, ["promote", "breeds", "--from", "box:20261119T080000Z"])).status, 0);

    assert.equal(modelIn().digest, sha256(bytes("20261119T080000Z")));
  });

  it("names the runs there are, newest first, where there is none of that name", async () => {
    const aws = await serve(withRuns());
    for (const named of ["20261121T101113Z", "", "../jobs/x"]) {
      const { status, stderr } = await run(aws, ["promote", "breeds", "--from", `box:${named}`]);

      assert.equal(status, 2);
      assert.match(
        stderr,
        /no such run in s3:\/\/output-of-dev\/box\/\. Runs, newest first: 20261121T101112Z, 20261120T235959Z, 20261119T080000Z\./,
      );
    }
    assert.equal(modelIn().digest, undefined);
  });

  it("says how to start a run where there is none", async () => {
    const aws = await serve(withRuns([]));

    const { status, stderr } = await run(aws, ["promote", "breeds", "--from", "box"]);

    assert.equal(status, 2);
    assert.match(stderr, /no run of the training box is in s3:\/\/output-of-dev\/box\/\..*sudo train-on-box/);
  });

  it("means a job called box where the stack has one, and box:latest then means the box", async () => {
    const made = withRuns();
    const jobs = { box: { jobName: "sagemaker-ops-dev-box-1a2b3c4d" } };
    const key = "jobs/sagemaker-ops-dev-box-1a2b3c4d/output/model.tar.gz";
    putObject(made, "output-of-dev", key, bytes("job"));
    made.trainingJobs.set(jobs.box.jobName, { status: "Completed", artifact: `s3://output-of-dev/${key}` });
    const aws = await serve(made);

    assert.equal((await run(aws, ["promote", "breeds", "--from", "box"], {}, jobs)).status, 0);
    assert.equal(modelIn().digest, sha256(bytes("job")));
    assert.equal((await run(aws, ["promote", "breeds", "--from", "box:latest"], {}, jobs)).status, 0);
    assert.equal(modelIn().digest, sha256(bytes("20261121T101112Z")));
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { projectRoot } from "../../../cli/core/project-root";
import { awsEnvironment, contractOf } from "../prune/prune-tools";
import { type FakeOperate, startFakeOperate } from "./fake-operate";
import { completedJob, runningJob, singleName } from "./train-jobs";

/** The command as a process of its own, with the signal that a terminal sends. */
describe("sagemaker-ops train wait, as a process", function () {
  // Two starts of the command, on whatever computer this is.
  this.timeout(180_000);

  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-wait-process-test-"));
  const outputs = join(folder, "outputs.json");
  writeFileSync(outputs, JSON.stringify({ ...contractOf({}), jobs: { single: { jobName: singleName } } }));
  let aws: FakeOperate;

  before(async () => {
    aws = await startFakeOperate();
  });
  after(async () => {
    await aws.close();
    rmSync(folder, { recursive: true });
  });

  /** @param signal sent once the command has told the first state. */
  const wait = (signal?: NodeJS.Signals): Promise<{ code: number | null; stderr: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [join(projectRoot, "cli/bin.cjs"), "train", "wait", "single", "--stack", "dev", "--outputs", outputs],
        {
          env: { ...process.env, ...awsEnvironment(aws.origin, folder) },
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        if (
          signal !== undefined &&
          !stderr.includes("single: InProgress") &&
          (stderr + text).includes("single: InProgress")
        )
          child.kill(signal);
        stderr += text;
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stderr }));
    });

  it("ends at once on SIGINT with its status, and the same command then waits to the end", async () => {
    aws.jobs.set(singleName, runningJob());

    const interrupted = await wait("SIGINT");
    aws.jobs.set(singleName, completedJob());
    const resumed = await wait();

    assert.deepEqual([interrupted.code, resumed.code], [130, 0]);
    assert.match(
      interrupted.stderr,
      /Wait again: npx sagemaker-ops train wait single --stack dev --outputs /,
    );
    assert.match(resumed.stderr, /^single: Completed;/m);
  });
});

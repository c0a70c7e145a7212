import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Refusal } from "../prune/fake-aws";
import type { FakeOperate } from "./fake-operate";
import {
  completedJob,
  epochLine,
  minutesAgo,
  runningJob,
  searchName,
  singleName,
  trainingGroup,
  trial,
  tuning,
} from "./train-jobs";
import { trainTools } from "./train-tools";

/** Does not prove what AWS answers; the forms are those of the API references. */
describe("sagemaker-ops train status", () => {
  const { serve, run } = trainTools();

  const busy = async (): Promise<FakeOperate> => {
    const aws = await serve();
    aws.jobs.set(singleName, runningJob());
    const trials = [
      trial(1, "Completed", 0.61),
      trial(2, "Completed", 0.55),
      trial(3, "Failed", undefined),
      trial(4, "InProgress", undefined),
    ];
    aws.tunings.set(searchName, tuning("InProgress", trials));
    for (const [epoch, at, loss] of [
      [1, 9, 0.9],
      [2, 6, 0.7],
      [3, 3, 0.65],
    ] as const)
      aws.lines.push({
        group: trainingGroup,
        stream: `${singleName}/algo-1-1767600000`,
        at: minutesAgo(at),
        message: epochLine(epoch, loss),
      });
    return aws;
  };

  it("shows state, epoch, metrics, time, cost and what is left of every declared job", async () => {
    const { status, stdout, stderr } = await run(await busy(), ["train", "status"]);

    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      `sagemaker-ops/dev in us-east-1

tuning search  sagemaker-ops-dev-searc-1a2b3c4d
  state    InProgress
  trials   4 of at most 10: 2 Completed, 1 Failed, 1 InProgress
  best     sagemaker-ops-dev-searc-1a2b3c4d-002-abcdef12: validation:loss 0.55 with batch_size 64,
           learning_rate 0.002
  elapsed  1 h; billable 37 min
  cost     0.15 USD so far, 2.36 USD at its longest
  left     about 28 min

job single  sagemaker-ops-dev-single-1a2b3c4d
  state    InProgress: Training
  step     Training image download completed. Training in progress.
  epoch    3 of at most 20
  metrics  validation:loss 0.65, validation:accuracy 0.675, train:loss 0.55, train:images_per_second
           123.4, train:data_wait_percent 3.1
  elapsed  14 min; billable 12 min on each of 2 instances
  cost     0.09 USD so far, 0.94 USD at its longest
  left     about 48 min, if it does not stop early
`,
    );
  });

  it("keeps within a narrow terminal, uses a wide one, and colours a terminal alone", async () => {
    const aws = await busy();
    const narrow = await run(aws, ["train", "status"], { columns: 60, isTTY: true, env: { NO_COLOR: "1" } });
    const wide = await run(aws, ["train", "status"], { columns: 140, isTTY: true });

    const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));
    assert.ok(widest(narrow.stdout) <= 60, narrow.stdout);
    assert.match(
      narrow.stdout,
      /\n {2}metrics {2}validation:loss 0\.65, validation:accuracy 0\.675,\n {11}train:loss 0\.55,/,
    );
    assert.equal(narrow.stdout.includes("\u001b"), false);
    assert.ok(wide.stdout.includes("\u001b[1mjob single\u001b[22m"), wide.stdout);
    assert.match(
      wide.stdout,
      /train:loss 0\.55, train:images_per_second 123\.4, train:data_wait_percent 3\.1\n/,
    );
  });

  it("gives a program the same as one JSON object", async () => {
    const { stdout } = await run(await busy(), ["train", "status", "--json"]);

    const { jobs, waiting } = JSON.parse(stdout) as { jobs: Record<string, unknown>[]; waiting: object[] };
    assert.deepEqual(waiting, []);
    assert.deepEqual(jobs[1], {
      key: "single",
      kind: "training",
      jobName: singleName,
      exists: true,
      status: "InProgress",
      secondaryStatus: "Training",
      epoch: 3,
      epochs: 20,
      metrics: {
        "train:loss": 0.55,
        "validation:loss": 0.65,
        "validation:accuracy": 0.675,
        "train:images_per_second": 123.4,
        "train:data_wait_percent": 3.1,
      },
      createdAt: "2026-01-05T11:46:00.000Z",
      endedAt: null,
      elapsedSeconds: 840,
      billableSeconds: 720,
      costUsd: 0.0943,
      costIsUpperBound: false,
      worstCostUsd: 0.943,
      remainingSeconds: 2880,
      logFailure: null,
    });
    assert.deepEqual(jobs[0]?.best, {
      jobName: `${searchName}-002-abcdef12`,
      value: 0.55,
      hyperParameters: { learning_rate: "0.002", batch_size: "64" },
    });
  });

  it("tells the metrics that SageMaker kept of a completed job, and what it was billed for", async () => {
    const aws = await serve();
    const spot = { EnableManagedSpotTraining: true, BillableTimeInSeconds: 132 };
    aws.jobs.set(singleName, completedJob(spot));

    const { stdout } = await run(aws, ["train", "status"], { deployed: deployedSingle });

    assert.match(
      stdout,
      /state {4}Completed\n {2}metrics {2}validation:loss 0\.5512, test:accuracy 0\.819\n/,
    );
    assert.match(
      stdout,
      /elapsed {2}13 min; billable 2 min 12 s on each of 2 instances\n {2}cost {5}0\.02 USD\n$/m,
    );
  });

  it("does not depend on this computer's clock: AWS's answers say what time it is", async () => {
    const aws = await busy();
    aws.now += 365 * 86_400_000;
    const { stdout } = await run(aws, ["train", "status", "--json"]);

    const { jobs } = JSON.parse(stdout) as { jobs: { elapsedSeconds: number }[] };
    assert.equal(jobs[1]?.elapsedSeconds, 365 * 86_400 + 840);
  });

  it("names what has not been started, and what makes it start, without asking AWS", async () => {
    const aws = await serve();

    const { status, stdout } = await run(aws, ["train", "status"], { deployed: {}, hasData: false });

    assert.equal(status, 0);
    assert.match(stdout, /tuning search has not been started: no data set is uploaded/);
    assert.match(stdout, /job single has not been started: no data set is uploaded/);
    assert.deepEqual(aws.calls, []);
    const declared = await run(aws, ["train", "status"], { deployed: {} });
    assert.match(
      declared.stdout,
      /job single has not been started: it is declared and not deployed\n {2}npx sagemaker-ops up/,
    );
  });

  it("says so where a job is gone, and goes on with the others", async () => {
    const aws = await busy();
    aws.jobs.clear();

    const { status, stdout } = await run(aws, ["train", "status"]);

    assert.equal(status, 0);
    assert.match(stdout, /state {4}there is no such job in us-east-1\n {2}next/);
    assert.match(stdout, /trials {3}4 of at most 10/);
  });

  it("shows the rest where the log may not be read, and why it may not", async () => {
    const aws = await busy();
    aws.fate = ({ operation }) =>
      operation === "FilterLogEvents" ? new Refusal("AccessDeniedException", "no") : "answer";

    const { status, stdout } = await run(aws, ["train", "status"]);

    assert.equal(status, 0);
    assert.match(
      stdout,
      /log {6}not read: logs:FilterLogEvents of \/aws\/sagemaker\/TrainingJobs was refused/,
    );
    assert.match(stdout, /elapsed {2}14 min/);
  });

  it("answers the same however often single calls are throttled or fail", async () => {
    const expected = (await run(await busy(), ["train", "status"])).stdout;
    for (const code of ["ThrottlingException", "InternalFailure"] as const) {
      const aws = await busy();
      const refused = new Set<string>();
      aws.fate = (call) => {
        const key = JSON.stringify(call);
        if (refused.has(key)) return "answer";
        refused.add(key);
        return new Refusal(code, "slow down", code === "InternalFailure" ? 500 : 400);
      };

      const { status, stdout, stderr } = await run(aws, ["train", "status"]);

      assert.equal(status, 0, stderr);
      assert.equal(stdout, expected);
      assert.equal(aws.calls.length, 2 * refused.size);
    }
  });

  it("stops where the credentials are of another account, or have expired", async () => {
    const aws = await busy();
    aws.accountId = "999999999999";
    const other = await run(aws, ["train", "status"]);

    assert.equal(other.status, 2);
    assert.match(other.stderr, /of the AWS account 999999999999; the stack is deployed in 123456789012/);

    aws.fate = () =>
      new Refusal("ExpiredToken", "The security token included in the request is expired", 403);
    const expired = await run(aws, ["train", "status"]);

    assert.equal(expired.status, 3);
    assert.match(expired.stderr, /the AWS credentials have expired\. Sign in again/);
  });

  const deployedSingle = { single: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${singleName}` };
});

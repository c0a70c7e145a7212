import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Refusal } from "../prune/fake-aws";
import type { FakeFate, FakeOperate } from "./fake-operate";
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

const deployed = { single: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${singleName}` };
const rank = (number: number) => `${singleName}/algo-${number}-1767600000`;

/** Does not prove what AWS answers, nor how a terminal draws the block; the forms are those of the API references. */
describe("sagemaker-ops train wait", () => {
  const { serve, run, interrupt } = trainTools();

  /** A job that trains its fourth epoch at the third look, and has ended at the fifth. */
  const ending = async (last: ReturnType<typeof completedJob>): Promise<FakeOperate> => {
    const aws = await serve();
    const line = (epoch: number, at: number) =>
      aws.lines.push({
        group: trainingGroup,
        stream: rank(1),
        at: minutesAgo(at),
        message: epochLine(epoch, 1 / epoch),
      });
    aws.jobs.set(singleName, runningJob());
    line(2, 6);
    line(3, 4);
    let looks = 0;
    aws.fate = ({ operation }): FakeFate => {
      if (operation === "DescribeTrainingJob") {
        looks += 1;
        if (looks === 3) line(4, 1);
        if (looks === 5) aws.jobs.set(singleName, last);
      }
      return "answer";
    };
    return aws;
  };

  const failedJob = runningJob({
    TrainingJobStatus: "Failed",
    SecondaryStatus: "Failed",
    FailureReason: 'AlgorithmError: ExecuteUserScriptError: ExitCode 1 ErrorMessage ""',
    TrainingEndTime: minutesAgo(1) / 1000,
    BillableTimeInSeconds: 660,
  });

  it("ends with 0 once the job completed, and tells each change once where there is no terminal", async () => {
    const { status, stdout, stderr } = await run(await ending(completedJob()), ["train", "wait", "single"], {
      deployed,
    });

    assert.equal(status, 0, stderr);
    const more = "train:loss 0.2333, train:images_per_second 123.4, train:data_wait_percent 3.1";
    assert.equal(
      stderr,
      `single: InProgress: Training; epoch 3 of at most 20; validation:loss 0.3333, validation:accuracy 0.8333, ${more}; 14 min; billable 12 min on each of 2 instances; 0.09 USD; about 30 min left
single: InProgress: Training; epoch 4 of at most 20; validation:loss 0.25, validation:accuracy 0.875, ${more.replace("0.2333", "0.15")}; 14 min; billable 12 min on each of 2 instances; 0.09 USD; about 47 min left
single: Completed; epoch 4 of at most 20; validation:loss 0.5512, validation:accuracy 0.875, ${more.replace("0.2333", "0.15")}, test:accuracy 0.819; 13 min; billable 11 min on each of 2 instances; 0.09 USD
`,
    );
    assert.match(
      stdout,
      /^sagemaker-ops\/dev in us-east-1\n\njob single {2}sagemaker-ops-dev-single-1a2b3c4d\n {2}state {4}Completed\n/,
    );
  });

  it("draws one block over and over on a terminal, and leaves only the result", async () => {
    const { status, stdout, stderr } = await run(await ending(completedJob()), ["train", "wait"], {
      deployed,
      isTTY: true,
      columns: 80,
      env: { NO_COLOR: "1" },
    });

    assert.equal(status, 0);
    const frames = stderr.split("\r\u001b[J");
    assert.equal(frames.length, 5);
    assert.equal(
      frames[0],
      `job single  sagemaker-ops-dev-single-1a2b3c4d
  state    InProgress: Training
  step     Training image download completed. Training in progress.
  epoch    3 of at most 20
  metrics  validation:loss 0.3333, validation:accuracy 0.8333, train:loss
           0.2333, train:images_per_second 123.4, train:data_wait_percent 3.1
  elapsed  14 min; billable 12 min on each of 2 instances
  cost     0.09 USD so far, 0.94 USD at its longest
  left     about 30 min, if it does not stop early

Ctrl-C ends the waiting and leaves the jobs running.
\u001b[11A`,
    );
    assert.equal(frames.at(-1), "");
    assert.match(stdout, /state {4}Completed\n/);
  });

  it("ends with 1 on a failure: with the reason, what to do, and the last lines of every instance", async () => {
    const aws = await ending(failedJob);
    aws.lines.push(
      { group: trainingGroup, stream: rank(2), at: minutesAgo(2), message: "\u001b]0;owned\u0007CUDA error" },
      { group: trainingGroup, stream: rank(1), at: minutesAgo(1), message: "error: validation_loss is nan" },
    );

    const { status, stdout } = await run(aws, ["train", "wait", singleName], { deployed });

    assert.equal(status, 1);
    assert.match(
      stdout,
      /state {4}Failed\n {2}cause {4}the training program itself failed\n {2}reason {3}AlgorithmError/,
    );
    assert.match(stdout, /next {5}Its last lines say on what\./);
    assert.ok(
      stdout.endsWith(
        "    2026-01-05T11:58:00Z  algo-2  CUDA error\n    2026-01-05T11:59:00Z  algo-1  error: validation_loss is nan\n" +
          `    2026-01-05T11:59:00Z  algo-1  ${epochLine(4, 0.25)}\n`,
      ),
      stdout,
    );
  });

  it("tells the reason and ends with 1 also where the log of the failed job cannot be read", async () => {
    for (const [operation, fault] of [
      ["DescribeLogStreams", new Refusal("AccessDeniedException", "not authorized", 400)],
      ["GetLogEvents", new Refusal("AccessDeniedException", "not authorized", 400)],
      ["GetLogEvents", new Refusal("ThrottlingException", "Rate exceeded")],
      ["DescribeLogStreams", new Refusal("ExpiredTokenException", "expired")],
      ["GetLogEvents", "cut"],
    ] as const) {
      const aws = await ending(failedJob);
      const { fate } = aws;
      aws.fate = (call, number) => (call.operation === operation ? fault : fate(call, number));

      const { status, stdout, stderr } = await run(aws, ["train", "wait"], { deployed });

      assert.equal(status, 1, stderr);
      assert.match(stdout, /state {4}Failed\n {2}cause {4}the training program itself failed\n {2}reason/);
      assert.match(stdout, new RegExp(`\\n {2}log {6}not read: logs:${operation} of `));
      assert.doesNotMatch(stdout, /Its last lines:|It wrote no log/);
      assert.doesNotMatch(stderr, /goes on/);

      const json = await run(aws, ["train", "wait", "--json"], { deployed });
      const [job] = (JSON.parse(json.stdout) as { jobs: Record<string, unknown>[] }).jobs;
      assert.equal(json.status, 1);
      assert.deepEqual(job?.lastLines, []);
      assert.match(String(job?.logFailure), new RegExp(`^logs:${operation} of `));
    }
  });

  it("tells a job that does not change again every five minutes, where there is no terminal", async () => {
    const aws = await serve();
    aws.jobs.set(singleName, runningJob());
    let looks = 0;
    aws.fate = ({ operation }) => {
      if (operation !== "DescribeTrainingJob") return "answer";
      looks += 1;
      aws.now += 120_000;
      if (looks === 9) aws.jobs.set(singleName, completedJob());
      return "answer";
    };

    const { stderr } = await run(aws, ["train", "wait"], { deployed });

    // Looked at every two minutes; the last look is at its end.
    assert.deepEqual(stderr.match(/\d+ min(?=; billable)/g), ["16 min", "22 min", "28 min", "13 min"]);
  });

  it("counts a job that was stopped, that ran out of time, or that is gone, as no success", async () => {
    const stopped = { TrainingJobStatus: "Stopped", TrainingEndTime: minutesAgo(1) / 1000 };
    for (const [job, expected] of [
      [runningJob({ ...stopped, SecondaryStatus: "Stopped" }), /somebody stopped it/],
      [runningJob({ ...stopped, SecondaryStatus: "MaxRuntimeExceeded" }), /Raise maxRuntimeMinutes/],
      [undefined, /there is no such job in us-east-1/],
    ] as const) {
      const aws = await serve();
      if (job !== undefined) aws.jobs.set(singleName, job);

      const { status, stdout } = await run(aws, ["train", "wait"], { deployed });

      assert.equal(status, 1);
      assert.match(stdout, expected);
    }
  });

  it("waits for every job of the stack, and fails where one of them fails", async () => {
    const aws = await ending(completedJob());
    aws.tunings.set(searchName, tuning("Failed", [trial(1, "Failed", undefined)]));

    const { status, stdout, stderr } = await run(aws, ["train", "wait", "--json"]);

    assert.equal(status, 1);
    const { jobs } = JSON.parse(stdout) as { jobs: { key: string; status: string }[] };
    assert.deepEqual(
      jobs.map((job) => [job.key, job.status]),
      [
        ["search", "Failed"],
        ["single", "Completed"],
      ],
    );
    assert.match(
      stderr,
      /^search: Failed; trials 1 of at most 10: 1 Failed; 58 min; billable 6 min; 0\.02 USD\n/,
    );
  });

  it("leaves the job on Ctrl-C, says so and how to go on; the same command then waits to the end", async () => {
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const aws = await ending(completedJob());
      const { fate } = aws;
      let calls = 0;
      aws.fate = (call, number) => {
        calls += 1;
        if (calls === 4) interrupt(signal);
        return fate(call, number);
      };

      const interrupted = await run(aws, ["train", "wait", "single"], { deployed });

      assert.equal(interrupted.status, expected);
      assert.equal(interrupted.stdout, "");
      assert.ok(
        interrupted.stderr.endsWith(
          `No longer waiting. What has not ended goes on, and is billed, without this command:\n  single  ${singleName}\nWait again: npx sagemaker-ops train wait single --stack dev --outputs <folder>/outputs.json\n`,
        ),
        interrupted.stderr,
      );
      assert.equal(aws.jobs.get(singleName)?.TrainingJobStatus, "InProgress");
      assert.deepEqual(
        aws.calls.filter(({ operation }) => !/^(?:Describe|Filter|Get)/.test(operation)),
        [],
      );

      const resumed = await run(aws, ["train", "wait", "single"], { deployed });

      assert.equal(resumed.status, 0);
    }
  });

  it("names on Ctrl-C only what has not ended", async () => {
    const aws = await ending(failedJob);
    aws.tunings.set(searchName, tuning("Completed", [trial(1, "Completed", 0.6)]));
    const { fate } = aws;
    let looks = 0;
    aws.fate = (call, number) => {
      looks += call.operation === "DescribeTrainingJob" ? 1 : 0;
      if (looks === 2) interrupt("SIGINT");
      return fate(call, number);
    };

    const early = await run(aws, ["train", "wait"]);
    aws.fate = (call, number) => {
      if (call.operation === "DescribeLogStreams") interrupt("SIGINT");
      return fate(call, number);
    };
    const late = await run(aws, ["train", "wait"], { outputsFile: "a stack's outputs.json" });

    assert.deepEqual([early.status, late.status], [130, 130]);
    assert.ok(
      early.stderr.endsWith(
        `is billed, without this command:\n  single  ${singleName}\nWait again: npx sagemaker-ops train wait --stack dev --outputs <folder>/outputs.json\n`,
      ),
      early.stderr,
    );
    assert.ok(
      late.stderr.endsWith(
        "No longer waiting: every job has ended.\nHow they ended: npx sagemaker-ops train wait --stack dev --outputs '<folder>/a stack'\\''s outputs.json'\n",
      ),
      late.stderr,
    );
  });

  it("may be interrupted at every call", async () => {
    for (let at = 1; at <= 8; at += 1) {
      const aws = await ending(completedJob());
      const { fate } = aws;
      aws.fate = (call, number) => {
        if (number === at) interrupt("SIGINT");
        return fate(call, number);
      };

      const { status, stdout } = await run(aws, ["train", "wait"], { deployed });

      assert.deepEqual([status, stdout], [130, ""], `at call ${at}`);
    }
  });

  it("waits on through throttling, errors of the service and cut connections at every call", async () => {
    const calm = await run(await ending(completedJob()), ["train", "wait"], { deployed });
    for (const fault of [
      new Refusal("ThrottlingException", "Rate exceeded"),
      new Refusal("InternalFailure", "oh", 500),
      new Refusal("ServiceUnavailable", "busy", 503),
      "cut",
    ] as const) {
      const aws = await ending(completedJob());
      const { fate } = aws;
      const faults = new Map<string, number>();
      let looks = 0;
      // More of them than the client retries by itself, from the second look on.
      aws.fate = (call, number) => {
        if (call.operation === "DescribeTrainingJob") looks += 1;
        const seen = faults.get(call.operation) ?? 0;
        if (looks > 1 && seen < 4) {
          faults.set(call.operation, seen + 1);
          return fault;
        }
        return fate(call, number);
      };

      const { status, stdout, stderr } = await run(aws, ["train", "wait"], { deployed });

      assert.equal(status, 0, stderr);
      assert.equal(stdout, calm.stdout);
      if (fault !== "cut") assert.match(stderr, /failed: .* Asking again\.\n/);
    }
  });

  it("goes on once somebody has signed in again, and says what to do until then", async () => {
    const aws = await ending(completedJob());
    const { fate } = aws;
    let refusals = 0;
    aws.fate = (call, number) => {
      if (number > 4 && call.accessKeyId === "test") {
        refusals += 1;
        // What signing in elsewhere does to a profile's files.
        if (refusals === 3) process.env.AWS_ACCESS_KEY_ID = "renewed";
        return new Refusal("ExpiredTokenException", "The security token included in the request is expired");
      }
      return fate(call, number);
    };

    const { status, stderr } = await run(aws, ["train", "wait"], { deployed, env: { AWS_PROFILE: "team" } });

    assert.equal(status, 0, stderr);
    assert.equal(stderr.match(/the AWS credentials have expired/g)?.length, 1);
    assert.match(stderr, /Do so in another terminal: this command goes on with the new ones\.\n/);
  });

  it("ends at once where credentials in the environment expire: nobody can change them", async () => {
    const aws = await ending(completedJob());
    const { fate } = aws;
    aws.fate = (call, number) =>
      number > 4 ? new Refusal("ExpiredTokenException", "expired") : fate(call, number);

    const { status, stderr } = await run(aws, ["train", "wait"], {
      deployed,
      env: { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "s" },
    });

    assert.equal(status, 3);
    assert.match(
      stderr,
      /the AWS credentials have expired[\s\S]*Wait again: npx sagemaker-ops train wait --stack dev/,
    );
    assert.equal(stderr.includes("AWS_SECRET"), false);
  });

  it("refuses what it cannot wait for, and names what there is", async () => {
    const aws = await serve();
    const typo = await run(aws, ["train", "wait", "a job"], { deployed });
    const nothing = await run(aws, ["train", "wait"], { deployed: {}, hasData: false });
    const notDue = await run(aws, ["train", "wait", "single"], { deployed: {}, hasData: false });

    assert.deepEqual([typo.status, nothing.status, notDue.status], [2, 2, 2]);
    assert.match(typo.stderr, /There is no job "a job"\. The stack has single\./);
    assert.match(nothing.stderr, /No job has been started: no data set is uploaded/);
    assert.match(notDue.stderr, /single has not been started: no data set is uploaded/);
    assert.deepEqual(aws.calls, []);
  });
});

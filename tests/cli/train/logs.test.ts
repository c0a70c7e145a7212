import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { addLogsCommand } from "../../../cli/commands/logs-command";
import { addTrainCommand } from "../../../cli/commands/train-command";
import { Refusal } from "../prune/fake-aws";
import { contractOf, digestOf } from "../prune/prune-tools";
import type { FakeOperate } from "./fake-operate";
import { completedJob, minutesAgo, runningJob, searchName, singleName, trainingGroup } from "./train-jobs";
import { trainTools } from "./train-tools";

const deployed = {
  single: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${singleName}`,
  search: `arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/${searchName}`,
};
const endpointGroup = "/aws/sagemaker/Endpoints/sagemaker-ops-dev-single";

/** Does not prove how CloudWatch cuts a log into pages; the forms are those of the API references. */
describe("sagemaker-ops train logs and logs", () => {
  const { serve, run, interrupt } = trainTools((program, own) => {
    addTrainCommand(program, own);
    addLogsCommand(program, own);
  });

  const write = (aws: FakeOperate, rank: number, at: number, message: string, job = singleName) =>
    aws.lines.push({
      group: trainingGroup,
      stream: `${job}/algo-${rank}-1767600000`,
      at: minutesAgo(at),
      message,
    });

  it("writes the lines of all instances in the order of time, over all pages, and of no other job", async () => {
    const aws = await serve();
    aws.pageSize = 2;
    write(aws, 1, 5, "one");
    write(aws, 2, 4, "two");
    write(aws, 1, 3, "three");
    write(aws, 1, 4, "not ours", `${singleName}0`);
    write(aws, 2, 2, "four");
    write(aws, 1, 1, "five");

    const { status, stdout, stderr } = await run(aws, ["train", "logs", "single"], { deployed });

    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(
      stdout,
      `2026-01-05T11:55:00Z  algo-1  one
2026-01-05T11:56:00Z  algo-2  two
2026-01-05T11:57:00Z  algo-1  three
2026-01-05T11:58:00Z  algo-2  four
2026-01-05T11:59:00Z  algo-1  five
`,
    );
    assert.equal(aws.calls.filter(({ operation }) => operation === "FilterLogEvents").length, 3);
  });

  it("names no instance where there is one, and lets no line steer the terminal", async () => {
    const aws = await serve();
    write(aws, 1, 2, "\u001b[31mred\u001b[0m \u001b]0;title\u0007 and \u202ereversed\u0000");
    write(aws, 1, 1, "10 %\r50 %\r100 %\n");

    const { stdout } = await run(aws, ["train", "logs", singleName], { deployed });

    assert.equal(stdout, "2026-01-05T11:58:00Z  red  and reversed\n2026-01-05T11:59:00Z  100 %\n");
  });

  it("follows until the job has ended, shows late lines, and each line once", async () => {
    const aws = await serve();
    aws.jobs.set(singleName, runningJob());
    write(aws, 1, 6, "first");
    write(aws, 1, 1, "second");
    let looks = 0;
    aws.fate = ({ operation }) => {
      if (operation === "DescribeTrainingJob") {
        looks += 1;
        // Written by the other instance before the line that was shown last, and taken after it.
        if (looks === 2) write(aws, 2, 2, "late");
        if (looks === 4) {
          write(aws, 1, 0, "last");
          aws.jobs.set(singleName, completedJob());
        }
      }
      return "answer";
    };

    const { status, stdout } = await run(aws, ["train", "logs", "single", "--follow"], { deployed });

    assert.equal(status, 0);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("  ").slice(1).join(" ")),
      ["first", "second", "algo-2 late", "algo-1 last"],
    );
    const from = aws.calls.flatMap(({ operation, input }) =>
      operation === "FilterLogEvents" ? [input.startTime] : [],
    );
    assert.deepEqual(from, [undefined, minutesAgo(3), minutesAgo(3), minutesAgo(3)]);
  });

  it("follows on after faults at every call, without a line twice", async () => {
    for (const fault of [new Refusal("ThrottlingException", "slow"), "cut"] as const) {
      const aws = await serve();
      aws.pageSize = 1;
      aws.jobs.set(singleName, runningJob());
      write(aws, 1, 3, "one");
      write(aws, 1, 2, "two");
      write(aws, 1, 1, "three");
      const faults = new Map<string, number>();
      let looks = 0;
      aws.fate = (call) => {
        if (call.operation === "DescribeTrainingJob") looks += 1;
        if (looks > 9) aws.jobs.set(singleName, completedJob());
        const key = call.operation === "GetCallerIdentity" ? "sts" : JSON.stringify(call);
        const seen = faults.get(key) ?? 0;
        faults.set(key, seen + 1);
        return key !== "sts" && seen < 4 ? fault : "answer";
      };

      const { status, stdout, stderr } = await run(aws, ["train", "logs", "single", "-f"], { deployed });

      assert.equal(status, 0, stderr);
      assert.deepEqual(stdout.match(/one|two|three/g), ["one", "two", "three"]);
    }
  });

  it("writes an endpoint's last hour, by its name in the stack file, until Ctrl-C with --follow", async () => {
    const aws = await serve();
    const line = (instance: string, at: number, message: string) =>
      aws.lines.push({ group: endpointGroup, stream: `AllTraffic/${instance}`, at: minutesAgo(at), message });
    line("i-01", 61, "too old");
    line("i-01", 59, "started");
    line("i-02", 10, "200");
    const outputs = contractOf({ deployedDigest: digestOf("d1") });

    const whole = await run(aws, ["logs", "single"], { outputs });
    const older = await run(aws, ["logs", "sagemaker-ops-dev-single", "--since", "2h"], { outputs });
    aws.fate = ({ operation }) => {
      if (operation === "FilterLogEvents" && aws.calls.length > 12) interrupt("SIGINT");
      return "answer";
    };
    const followed = await run(aws, ["logs", "single", "--follow"], { outputs });

    assert.equal(whole.status, 0);
    assert.equal(whole.stdout, "2026-01-05T11:01:00Z  i-01  started\n2026-01-05T11:50:00Z  i-02  200\n");
    assert.match(older.stdout, /too old/);
    assert.equal(followed.status, 130);
    assert.equal(followed.stdout, whole.stdout);
  });

  it("says where nothing is written, and where there is nothing of that name", async () => {
    const aws = await serve();
    const outputs = contractOf({ deployedDigest: digestOf("d1") });
    aws.jobs.set(singleName, runningJob());

    const empty = await run(aws, ["train", "logs", "single"], { deployed });
    const typo = await run(aws, ["train", "logs", "sinlge"], { deployed });
    const tuning = await run(aws, ["train", "logs", "search"], { deployed });
    const quiet = await run(aws, ["logs", "single"], { outputs });
    const unknown = await run(aws, ["logs", "multi"], { outputs });
    const duration = await run(aws, ["logs", "single", "--since", "1 day"], { outputs });

    assert.deepEqual(
      [empty, typo, tuning, quiet, unknown, duration].map(({ status }) => status),
      [0, 1, 2, 0, 2, 2],
    );
    assert.equal(
      empty.stderr,
      `Nothing was written yet in ${trainingGroup} below ${singleName}/ (us-east-1).\n`,
    );
    assert.match(typo.stderr, /There is no job sinlge in us-east-1\./);
    assert.match(tuning.stderr, /search is a tuning job, and its trials have the logs\./);
    assert.match(quiet.stderr, /Nothing of the last 1h is in .* Look further back with --since\./);
    assert.match(unknown.stderr, /There is no endpoint "multi"; the stack has single\./);
    assert.match(duration.stderr, /--since is "1 day"; it must be a whole number and a unit/);
  });
});

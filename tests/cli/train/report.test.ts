import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { chartNames } from "../../../cli/core/train/charts/charts";
import { bestTrial, ranked } from "../../../cli/core/train/progress";
import { reportFiles } from "../../../cli/core/train/report-files";
import type { TrainingReport } from "../../../cli/core/train/report-model";
import { reportText } from "../../../cli/core/train/report-text";
import { layoutOf } from "../../../plan/report/layout";
import { Refusal } from "../prune/fake-aws";
import type { FakeOperate } from "./fake-operate";
import { sampleJobReport, sampleReport, sampleTrial } from "./sample-report";
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

const nameOf = (number: number) => `${searchName}-00${number}-abcdef12`;

/** How the plots look was judged by eye, in light and dark; here their content is. */
describe("sagemaker-ops train report", () => {
  const { folder, serve, run } = trainTools();

  const search = async (
    values: readonly (readonly [status: string, objective: number | undefined])[],
    type: "Minimize" | "Maximize" = "Minimize",
    status = "Completed",
  ): Promise<FakeOperate> => {
    const aws = await serve();
    aws.pageSize = 2;
    const trials = values.map(([state, value], index) => trial(index + 1, state, value));
    aws.tunings.set(searchName, tuning(status, trials, type));
    for (const [index, [state]] of values.entries()) {
      const number = index + 1;
      aws.jobs.set(
        nameOf(number),
        state === "InProgress"
          ? runningJob()
          : completedJob({ TrainingJobStatus: state, BillableTimeInSeconds: 100 * number }),
      );
      for (const epoch of [1, 2])
        aws.lines.push({
          group: trainingGroup,
          stream: `${nameOf(number)}/algo-1-1`,
          at: minutesAgo(50 - number - epoch),
          message: epochLine(epoch, number / epoch),
        });
    }
    return aws;
  };

  it("compares the trials of the stack's search, the best first, and names it", async () => {
    const aws = await search([
      ["Completed", 0.61],
      ["Completed", 0.55],
      ["Failed", undefined],
      ["Completed", 0.58],
    ]);

    const { status, stdout, stderr } = await run(aws, ["train", "report"], { columns: 140 });

    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      `tuning search  sagemaker-ops-dev-searc-1a2b3c4d: Completed

  trial  status     validation:loss  batch_size  learning_rate  epochs    billable    USD  job
*     2  Completed             0.55          64          0.002       2  3 min 20 s  0.013  ${nameOf(2)}
      4  Completed             0.58          64          0.004       2  6 min 40 s  0.026  ${nameOf(4)}
      1  Completed             0.61          32          0.001       2  1 min 40 s  0.007  ${nameOf(1)}
      3  Failed                   -          32          0.003       2       5 min  0.020  ${nameOf(3)}

The best trial is 2, ${nameOf(2)}: validation:loss 0.55, the lowest, with batch_size 64, learning_rate
0.002.
4 trials: billable 16 min 40 s, 0.07 USD on demand.
`,
    );
  });

  it("cuts no value on a narrow terminal: columns go first, then titles", () => {
    const report = sampleReport();
    const narrow = reportText(report, layoutOf(60, false));

    assert.match(narrow, /^ {2}trial {2}status {5}valida…n:loss {2}batch_size {2}learning_rate$/m);
    assert.match(narrow, /^\* {5}6 {2}Completed {10}0\.552 {10}32 {6}0\.0047046$/m);
    for (const width of [60, 80, 100, 140])
      for (const line of reportText(report, layoutOf(width, false)).split("\n"))
        assert.ok(line.length <= width, `${width}: ${line}`);
    assert.equal(reportText(report, layoutOf(100, false)).includes("\u001b"), false);
  });

  it("takes the direction from the job, the first of equal trials, and only one that completed", async () => {
    const highest = await search(
      [
        ["Completed", 0.7],
        ["Stopped", 0.9],
        ["Completed", 0.8],
        ["Completed", 0.8],
      ],
      "Maximize",
    );

    const { stdout } = await run(highest, ["train", "report", "search"]);

    assert.match(stdout, /The best trial is 3, \S+-003-abcdef12: validation:accuracy 0\.8, the\s+highest/);
    assert.match(
      stdout,
      /Trial 2 had a better value and is Stopped: only one that completed is named the best\./,
    );
  });

  it("ranks without regard to the order in which trials are listed", () => {
    const one = fc.record({
      status: fc.constantFrom("Completed", "Failed", "Stopped"),
      objective: fc.option(fc.constantFrom(0.1, 0.2, 0.3), { nil: undefined }),
      createdAt: fc.integer({ min: 1, max: 3 }),
      jobName: fc.uuid(),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { selector: ({ jobName }) => jobName, maxLength: 8 }),
        fc.constantFrom("Minimize" as const, "Maximize" as const),
        (trials, direction) => {
          const mixed = [...trials].reverse();

          assert.deepEqual(ranked(mixed, direction), ranked(trials, direction));
          const best = bestTrial(trials, direction);
          assert.deepEqual(bestTrial(mixed, direction), best);
          for (const { status, objective } of trials)
            if (status === "Completed" && objective !== undefined) {
              const value = best?.objective ?? Number.NaN;
              assert.ok(direction === "Minimize" ? value <= objective : value >= objective);
            }
        },
      ),
    );
  });

  it("writes tables and plots, and nothing that another computer or a script is needed for", async () => {
    const aws = await search([
      ["Completed", 0.61],
      ["Completed", 0.55],
    ]);
    const out = join(folder, "report");

    const { status, stderr } = await run(aws, ["train", "report", "--out", out]);

    assert.equal(status, 0);
    assert.deepEqual(readdirSync(out).sort(), [
      "best-so-far.svg",
      "cost-per-trial.svg",
      "epochs.csv",
      "learning-curves.svg",
      "parallel-coordinates.svg",
      "report.html",
      "report.json",
      "trials.csv",
    ]);
    assert.match(stderr, /Wrote <folder>\/report\/report\.html\n/);
    assert.equal(
      readFileSync(join(out, "trials.csv"), "utf8"),
      `trial,job,status,validation:loss,batch_size,learning_rate,epochs,best_epoch,billable_seconds,usd,best\r
1,${nameOf(1)},Completed,0.61,32,0.001,2,2,100,0.0065,false\r
2,${nameOf(2)},Completed,0.55,64,0.002,2,2,200,0.0131,true\r
`,
    );
    const page = readFileSync(join(out, "report.html"), "utf8");
    assert.equal(/<script|<link|src=|url\(|@import/i.test(page), false);
    assert.equal(page.match(/<svg /g)?.length, 4);
    assert.match(page, /prefers-color-scheme: dark/);
    const { best, trials } = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as {
      best: string;
      trials: { epochs: { epoch: number; at: string; metrics: Record<string, number> }[] }[];
    };
    assert.equal(best, nameOf(2));
    assert.equal(trials[0]?.epochs[1]?.metrics["validation:loss"], 0.5);
  });

  it("leaves no plot of a search beside the report of a job", async () => {
    const aws = await search([["Completed", 0.61]]);
    aws.jobs.set(singleName, completedJob());
    const out = join(folder, "both");
    await run(aws, ["train", "report", "search", "--out", out]);
    const plots = () => readdirSync(out).filter((name) => name.endsWith(".svg"));
    assert.deepEqual(
      plots().sort(),
      [...chartNames].sort().map((name) => `${name}.svg`),
    );

    await run(aws, ["train", "report", "single", "--out", out]);

    assert.deepEqual(plots(), ["learning-curves.svg"]);
  });

  it("replaces its own files when run again, leaves others, and makes the same bytes", async () => {
    const aws = await search([["Completed", 0.61]]);
    const out = join(folder, "again");
    await run(aws, ["train", "report", "--out", out]);
    const first = readFileSync(join(out, "report.html"), "utf8");
    writeFileSync(join(out, "notes.txt"), "mine");
    writeFileSync(join(out, "report.html"), "old");
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const draft = (pid: number) => `.sagemaker-ops-report-${hostname()}-${pid}-report.html`;
    writeFileSync(join(out, draft(gone)), "half");
    writeFileSync(join(out, draft(process.ppid)), "of another command that goes on");

    await run(aws, ["train", "report", "--out", out]);

    assert.equal(readFileSync(join(out, "report.html"), "utf8"), first);
    assert.equal(readFileSync(join(out, "notes.txt"), "utf8"), "mine");
    assert.deepEqual(
      readdirSync(out).filter((name) => name.startsWith(".")),
      [draft(process.ppid)],
    );
    writeFileSync(join(folder, "file"), "");
    const refused = await run(aws, ["train", "report", "--out", join(folder, "file", "x")]);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--out <folder>\/file\/x cannot be written \(ENOTDIR\)/);
  });

  it("tells a single job's epochs, and marks the one with the lowest validation loss", async () => {
    const aws = await serve();
    aws.jobs.set(singleName, completedJob());
    for (const [epoch, loss] of [
      [1, 0.9],
      [2, 0.6],
      [3, 0.7],
    ] as const)
      aws.lines.push({
        group: trainingGroup,
        stream: `${singleName}/algo-1-1`,
        at: minutesAgo(9 - epoch),
        message: epochLine(epoch, loss),
      });

    const { status, stdout } = await run(aws, ["train", "report", "single"]);

    assert.equal(status, 0);
    assert.match(stdout, /^\* {5}2 {9}0\.5 {14}0\.6 /m);
    assert.match(
      stdout,
      /The job completed with validation:loss 0\.5512; its best epoch is 2\.\nThe job: billable 11 min, 0\.09 USD/,
    );
  });

  it("says what is missing: a search that goes on, one without a result, one that is gone, one that judges by the test", async () => {
    const running = await search(
      [
        ["Completed", 0.6],
        ["InProgress", undefined],
      ],
      "Minimize",
      "InProgress",
    );
    const failed = await search([["Failed", undefined]], "Minimize", "Failed");
    const gone = await serve();
    const byTest = await search([["Completed", 0.6]]);
    const { described, trials } = byTest.tunings.get(searchName) ?? { described: {}, trials: [] };
    const config = described.HyperParameterTuningJobConfig as object;
    byTest.tunings.set(searchName, {
      described: {
        ...described,
        HyperParameterTuningJobConfig: {
          ...config,
          HyperParameterTuningJobObjective: { Type: "Minimize", MetricName: "test:loss" },
        },
      },
      trials,
    });

    const [first, second, third, fourth] = [
      await run(running, ["train", "report"]),
      await run(failed, ["train", "report"]),
      await run(gone, ["train", "report"]),
      await run(byTest, ["train", "report"]),
    ];

    assert.deepEqual(
      [first, second, third, fourth].map(({ status }) => status),
      [0, 1, 1, 0],
    );
    assert.match(first.stdout, /The search has not ended: it is InProgress, and may find a better trial\./);
    assert.match(second.stdout, /No trial has completed with a value of the objective\./);
    assert.match(third.stderr, /There is no job sagemaker-ops-dev-searc-1a2b3c4d in us-east-1\./);
    assert.match(fourth.stdout, /judges by test:loss, which is no validation metric/);
  });

  it("answers the same where every call is throttled once, and shows the table where logs may not be read", async () => {
    const values = [
      ["Completed", 0.61],
      ["Completed", 0.55],
    ] as const;
    const expected = (await run(await search(values), ["train", "report"])).stdout;
    const aws = await search(values);
    const refused = new Set<string>();
    aws.fate = (call) => {
      const key = JSON.stringify(call);
      if (refused.has(key)) return "answer";
      refused.add(key);
      return new Refusal("ThrottlingException", "slow down");
    };
    const throttled = await run(aws, ["train", "report"]);
    aws.fate = ({ operation }) =>
      operation === "FilterLogEvents" ? new Refusal("AccessDeniedException", "no") : "answer";
    const blind = await run(aws, ["train", "report"]);

    assert.equal(throttled.stdout, expected);
    assert.equal(blind.status, 0);
    assert.match(blind.stdout, /2 trials have no curve: logs:FilterLogEvents .* was refused/);
  });

  it("draws whatever it is given: no coordinate is missing, no text ends an element", () => {
    const value = fc.option(
      fc.oneof(fc.constantFrom(0, 1e-9, 1e9, -3), fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
      {
        nil: undefined,
      },
    );
    const trials = fc
      .array(
        fc.record({
          value,
          text: fc.constantFrom("32", "</svg><script>", "a&b", "", "0", "1e-7"),
          isDone: fc.boolean(),
        }),
        {
          maxLength: 12,
        },
      )
      .map((list) =>
        list.map(({ value: objective, text, isDone }, index) =>
          sampleTrial(index + 1, objective, {
            status: isDone ? "Completed" : "Failed",
            hyperParameters: { learning_rate: text, name: text },
            ...(isDone ? {} : { costUsd: undefined }),
          }),
        ),
      );
    fc.assert(
      fc.property(trials, fc.constantFrom("tuning" as const, "training" as const), (list, kind) => {
        const report: TrainingReport = {
          ...(kind === "tuning" ? sampleReport() : sampleJobReport()),
          trials: list,
          best: bestTrial(list, "Minimize"),
        };
        for (const [name, text] of Object.entries(reportFiles(report))) {
          assert.equal(/NaN|Infinity/.test(text), false, name);
          if (/\.(?:svg|html)$/.test(name)) {
            assert.equal(text.includes("<script"), false, name);
            assert.equal(text.match(/<svg /g)?.length, text.match(/<\/svg>/g)?.length, name);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

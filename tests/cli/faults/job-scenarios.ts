import { addLogsCommand } from "../../../cli/commands/logs-command";
import { addTrainCommand } from "../../../cli/commands/train-command";
import { contractOf, digestOf } from "../prune/prune-tools";
import { type FakeOperate, startFakeOperate } from "../train/fake-operate";
import {
  completedJob,
  epochLine,
  minutesAgo,
  runningJob,
  searchName,
  singleName,
  start,
  trainingGroup,
  trial,
  tuning,
} from "../train/train-jobs";
import { type CommandRun, runCommand, type TestProcess } from "./run-command";
import { filesOf, project, type Scenario, stackArguments, type World } from "./scenario";

const arn = (kind: string, name: string) => `arn:aws:sagemaker:us-east-1:123456789012:${kind}/${name}`;
const endpointGroup = "/aws/sagemaker/Endpoints/sagemaker-ops-dev-single";

export const jobOutputs = {
  ...contractOf({ deployedDigest: digestOf("d1") }),
  jobs: {
    search: { jobName: searchName, arn: arn("hyper-parameter-tuning-job", searchName) },
    single: { jobName: singleName, arn: arn("training-job", singleName) },
  },
};

const machine = { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 120 };

/** What the stack file says of these jobs. */
export const jobSettings = {
  storage: { data: { manifestDigest: digestOf("da") } },
  tuning: { search: { ...machine, maxRuntimeMinutes: 60, maxJobs: 10, maxParallelJobs: 2 } },
  jobs: { single: machine },
};

/** Jobs that run, with a log of several pages. */
export function fillJobs(aws: FakeOperate, isOver: boolean): void {
  aws.jobs.set(singleName, isOver ? completedJob() : runningJob());
  aws.tunings.set(
    searchName,
    tuning(isOver ? "Completed" : "InProgress", [trial(1, "Completed", 0.6), trial(2, "Completed", 0.5)]),
  );
  for (const number of [1, 2])
    aws.jobs.set(`${searchName}-00${number}-abcdef12`, completedJob({ TuningJobArn: "arn" }));
  for (let epoch = 1; epoch <= 3; epoch += 1)
    aws.lines.push({
      group: trainingGroup,
      stream: `${singleName}/algo-1-1767600000`,
      at: minutesAgo(10 - epoch),
      message: epochLine(epoch, 1 - epoch / 10),
    });
  aws.lines.push({ group: endpointGroup, stream: "AllTraffic/i-1", at: start - 1000, message: "GET /ping" });
  aws.pageSize = 2;
}

type Add = (program: import("commander").Command, own: TestProcess) => void;

/** A stack with those jobs, as the account has them. */
export async function jobWorld(
  fill: (aws: FakeOperate) => void,
  add: Add,
  line: readonly string[],
  always: Partial<CommandRun> = {},
): Promise<World> {
  const aws = await startFakeOperate(start);
  fill(aws);
  const here = project();
  const whole = [...line, ...stackArguments(here, jobOutputs, undefined, jobSettings)];
  return {
    folder: here.folder,
    line: () => whole,
    target: aws.origin,
    run: (origin, more) =>
      runCommand(add, whole, {
        folder: here.folder,
        origin,
        env: { AWS_ACCESS_KEY_ID: "test" },
        ...always,
        ...more,
      }),
    state: () => filesOf(here),
    close: async () => {
      await aws.close();
      here.remove();
    },
  };
}

const scenario = (
  title: string,
  line: readonly string[],
  {
    add = addTrainCommand,
    spares,
    endsAfter,
  }: { readonly add?: Add; readonly spares?: RegExp; readonly endsAfter?: number } = {},
): Scenario => ({
  title,
  changes: false,
  ...(spares === undefined ? {} : { spares }),
  begin: () => {
    const fill = (aws: FakeOperate) => {
      fillJobs(aws, endsAfter === undefined);
      let looks = 0;
      aws.fate = ({ operation }) => {
        looks += operation === "DescribeTrainingJob" ? 1 : 0;
        if (looks === endsAfter) aws.jobs.set(singleName, completedJob());
        return "answer";
      };
    };
    // A quarter of an hour of waiting goes by in a few looks.
    let now = 0;
    const monotonic = () => {
      now += 200_000;
      return now;
    };
    return jobWorld(fill, add, line, { monotonic });
  },
});

/**
 * A job that has failed, whose last lines are read: 1 is the right end, and stays it where they cannot be read. Who runs scenarios counts
 * from 0, and expects 3 wherever credentials have expired; that it is 1 there too is asserted in tests/cli/train/wait.test.ts.
 */
const failedJob: Scenario = {
  title: "train wait of a job that failed",
  changes: false,
  spares: /^(?:FilterLogEvents|DescribeLogStreams|GetLogEvents)$/,
  begin: async () => {
    const fill = (aws: FakeOperate) => {
      fillJobs(aws, false);
      const FailureReason = 'AlgorithmError: ExecuteUserScriptError: ExitCode 1 ErrorMessage ""';
      const ended = { TrainingEndTime: minutesAgo(1) / 1000, FailureReason };
      aws.jobs.set(
        singleName,
        runningJob({ ...ended, TrainingJobStatus: "Failed", SecondaryStatus: "Failed" }),
      );
    };
    let now = 0;
    const monotonic = () => {
      now += 200_000;
      return now;
    };
    const world = await jobWorld(fill, addTrainCommand, ["train", "wait", "single"], { monotonic });
    return {
      ...world,
      run: async (origin, more) => {
        const result = await world.run(origin, more);
        if (!/reason {3}AlgorithmError/.test(result.stdout)) return result;
        const right = /credentials\s+have\s+expired/.test(result.stdout) ? 3 : 0;
        return { ...result, status: result.status === 1 ? right : 1 };
      },
    };
  },
};

/** The commands that watch jobs and read logs. */
export const jobScenarios: readonly Scenario[] = [
  scenario("train status", ["train", "status"], { spares: /^FilterLogEvents$/ }),
  scenario("train wait", ["train", "wait", "single"], { spares: /^FilterLogEvents$/, endsAfter: 2 }),
  failedJob,
  scenario("train logs", ["train", "logs", "single"]),
  scenario("train logs --follow", ["train", "logs", "single", "--follow"], { endsAfter: 2 }),
  scenario("train report of a search", ["train", "report", "search"], { spares: /^FilterLogEvents$/ }),
  scenario("train report of a job", ["train", "report", "single"], { spares: /^FilterLogEvents$/ }),
  scenario("logs", ["logs", "single"], { add: addLogsCommand }),
];

import { describe, it } from "mocha";
import { addConnectCommand } from "../../../cli/commands/connect-command";
import { addDoctorCommand } from "../../../cli/commands/doctor-command";
import { addLogsCommand } from "../../../cli/commands/logs-command";
import { addOpenCommand } from "../../../cli/commands/open-command";
import { addPromoteCommands } from "../../../cli/commands/promote-command";
import { addPruneCommand } from "../../../cli/commands/prune-command";
import { addTrainCommand } from "../../../cli/commands/train-command";
import { addVerifyCommand } from "../../../cli/commands/verify-command";
import { exported, healthy, now, writeDoctorProject } from "../doctor/doctor-tools";
import { doctorHandlers } from "../doctor/fake-doctor";
import { fillJobs, jobWorld } from "../faults/job-scenarios";
import {
  modelScenarios,
  modelWorld,
  servingAccount,
  servingOutputs,
  servingSettings,
  withBuckets,
  withHistory,
} from "../faults/model-scenarios";
import { runCommand } from "../faults/run-command";
import { filesOf, project, stackArguments, type World } from "../faults/scenario";
import { artifact, sha256 } from "../promote/promote-tools";
import { emptyAccount } from "../prune/fake-account";
import { startFakeAws } from "../prune/fake-aws";
import { digestOf, smallAccount, usedState } from "../prune/prune-tools";
import type { FakeOperate } from "../train/fake-operate";
import {
  minutesAgo,
  runningJob,
  searchName,
  singleName,
  trainingGroup,
  trial,
  tuning,
} from "../train/train-jobs";
import { compareOutput, type Shown } from "./golden";

/** Digits of what is compressed here depend on Node's zlib; times are those of the run. */
const plain = (text: string) =>
  text
    .replace(/\b(?!(?:d[0-9]0{10}|a7937b64|16367aac))[0-9a-f]{64}\b/g, "e".repeat(64))
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-01-05T12:00:00.000Z")
    .replace(/\d{4}-\d\d-\d\d(?!T)/g, "2026-01-05");

const promote =
  (...more: readonly string[]) =>
  (): Promise<World> =>
    modelWorld(withBuckets(), addPromoteCommands, (here) => [
      ...["promote", "breeds", "--from", here.file("model.tar.gz", artifact({ accuracy: 0.875 }))],
      ...stackArguments(here),
      ...more,
    ]);

const verify = (change: (account: ReturnType<typeof servingAccount>) => void) => (): Promise<World> => {
  const account = servingAccount();
  change(account);
  return modelWorld(account, addVerifyCommand, (here) => [
    "verify",
    ...stackArguments(here, servingOutputs(), digestOf("d5"), servingSettings),
  ]);
};

const prune =
  (...more: readonly string[]) =>
  (): Promise<World> =>
    modelWorld(smallAccount(), addPruneCommand, (here) => {
      stackArguments(here, {}, digestOf("d5"));
      return [
        "prune",
        "--stack",
        "dev",
        "--state",
        here.file("state.json", JSON.stringify(usedState)),
        "--keep",
        "1",
        ...more,
      ];
    });

function approve(): Promise<World> {
  const scenario = modelScenarios.find(({ title }) => title === "approve");
  if (scenario === undefined) throw new Error("No scenario approves anything.");
  return scenario.begin();
}

/** An account whose quota is too small for the stack. */
async function doctor(): Promise<World> {
  const account = healthy();
  account.quotas.sagemaker?.push({ name: "ml.m5.large for endpoint usage", code: "L-00000002", value: 3 });
  account.quotas.sagemaker?.splice(-2, 1);
  const aws = await startFakeAws(emptyAccount(), doctorHandlers(account));
  const here = project();
  const bin = writeDoctorProject(here.folder);
  const state = here.file("state.json", JSON.stringify(exported()));
  const line = ["doctor", "--stack", "dev", "--state", state];
  return {
    folder: here.folder,
    line: () => line,
    target: aws.origin,
    run: (origin, more) =>
      runCommand(addDoctorCommand, line, {
        ...{ folder: here.folder, origin, variables: { PATH: bin }, now },
        ...more,
        env: { PATH: bin, ...more?.env },
      }),
    state: () => filesOf(here),
    close: async () => {
      await aws.close();
      here.remove();
    },
  };
}

/** Node's version is this computer's, a run may take seconds, and the price tables are refreshed. */
const undated = (text: string) =>
  text
    .replace(process.version, "<node>")
    .replace(/(clock: ).*/, "$1…")
    .replace(/^ {2}prices [\s\S]*?(?=^ {2}ceiling )/m, "  prices …\n");

const still = { monotonic: () => 0 };
const jobs =
  (
    fill: (aws: FakeOperate) => void,
    line: readonly string[],
    add: Parameters<typeof jobWorld>[1] = addTrainCommand,
  ) =>
  () =>
    jobWorld(fill, add, line, still);

/** The job has run out of memory, in the middle of its search one trial has no objective. */
function fail(aws: FakeOperate): void {
  fillJobs(aws, false);
  aws.jobs.set(
    singleName,
    runningJob({
      TrainingJobStatus: "Failed",
      SecondaryStatus: "Failed",
      FailureReason:
        'AlgorithmError: ExecuteUserScriptError: exit code: 137, ExecutionError, Command "python -m breeds.train --epochs 20"',
      TrainingEndTime: minutesAgo(2) / 1000,
      BillableTimeInSeconds: 600,
    }),
  );
  aws.tunings.set(searchName, tuning("Failed", [trial(1, "Completed", 0.6), trial(2, "Failed", undefined)]));
  aws.lines.push({
    group: trainingGroup,
    stream: `${singleName}/algo-2-1767600000`,
    at: minutesAgo(3),
    message:
      "RuntimeError: DataLoader worker (pid 61) is killed by signal: Killed. It is possible that dataloader's workers are out of shared memory.",
  });
}

const running = (aws: FakeOperate) => fillJobs(aws, false);
const completed = (aws: FakeOperate) => fillJobs(aws, true);
const box = { trainingBox: { instanceId: "i-0123456789abcdef0", amiPinned: "ami-1", amiLatest: "ami-1" } };
const boxCommand = /^aws ssm start-session /;
const url = /^\s*https:\/\//;
/** A digest is left whole, to be copied. */
const digest = /[0-9a-f]{64}/;
/** A line of the program's own, with the time before it. */
const logLine = /^\s*\d{4}-\d\d-\d\dT/;

const shown: readonly Shown[] = [
  { name: "verify", status: 0, begin: verify(() => {}) },
  {
    name: "verify-findings",
    status: 1,
    begin: verify(({ endpoints, alarms, functions }) => {
      const endpoint = endpoints.get("sagemaker-ops-dev-single");
      if (endpoint !== undefined)
        Object.assign(endpoint, { answers: digestOf("d4"), instances: 1, minimumInstances: undefined });
      functions.clear();
      alarms.set("sagemaker-ops-dev-single-latency", true);
    }),
  },
  {
    name: "verify-failed",
    status: 1,
    long: url,
    begin: verify(({ endpoints }) => {
      const endpoint = endpoints.get("sagemaker-ops-dev-single");
      if (endpoint !== undefined)
        Object.assign(endpoint, {
          status: "Failed",
          failureReason:
            "The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.",
        });
    }),
  },
  { name: "promote", status: 0, begin: promote(), plain, long: digest },
  { name: "promote-dry-run", status: 0, begin: promote("--dry-run"), plain, long: digest },
  { name: "promote-refused", status: 1, begin: promote("--min-accuracy", "0.9"), plain },
  {
    name: "rollback",
    status: 0,
    plain,
    long: digest,
    begin: () =>
      modelWorld(withHistory(), addPromoteCommands, (here) => [
        "rollback",
        "breeds",
        ...stackArguments(here, {}, sha256(Buffer.from("second"))),
      ]),
  },
  { name: "approve", status: 0, begin: approve, plain, long: digest },
  { name: "prune", status: 0, begin: prune(), plain },
  { name: "prune-yes", status: 0, begin: prune("--yes"), plain },
  { name: "train-status-running", status: 0, begin: jobs(running, ["train", "status"]) },
  { name: "train-status-completed", status: 0, begin: jobs(completed, ["train", "status"]) },
  { name: "train-status-failed", status: 0, begin: jobs(fail, ["train", "status"]) },
  { name: "train-wait-failed", status: 1, begin: jobs(fail, ["train", "wait", "single"]), long: logLine },
  { name: "train-report-search", status: 0, begin: jobs(completed, ["train", "report", "search"]) },
  { name: "train-report-failed", status: 0, begin: jobs(fail, ["train", "report", "search"]) },
  { name: "train-report-job", status: 0, begin: jobs(completed, ["train", "report", "single"]) },
  { name: "train-logs", status: 0, begin: jobs(fail, ["train", "logs", "single"]), long: logLine },
  { name: "logs", status: 0, begin: jobs(running, ["logs", "single"], addLogsCommand), long: logLine },
  {
    name: "open-dashboard",
    status: 0,
    begin: jobs(running, ["open", "dashboard"], addOpenCommand),
    long: url,
  },
  {
    name: "open-job",
    status: 0,
    begin: jobs(running, ["open", "job", "single"], addOpenCommand),
    long: url,
  },
  { name: "doctor", status: 1, begin: doctor, plain: undated, long: url },
  { name: "open-logs", status: 0, begin: jobs(running, ["open", "logs"], addOpenCommand), long: url },
  {
    name: "connect-box",
    status: 0,
    long: boxCommand,
    begin: () =>
      modelWorld(withBuckets(), addConnectCommand, (here) => [
        "connect",
        "box",
        ...stackArguments(here, box),
      ]),
  },
];

/**
 * What people see of the operating commands, on a narrow and a wide terminal, with and without colours. Look at what changed before
 * taking it over with UPDATE_GOLDEN=1.
 */
describe("the terminal output of the operating commands", () => {
  for (const one of shown)
    it(`of ${one.name} is as its file has it, fits the terminal, and needs no colours`, () =>
      compareOutput(one));
});

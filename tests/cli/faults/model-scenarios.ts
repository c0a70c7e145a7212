import { addPromoteCommands } from "../../../cli/commands/promote-command";
import { addPruneCommand } from "../../../cli/commands/prune-command";
import { addVerifyCommand } from "../../../cli/commands/verify-command";
import { promotionKey } from "../../../cli/core/promote/history";
import { artifact, putObject, sha256 } from "../promote/promote-tools";
import { emptyAccount, type FakeAccount } from "../prune/fake-account";
import { startFakeAws } from "../prune/fake-aws";
import { bucket, contractOf, daysAgo, digestOf, smallAccount, usedState } from "../prune/prune-tools";
import { runCommand, type TestProcess } from "./run-command";
import {
  filesOf,
  type Project,
  project,
  type Scenario,
  stackArguments,
  timeless,
  type World,
} from "./scenario";

const jobName = "sagemaker-ops-dev-single-1a2b3c4d";
const jobKey = `jobs/${jobName}/output/model.tar.gz`;
const bytes = artifact({ accuracy: 0.875 });
const jobs = { single: { jobName } };
const endpointName = "sagemaker-ops-dev-single";

export function withBuckets(): FakeAccount {
  const account = emptyAccount();
  account.buckets.set(bucket, []).set("output-of-dev", []);
  return account;
}

function withJob(): FakeAccount {
  const account = withBuckets();
  putObject(account, "output-of-dev", jobKey, bytes);
  account.trainingJobs.set(jobName, { status: "Completed", artifact: `s3://output-of-dev/${jobKey}` });
  return account;
}

/** The job is the best of a search. */
function withSearch(): FakeAccount {
  const account = withJob();
  account.tuningJobs.set("search-1a2b3c4d", { status: "Completed", best: jobName });
  return account;
}

function withBoxRun(): FakeAccount {
  const account = withBuckets();
  putObject(account, "output-of-dev", "box/20261121T101112Z/output/model.tar.gz", bytes);
  return account;
}

/** Two promotions, one after the other. */
export function withHistory(): FakeAccount {
  const account = withBuckets();
  ["first", "second"].forEach((text, index) => {
    const digest = sha256(Buffer.from(text));
    putObject(account, bucket, `models/${digest}/model.tar.gz`, Buffer.from(text));
    const at = daysAgo(30 - index);
    const provenance = { source: `job ${index}`, promotedAt: at.toISOString(), promotedBy: "ann" };
    const record = JSON.stringify({ model: "breeds", digest, provenance });
    putObject(account, bucket, promotionKey({ model: "breeds", digest, at }), Buffer.from(record));
  });
  return account;
}

/** The endpoint of the stack, as healthy as verify wants it. */
export function servingAccount(digest = digestOf("d5")): FakeAccount {
  const account = emptyAccount();
  account.endpoints.set(endpointName, {
    status: "InService",
    configName: "single-config-0000005",
    createdAt: new Date(0),
    modifiedAt: new Date(0),
    answers: digest,
    instances: 2,
    minimumInstances: 2,
  });
  account.functions.add(endpointName);
  account.alarms.set(`${endpointName}-latency`, false).set(`${endpointName}-errors`, false);
  return account;
}

/** Outputs of a stack with that endpoint and a function before it. */
export function servingOutputs(): object {
  const whole = contractOf({ deployedDigest: digestOf("d5") }) as { endpoints: { single: object } };
  return {
    endpoints: {
      single: {
        ...whole.endpoints.single,
        logsUrl: `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252F${endpointName}`,
        functionName: endpointName,
        functionAliasArn: `arn:aws:lambda:us-east-1:123456789012:function:${endpointName}:live`,
      },
    },
  };
}

export const servingSettings = {
  endpoints: {
    single: {
      model: "breeds",
      serving: {
        kind: "instances",
        instanceType: "ml.m5.large",
        initialCount: 2,
        scaling: { kind: "invocations", min: 2, max: 4, maxRequestsPerSecond: 10 },
      },
      function: { kind: "none", reason: "A stack of the tests" },
    },
  },
};

/** Keys and contents of the objects, and whatever else can be deleted, without times. */
function accountState({
  buckets,
  configurations,
  models,
  logGroups,
  packageGroups,
}: FakeAccount): readonly string[] {
  return [
    ...[...packageGroups].flatMap(([group, versions]) =>
      versions.map(({ approval }, index) => `version ${index + 1} of ${group}: ${approval}`),
    ),
    ...[...buckets].flatMap(([name, versions]) =>
      versions.map(({ key, body }) => timeless(`object ${name}/${key} ${body.toString("latin1")}`)).sort(),
    ),
    ...[...configurations.keys()].map((name) => `configuration ${name}`),
    ...[...models.keys()].map((name) => `model ${name}`),
    ...[...logGroups.keys()].map((name) => `log group ${name}`),
  ];
}

type Add = (program: import("commander").Command, own: TestProcess) => void;

/** A stack and an account that the commands on models work on. */
export async function modelWorld(
  account: FakeAccount,
  add: Add,
  lineOf: (project: Project) => readonly string[],
): Promise<World> {
  const aws = await startFakeAws(account);
  const here = project();
  const line = lineOf(here);
  return {
    folder: here.folder,
    line: () => line,
    target: aws.origin,
    run: (origin, more) => runCommand(add, line, { folder: here.folder, origin, ...more }),
    state: () => [...accountState(account), ...filesOf(here)],
    close: async () => {
      await aws.close();
      here.remove();
    },
  };
}

const promotion = (title: string, account: () => FakeAccount, from: (here: Project) => string): Scenario => ({
  title: `promote from ${title}`,
  changes: true,
  begin: () =>
    modelWorld(account(), addPromoteCommands, (here) => [
      ...["promote", "breeds", "--from", from(here)],
      ...stackArguments(here, { jobs }),
    ]),
});

const prune = (title: string, more: readonly string[]): Scenario => ({
  title,
  changes: more.length > 0,
  begin: () =>
    modelWorld(smallAccount(), addPruneCommand, (here) => {
      stackArguments(here, {}, digestOf("d5"));
      const state = here.file("state.json", JSON.stringify(usedState));
      return ["prune", "--stack", "dev", "--state", state, "--keep", "1", ...more];
    }),
});

const groupName = "sagemaker-ops-dev-breeds";

function withGroup(): FakeAccount {
  const account = withBuckets();
  account.packageGroups.set(groupName, []);
  return account;
}

/** The arguments of a stack whose model has a group of the model registry. */
function registryArguments(here: Project, approval: "automatic" | "required"): readonly string[] {
  const models = { breeds: { classes: 133, registry: { kind: "group", approval } } };
  return stackArguments(here, { models: { breeds: { modelPackageGroupName: groupName } } }, undefined, {
    models,
  });
}

function registering(account: FakeAccount, approval: "automatic" | "required"): Promise<World> {
  return modelWorld(account, addPromoteCommands, (here) => [
    ...["promote", "breeds", "--from", here.file("model.tar.gz", bytes)],
    ...registryArguments(here, approval),
  ]);
}

/** Somebody has registered an artifact, and another person approves it. */
async function approving(): Promise<World> {
  const account = withGroup();
  const waiting = await registering(account, "required");
  await waiting.run(waiting.target);
  await waiting.close();
  account.caller = "another";
  return modelWorld(account, addPromoteCommands, (here) => [
    ...["approve", "breeds", sha256(bytes)],
    ...registryArguments(here, "required"),
  ]);
}

/** An artifact that was registered and promoted is gone back to. */
async function goingBack(): Promise<World> {
  const account = withGroup();
  const promoted = await registering(account, "automatic");
  await promoted.run(promoted.target);
  await promoted.close();
  return modelWorld(account, addPromoteCommands, (here) => [
    ...["rollback", "breeds", sha256(bytes)],
    ...registryArguments(here, "automatic"),
  ]);
}

/** The commands that promote models and look at endpoints. */
export const modelScenarios: readonly Scenario[] = [
  promotion("a file", withBuckets, ({ file }) => file("model.tar.gz", bytes)),
  promotion("an object of S3", withJob, () => `s3://output-of-dev/${jobKey}`),
  promotion("a job", withJob, () => "single"),
  promotion("a tuning job", withSearch, () => "search-1a2b3c4d"),
  promotion("the training box", withBoxRun, () => "box"),
  {
    title: "promote into the model registry",
    changes: true,
    begin: () => registering(withGroup(), "automatic"),
  },
  { title: "approve", changes: true, begin: approving },
  {
    title: "rollback",
    changes: true,
    begin: () =>
      modelWorld(withHistory(), addPromoteCommands, (here) => [
        "rollback",
        "breeds",
        ...stackArguments(here, {}, sha256(Buffer.from("second"))),
      ]),
  },
  { title: "rollback to what is in the model registry", changes: true, begin: goingBack },
  {
    title: "verify",
    changes: false,
    begin: () =>
      modelWorld(servingAccount(), addVerifyCommand, (here) => [
        "verify",
        ...stackArguments(here, servingOutputs(), digestOf("d5"), servingSettings),
      ]),
  },
];

/** The command that removes what releases have left. */
export const pruneScenarios: readonly Scenario[] = [prune("prune", []), prune("prune --yes", ["--yes"])];

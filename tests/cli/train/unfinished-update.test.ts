import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { addLogsCommand } from "../../../cli/commands/logs-command";
import { addTrainCommand } from "../../../cli/commands/train-command";
import { deployedStack } from "../../../cli/core/aws/deployed-stack";
import { declaredJobs } from "../../../cli/core/train/targets";
import type { JsonObject } from "../../../plan/json-value";
import { servingSettings } from "../faults/model-scenarios";
import { contractOf, digestOf } from "../prune/prune-tools";
import { minutesAgo, runningJob, searchName, singleName } from "./train-jobs";
import { trainTools } from "./train-tools";

const urn = (types: string, name: string) => `urn:pulumi:dev::sagemaker-ops::${types}::${name}`;

/** A job as Pulumi's state has it: part of a component that has its name in the configuration. */
function jobResource(key: string, jobName: string, kind: "training" | "tuning" = "training") {
  const [component, type] =
    kind === "training"
      ? ["mlops:training:TrainingJob", "aws:sagemaker/trainingJob:TrainingJob"]
      : ["mlops:training:TuningJob", "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"];
  return {
    type,
    urn: urn(`${component}$${type}`, jobName),
    parent: urn(String(component), key),
    id: jobName,
    inputs: {},
    outputs: {},
  };
}

function state(
  resources: readonly object[],
  outputs: object = {},
  begun: readonly object[] = [],
): JsonObject {
  const stack = {
    type: "pulumi:pulumi:Stack",
    urn: urn("pulumi:pulumi:Stack", "sagemaker-ops-dev"),
    outputs,
  };
  return {
    deployment: {
      resources: [stack, ...resources],
      pending_operations: begun.map((resource) => ({ type: "creating", resource })),
    },
  } as unknown as JsonObject;
}

/** The engine's own states are those of tests/engine; here they are written after them. */
describe("a stack whose update has not come to its end", () => {
  const { folder, serve, run } = trainTools((program, own) => {
    addTrainCommand(program, own);
    addLogsCommand(program, own);
  });
  const jobsOf = (exported: JsonObject) => {
    const sections = { jobs: { single: {} }, tuning: { search: {} }, storage: { data: {} } };
    const config = { ...sections, models: {}, endpoints: {} } as unknown as Parameters<
      typeof declaredJobs
    >[0];
    return declaredJobs(config, deployedStack(exported, "the state")).targets;
  };

  it("has the jobs that it began, of either kind, before there are any outputs", () => {
    const exported = state([jobResource("search", searchName, "tuning")], {}, [
      jobResource("single", singleName),
    ]);

    assert.deepEqual(jobsOf(exported), [
      { key: "search", kind: "tuning", jobName: searchName },
      { key: "single", kind: "training", jobName: singleName },
    ]);
  });

  it("has the newest job of each name: the outputs, and what is yet to be deleted, are of an update before", () => {
    const outputs = {
      ...contractOf({}),
      jobs: { single: { jobName: "former" }, search: { jobName: searchName } },
    };

    const targets = jobsOf(
      state([jobResource("single", singleName), jobResource("single", "former")], outputs),
    );

    assert.deepEqual(targets, [
      { key: "search", kind: "tuning", jobName: searchName },
      { key: "single", kind: "training", jobName: singleName },
    ]);
  });

  it("is watched all the same: train wait finds the job that runs and costs", async () => {
    const aws = await serve();
    aws.jobs.set(
      singleName,
      runningJob({ TrainingJobStatus: "Failed", TrainingEndTime: minutesAgo(1) / 1000 }),
    );
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify(state([jobResource("single", singleName)])));

    const { status, stdout, stderr } = await run(aws, ["train", "wait", "single", "--state", file]);

    assert.equal(status, 1, stderr);
    assert.match(stdout, /job single {2}sagemaker-ops-dev-single-1a2b3c4d\n {2}state {4}Failed/);
  });

  it("has the log of an endpoint that could not be made, by either of its names", async () => {
    const aws = await serve();
    const group = "/aws/sagemaker/Endpoints/sagemaker-ops-dev-single";
    aws.lines.push({
      group,
      stream: "AllTraffic/i-01",
      at: minutesAgo(2),
      message: "no module named breeds",
    });
    const stackFile = { models: { breeds: { classes: 2, digest: digestOf("d1") } }, ...servingSettings };

    for (const name of ["single", "sagemaker-ops-dev-single"]) {
      const { status, stdout, stderr } = await run(aws, ["logs", name], { stackFile });

      assert.equal(status, 0, stderr);
      assert.equal(stdout, "2026-01-05T11:58:00Z  no module named breeds\n");
    }
  });

  it("has no log of an endpoint that waits for its model, whatever the outputs of an update before say", async () => {
    const aws = await serve();

    const { status, stderr } = await run(aws, ["logs", "single"], {
      stackFile: servingSettings,
      outputs: { pending: [{ kind: "endpoint", name: "single", waitsFor: "old", nextCommand: "old" }] },
    });

    assert.equal(status, 2);
    assert.match(
      stderr,
      /^single is not deployed: no artifact is promoted: models\.breeds\.digest is not set\. Next: npx sagemaker-ops promote breeds /,
    );
    assert.deepEqual(aws.calls, []);
  });
});

import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { addConnectCommand } from "../../../cli/commands/connect-command";
import { addOpenCommand } from "../../../cli/commands/open-command";
import { jobLogsUrl, jobUrl, placeOf } from "../../../cli/core/operate/console-pages";
import { contractOf, digestOf } from "../prune/prune-tools";
import { searchName, singleName } from "../train/train-jobs";
import { trainTools } from "../train/train-tools";

const box = {
  trainingBox: { instanceId: "i-0123456789abcdef0", amiPinned: "ami-1", amiLatest: "ami-1" },
};

/** The forms of the console's addresses are not documented: a test cannot tell whether they lead anywhere. */
describe("sagemaker-ops open", () => {
  const { serve, run } = trainTools(addOpenCommand);
  const outputs = contractOf({ deployedDigest: digestOf("d1") });
  const console = "https://us-east-1.console.aws.amazon.com";

  it("prints the dashboard's address alone, and asks AWS nothing", async () => {
    const aws = await serve();

    const { status, stdout } = await run(aws, ["open", "dashboard"], { outputs });

    assert.deepEqual([status, stdout, aws.calls.length], [0, "https://console.aws.amazon.com/\n", 0]);
  });

  it("prints the logs of everything, or of everything that has the name", async () => {
    const aws = await serve();
    const group = `${console}/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252F`;

    const all = await run(aws, ["open", "logs"], { outputs });
    const one = await run(aws, ["open", "logs", "single"], { outputs });
    const none = await run(aws, ["open", "logs", "multi"], { outputs });

    assert.equal(
      all.stdout,
      `endpoint single\n  ${group}Endpoints$252Fsagemaker-ops-dev-single\ntraining jobs\n  ${group}TrainingJobs\n`,
    );
    assert.equal(
      one.stdout,
      `endpoint single\n  ${group}Endpoints$252Fsagemaker-ops-dev-single\nlog of single\n  ${group}TrainingJobs$3FlogStreamNameFilter$3D${singleName}$252F\n`,
    );
    assert.equal(none.status, 2);
    assert.match(none.stderr, /no endpoint and no job "multi"\. Endpoints: single\. Jobs: search, single\./);
  });

  it("prints the page of a job, of a tuning job, and of a trial by its name in SageMaker", async () => {
    const aws = await serve();

    const job = await run(aws, ["open", "job", "single", "--json"]);
    const all = await run(aws, ["open", "job"]);
    const trial = await run(aws, ["open", "job", `${searchName}-001-abcdef12`]);
    const notDue = await run(aws, ["open", "job", "single"], { deployed: {}, hasData: false });

    assert.deepEqual((JSON.parse(job.stdout) as { url: string }[])[0], {
      what: "job single",
      url: `${console}/sagemaker/home?region=us-east-1#/jobs/${singleName}`,
    });
    assert.equal(
      all.stdout,
      `tuning search\n  ${console}/sagemaker/home?region=us-east-1#/hyper-tuning-jobs/${searchName}\njob single\n  ${console}/sagemaker/home?region=us-east-1#/jobs/${singleName}\n`,
    );
    assert.match(trial.stdout, /#\/jobs\/sagemaker-ops-dev-searc-1a2b3c4d-001-abcdef12\n/);
    assert.match(notDue.stderr, /single has not been started/);
  });

  it("has the host of the region's partition", () => {
    assert.deepEqual(
      ["eu-central-1", "cn-north-1", "us-gov-west-1"].map((region) =>
        jobUrl(placeOf(region), "training", "j"),
      ),
      [
        "https://eu-central-1.console.aws.amazon.com/sagemaker/home?region=eu-central-1#/jobs/j",
        "https://cn-north-1.console.amazonaws.cn/sagemaker/home?region=cn-north-1#/jobs/j",
        "https://us-gov-west-1.console.amazonaws-us-gov.com/sagemaker/home?region=us-gov-west-1#/jobs/j",
      ],
    );
    assert.match(
      jobLogsUrl(placeOf("cn-north-1"), "j"),
      /^https:\/\/cn-north-1\.console\.amazonaws\.cn\/cloudwatch/,
    );
  });

  it("refuses a stack whose outputs are of another one", async () => {
    const { status, stderr } = await run(await serve(), ["open", "dashboard"], {
      outputs: { ...outputs, stack: "sagemaker-ops/prod" },
    });

    assert.equal(status, 2);
    assert.match(
      stderr,
      /The outputs are of sagemaker-ops\/prod, and Pulumi\.dev\.yaml declares sagemaker-ops\/dev/,
    );
  });
});

/** Does not start a session: a program of the name `aws` takes the AWS CLI's place. */
describe("sagemaker-ops connect box", () => {
  const { folder, serve, run } = trainTools(addConnectCommand);
  const command = "ssm start-session --target i-0123456789abcdef0 --region us-east-1";

  const fakeCli = (exit: number) => {
    writeFileSync(join(folder, "aws"), `#!/bin/sh\necho "$@" > ${join(folder, "called")}\nexit ${exit}\n`);
    chmodSync(join(folder, "aws"), 0o755);
    return { PATH: `${folder}:/usr/bin:/bin` };
  };

  it("prints the command, and runs it with --start", async () => {
    const aws = await serve();

    const printed = await run(aws, ["connect", "box"], { outputs: box });
    const started = await run(aws, ["connect", "box", "--start"], { outputs: box, env: fakeCli(0) });

    assert.equal(printed.stdout, `aws ${command}\n`);
    assert.deepEqual([started.status, started.stdout], [0, ""]);
    assert.equal(readFileSync(join(folder, "called"), "utf8"), `${command}\n`);
  });

  it("says what may be missing where the session fails, or where the AWS CLI is not there", async () => {
    const aws = await serve();

    const failed = await run(aws, ["connect", "box", "--start"], { outputs: box, env: fakeCli(254) });
    const missing = await run(aws, ["connect", "box", "--start"], {
      outputs: box,
      env: { PATH: join(folder, "absent") },
    });

    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /is the Session Manager plugin installed, and do you have ssm:StartSession/);
    assert.equal(missing.status, 3);
    assert.match(missing.stderr, /The AWS CLI is not installed or not on PATH/);
  });

  it("refuses a stack without a box, and a target that is no instance", async () => {
    const aws = await serve();
    const trainingBox = { instanceType: "g4dn.xlarge" };

    const undeclared = await run(aws, ["connect", "box"]);
    const notYet = await run(aws, ["connect", "box"], { stackFile: { trainingBox } });
    const forged = await run(aws, ["connect", "box"], {
      outputs: { trainingBox: { ...box.trainingBox, instanceId: "i-1 --profile other" } },
    });

    assert.deepEqual([undeclared.status, notYet.status, forged.status], [2, 2, 2]);
    assert.match(undeclared.stderr, /Pulumi\.dev\.yaml declares no trainingBox/);
    assert.match(notYet.stderr, /has no training box yet\. Next: npx sagemaker-ops up/);
    assert.match(forged.stderr, /that is no EC2 instance/);
  });
});

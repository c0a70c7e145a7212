import assert from "node:assert/strict";
import { DevelopmentSchedule } from "../../infra/components/development-schedule";
import { Notebook } from "../../infra/components/notebook";
import { TrainingBox } from "../../infra/components/training-box";
import { notebook, trainingBox } from "../../infra/config/schema/development";
import { foundation } from "../support/foundation";
import { ofType, only, type Recorded, recordResources } from "../support/mocks";

const scheduleType = "aws:scheduler/schedule:Schedule";

function record(parts: { notebook?: boolean; box?: boolean }): Promise<Recorded[]> {
  return recordResources(() => {
    const { context, config, dataStore, code } = foundation();
    const shared = { context, storage: config.storage, dataStore };
    const internetAccess = { kind: "direct", reason: "Development has no VPC of its own" };
    new DevelopmentSchedule("evening", {
      context,
      stopDevelopment: { cron: "cron(0 20 ? * MON-FRI *)", timeZone: "Europe/Berlin" },
      notebook: parts.notebook
        ? new Notebook("notebook", { ...shared, notebook: notebook.parse({ internetAccess }) })
        : undefined,
      trainingBox: parts.box
        ? new TrainingBox("box", { ...shared, code, box: trainingBox.parse({ instanceType: "g4dn.xlarge" }) })
        : undefined,
    });
  });
}

describe("DevelopmentSchedule", () => {
  it("stops notebook and box at the exact time, by calling their services itself", async () => {
    const resources = await record({ notebook: true, box: true });

    const schedule = (what: string, action: string, input: object) => ({
      name: `sagemaker-ops-dev-stop-${what}`,
      description: `Stops the ${what} of dev`,
      scheduleExpression: "cron(0 20 ? * MON-FRI *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: `arn:aws:scheduler:::aws-sdk:${action}`,
        roleArn: "arn:aws:iam::123456789012:role/evening-role",
        input: JSON.stringify(input),
        retryPolicy: { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 3 },
      },
    });
    assert.deepEqual(
      ofType(resources, scheduleType).map(({ inputs }) => inputs),
      [
        schedule("notebook", "sagemaker:stopNotebookInstance", {
          NotebookInstanceName: "sagemaker-ops-dev-notebook",
        }),
        schedule("training-box", "ec2:stopInstances", { InstanceIds: ["box-id"] }),
      ],
    );
    for (const { dependencies } of ofType(resources, scheduleType)) {
      assert.ok(dependencies.includes("evening-role-permissions"));
    }
  });

  it("may stop exactly these two", async () => {
    const resources = await record({ notebook: true, box: true });

    const policy = JSON.parse(
      only(resources, "aws:iam/rolePolicy:RolePolicy", "evening-role-permissions").inputs.policy,
    );
    assert.deepEqual(
      policy.Statement.map(({ Action, Resource, Condition }: Record<string, unknown>) => [
        Action,
        Resource,
        Condition,
      ]),
      [
        [
          ["ec2:StopInstances"],
          ["arn:aws:ec2:us-east-1:123456789012:instance/*"],
          { StringEquals: { "aws:ResourceTag/Name": "sagemaker-ops-dev-training-box" } },
        ],
        [
          ["sagemaker:StopNotebookInstance"],
          ["arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/sagemaker-ops-dev-notebook"],
          undefined,
        ],
      ],
    );
  });

  it("has one schedule where there is one thing to stop", async () => {
    const names = async (parts: { notebook?: boolean; box?: boolean }) =>
      ofType(await record(parts), scheduleType).map(({ name }) => name);

    assert.deepEqual(await names({ notebook: true }), ["evening-notebook"]);
    assert.deepEqual(await names({ box: true }), ["evening-training-box"]);
  });
});

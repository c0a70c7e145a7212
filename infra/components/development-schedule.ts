import { Schedule } from "@pulumi/aws/scheduler";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { schedulerRole } from "../iam/roles";
import { physicalName } from "../rules/naming";
import type { StackContext } from "./context";
import type { Notebook } from "./notebook";
import { ServiceRole } from "./service-role";
import type { TrainingBox } from "./training-box";

export interface DevelopmentScheduleArgs {
  readonly context: StackContext;
  /** When everything is stopped. */
  readonly stopDevelopment: NonNullable<StackConfig["schedules"]["stopDevelopment"]>;
  /** @default - there is none to stop */
  readonly notebook?: Notebook | undefined;
  /** @default - there is none to stop */
  readonly trainingBox?: TrainingBox | undefined;
}

/**
 * Stops notebook and training box at a fixed time, whether their own idle stop works or not. Stopping what is stopped
 * already is refused by SageMaker and a no-op for EC2; both are what is wanted, so nothing is retried for long.
 */
export class DevelopmentSchedule extends pulumi.ComponentResource {
  constructor(name: string, args: DevelopmentScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:operations:DevelopmentSchedule", name, {}, opts);

    const { context, notebook, trainingBox, stopDevelopment } = args;
    const { naming, place } = context;
    const policies = schedulerRole({
      place,
      notebookName: notebook?.notebookName,
      instanceName: trainingBox?.instanceName,
    });
    const role = new ServiceRole(
      `${name}-role`,
      {
        trust: policies.trust,
        permissions: policies.permissions,
        description: `Stops the notebook and the training box of ${naming.environment}`,
      },
      { parent: this },
    );
    const stop = (what: string, action: string, input: pulumi.Input<string>) =>
      new Schedule(
        `${name}-${what}`,
        {
          name: physicalName(naming, `stop-${what}`),
          description: `Stops the ${what} of ${naming.environment}`,
          scheduleExpression: stopDevelopment.cron,
          scheduleExpressionTimezone: stopDevelopment.timeZone,
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            // Universal target: Scheduler calls the API itself, and no function has to be kept alive for it.
            arn: `arn:${place.partition}:scheduler:::aws-sdk:${action}`,
            roleArn: role.arn,
            input,
            retryPolicy: { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 3 },
          },
        },
        { parent: this, dependsOn: [role.policy] },
      );
    if (notebook !== undefined) {
      stop(
        "notebook",
        "sagemaker:stopNotebookInstance",
        JSON.stringify({ NotebookInstanceName: notebook.notebookName }),
      );
    }
    if (trainingBox !== undefined) {
      stop(
        "training-box",
        "ec2:stopInstances",
        trainingBox.instanceId.apply((id) => JSON.stringify({ InstanceIds: [id] })),
      );
    }
    this.registerOutputs({});
  }
}

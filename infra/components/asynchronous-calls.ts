import { MetricAlarm } from "@pulumi/aws/cloudwatch";
import { type Alias, FunctionEventInvokeConfig } from "@pulumi/aws/lambda";
import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionConfig } from "../config/schema/stack";
import { failedCallsAlarm } from "../rules/function-alarms";
import { failedCallsQueueName } from "../rules/naming";
import { alarmArgs } from "./alarm-args";
import type { ServiceRole } from "./service-role";

export interface AsynchronousCallsArgs {
  readonly functionName: string;
  readonly alias: Alias;
  readonly config: Extract<FunctionConfig, { kind: "invoke" }>["asynchronous"];
  /** Role of the function, with which Lambda sends. */
  readonly role: ServiceRole;
  /** Topic that hears of the alarm. @default - nobody is told */
  readonly topicArn?: pulumi.Input<string> | undefined;
}

const retentionSeconds = 14 * 24 * 3600;

/** What becomes of calls of a function that nobody waits for. */
export class AsynchronousCalls extends pulumi.ComponentResource {
  constructor(name: string, args: AsynchronousCallsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:serving:AsynchronousCalls", name, {}, opts);
    const { functionName, alias, config, role } = args;
    const call = { functionName, qualifier: alias.name };

    if (config.kind === "drop") {
      // The answer reaches nobody, so a call is neither repeated nor kept waiting.
      new FunctionEventInvokeConfig(
        `${name}-config`,
        { ...call, maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        { parent: this },
      );
    } else {
      const queueName = failedCallsQueueName(functionName);
      const queue = new Queue(
        `${name}-failed`,
        { name: queueName, messageRetentionSeconds: retentionSeconds, sqsManagedSseEnabled: true },
        { parent: this },
      );
      new FunctionEventInvokeConfig(
        `${name}-config`,
        {
          ...call,
          maximumRetryAttempts: config.retries,
          maximumEventAgeInSeconds: config.maxAgeSeconds,
          destinationConfig: { onFailure: { destination: queue.arn } },
        },
        // Lambda checks that the role may send there.
        { parent: this, dependsOn: [role.policy] },
      );
      const spec = failedCallsAlarm(queueName);
      new MetricAlarm(`${name}-${spec.suffix}`, alarmArgs(spec, args.topicArn), { parent: this });
    }
    this.registerOutputs();
  }
}

import { MetricAlarm } from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { type EndpointAlarmArgs, endpointAlarms } from "../rules/alarms";
import { alarmArgs } from "./alarm-args";

export interface EndpointAlarmsArgs extends EndpointAlarmArgs {
  /**
   * Topic that hears of every alarm.
   * @default - nobody is told; rollouts roll back all the same
   */
  readonly topicArn?: pulumi.Input<string> | undefined;
}

/**
 * The alarms of one endpoint. They exist before it, as its rollouts refer to them by name: their dimensions are made
 * from the endpoint's name, not from the endpoint.
 */
export class EndpointAlarms extends pulumi.ComponentResource {
  /** Names of the alarms that a rollout rolls back on; what takes them waits for the alarms. */
  readonly rollbackAlarmNames: readonly pulumi.Output<string>[];

  constructor(name: string, args: EndpointAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:operations:EndpointAlarms", name, {}, opts);

    const alarms = endpointAlarms(args).map((spec) => ({
      spec,
      alarm: new MetricAlarm(`${name}-${spec.suffix}`, alarmArgs(spec, args.topicArn), { parent: this }),
    }));

    this.rollbackAlarmNames = alarms.filter(({ spec }) => spec.rollsBack).map(({ alarm }) => alarm.name);
    this.registerOutputs({ rollbackAlarmNames: this.rollbackAlarmNames });
  }
}

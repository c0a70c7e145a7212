import { LogGroup } from "@pulumi/aws/cloudwatch";
import { FlowLog } from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { flowLogsRole } from "../iam/roles";
import { flowLogGroupName } from "../rules/vpc";
import type { StackContext } from "./context";
import { ServiceRole } from "./service-role";

export interface VpcFlowLogsArgs {
  readonly context: StackContext;
  readonly vpcId: pulumi.Input<string>;
  /** One of the retentions that CloudWatch Logs offers. */
  readonly retentionInDays: number;
  /** ARN of the KMS key of the log group; its policy has to allow CloudWatch Logs. @default - no key */
  readonly keyArn?: pulumi.Input<string> | undefined;
}

/** Who talked to whom in the VPC, accepted and rejected, for as long as the configuration says. */
export class VpcFlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: VpcFlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:network:VpcFlowLogs", name, {}, opts);

    const { naming, place } = args.context;
    const logGroupName = flowLogGroupName(naming);
    const logGroup = new LogGroup(
      name,
      {
        name: logGroupName,
        retentionInDays: args.retentionInDays,
        ...(args.keyArn === undefined ? {} : { kmsKeyId: args.keyArn }),
      },
      { parent: this },
    );
    const role = new ServiceRole(
      `${name}-role`,
      {
        ...flowLogsRole({ place, logGroupName }),
        description: `Delivers the VPC flow logs of ${naming.environment}`,
      },
      { parent: this },
    );
    new FlowLog(
      name,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        // Ten minutes; one minute multiplies the records, and nothing here alarms on them.
        maxAggregationInterval: 600,
      },
      { parent: this, dependsOn: [role.policy] },
    );
    this.registerOutputs({});
  }
}

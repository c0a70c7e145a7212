import { Policy, Target } from "@pulumi/aws/appautoscaling";
import { ProvisionedConcurrencyConfig } from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionConfig } from "../config/schema/stack";
import { weightsRetry } from "./role-retry";

export interface ProvisionedConcurrencyArgs {
  /** Name of the function, not its ARN, with which the provider cannot read it back (pulumi-aws#1886). */
  readonly functionName: pulumi.Input<string>;
  /** Environments are kept for an alias; AWS refuses `$LATEST`. */
  readonly aliasName: pulumi.Input<string>;
  /** A fixed number of environments, or bounds between which the number follows their use. */
  readonly provisioned: Exclude<
    Extract<FunctionConfig, { kind: "invoke" }>["provisionedConcurrency"],
    { kind: "none" }
  >;
}

/** Environments of a function that are kept ready, and billed, all the time. */
export class ProvisionedConcurrency extends pulumi.ComponentResource {
  constructor(name: string, args: ProvisionedConcurrencyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:serving:ProvisionedConcurrency", name, {}, opts);
    const { functionName, aliasName, provisioned } = args;
    const scaled = provisioned.kind === "autoscaled";

    const concurrency = new ProvisionedConcurrencyConfig(
      `${name}-config`,
      {
        functionName,
        qualifier: aliasName,
        provisionedConcurrentExecutions: scaled ? provisioned.min : provisioned.count,
      },
      {
        parent: this,
        hooks: { onError: [weightsRetry(`${name}-weights-retry`)] },
        // Where autoscaling moves the count, a deployment would set it back to the minimum in the middle of the day.
        ...(scaled ? { ignoreChanges: ["provisionedConcurrentExecutions"] } : {}),
      },
    );
    if (scaled) {
      const target = new Target(
        `${name}-target`,
        {
          serviceNamespace: "lambda",
          scalableDimension: "lambda:function:ProvisionedConcurrency",
          resourceId: pulumi.interpolate`function:${functionName}:${aliasName}`,
          minCapacity: provisioned.min,
          maxCapacity: provisioned.max,
        },
        { parent: this, dependsOn: [concurrency] },
      );
      new Policy(
        `${name}-tracking`,
        {
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          policyType: "TargetTrackingScaling",
          targetTrackingScalingPolicyConfiguration: {
            targetValue: provisioned.targetUtilization,
            predefinedMetricSpecification: {
              predefinedMetricType: "LambdaProvisionedConcurrencyUtilization",
            },
          },
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

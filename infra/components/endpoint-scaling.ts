import { Policy, ScheduledAction, Target } from "@pulumi/aws/appautoscaling";
import { MetricAlarm } from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import {
  instanceCountDimension,
  type ScaledServing,
  scheduledBounds,
  targetTracking,
  variantResourceId,
  wakeUpPolicy,
} from "../rules/scaling";
import { applyInput } from "./apply-input";

export interface EndpointScalingArgs {
  /** Name of the endpoint, as the endpoint's output: what scales it is then removed before it. */
  readonly endpointName: pulumi.Input<string>;
  /** Only what is scaled; `isScaled` tells. */
  readonly serving: ScaledServing;
}

/**
 * Autoscaling of one endpoint's variant: bounds, what the number of instances follows, and other bounds at given times.
 *
 * Everything takes its names from what it stands on, so that policies go before the target and the target before the
 * endpoint: AWS refuses to change the instance type of a variant that is still registered.
 */
export class EndpointScaling extends pulumi.ComponentResource {
  constructor(name: string, args: EndpointScalingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:serving:EndpointScaling", name, {}, opts);
    const { endpointName, serving } = args;
    const parent = { parent: this };

    const target = new Target(
      `${name}-target`,
      {
        serviceNamespace: "sagemaker",
        scalableDimension: instanceCountDimension,
        resourceId: applyInput(endpointName, variantResourceId),
        minCapacity: serving.scaling.min,
        maxCapacity: serving.scaling.max,
      },
      parent,
    );
    const scaled = {
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
    };
    new Policy(
      `${name}-tracking`,
      {
        ...scaled,
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: applyInput(endpointName, (endpoint) =>
          targetTracking(serving, endpoint),
        ),
      },
      parent,
    );
    for (const { name: schedule, minCapacity, maxCapacity, ...when } of scheduledBounds(serving)) {
      new ScheduledAction(
        `${name}-${schedule}`,
        { ...scaled, ...when, scalableTargetAction: { minCapacity, maxCapacity } },
        parent,
      );
    }
    const wakeUp = wakeUpPolicy(serving);
    if (wakeUp !== undefined) this.wakeUp(name, wakeUp, scaled, endpointName);

    this.registerOutputs({ resourceId: target.resourceId });
  }

  /** From no instance to the first one, as soon as a request waits. */
  private wakeUp(
    name: string,
    configuration: NonNullable<ReturnType<typeof wakeUpPolicy>>,
    scaled: Pick<Target, "serviceNamespace" | "scalableDimension" | "resourceId">,
    endpointName: pulumi.Input<string>,
  ): void {
    const policy = new Policy(
      `${name}-wake-up`,
      { ...scaled, policyType: "StepScaling", stepScalingPolicyConfiguration: configuration },
      { parent: this },
    );
    new MetricAlarm(
      `${name}-backlog`,
      {
        name: pulumi.interpolate`${endpointName}-wake-up`,
        alarmDescription: pulumi.interpolate`Requests wait for ${endpointName}, which has no instance: the first one is started.`,
        namespace: "AWS/SageMaker",
        metricName: "HasBacklogWithoutCapacity",
        dimensions: { EndpointName: endpointName },
        statistic: "Average",
        period: 60,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "missing",
        alarmActions: [policy.arn],
      },
      { parent: this },
    );
  }
}

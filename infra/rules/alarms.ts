import type { EndpointConfig } from "../config/schema/stack";
import { variantName } from "./naming";

/** A CloudWatch alarm in the words of `PutMetricAlarm`; what is told, and to whom, is added where it is created. */
export interface AlarmSpec {
  /** Physical name. Stable, since deployment configurations refer to alarms by name. */
  readonly name: string;
  /** Last part of the name; unique per subject. */
  readonly suffix: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Exactly one of `statistic` and `extendedStatistic`. */
  readonly statistic?: "Average" | "Sum";
  readonly extendedStatistic?: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** In the metric's own unit. */
  readonly threshold: number;
  readonly comparisonOperator: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly treatMissingData: "breaching" | "notBreaching" | "missing";
  /** Minutes after creation in which the alarm is not evaluated; 1 to 2880. */
  readonly warmUpMinutes?: number;
  /** Whether a rollout of the endpoint rolls back on it. */
  readonly rollsBack: boolean;
}

const microsecondsPerMillisecond = 1000;

const rollbackWindow = {
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  comparisonOperator: "GreaterThanThreshold",
  // No traffic is no fault; a rollout at night must not be rolled back for it.
  treatMissingData: "notBreaching",
} as const;

export interface EndpointAlarmArgs {
  /** Physical name, known before the endpoint exists: a rollout can only watch alarms that are there. */
  readonly endpointName: string;
  readonly serving: EndpointConfig["serving"];
  readonly thresholds: EndpointConfig["alarms"];
  /** Hours without an invocation that are reported. @default - no idle alarm */
  readonly idleHours?: number | undefined;
}

/**
 * Alarms of one endpoint: latency and errors, on which rollouts roll back, and what only tells people.
 *
 * CPU and memory are left out of rollbacks: a new fleet is busy while it warms up. ModelLatency is in microseconds and the
 * average of Invocation5XXErrors is a rate from 0 to 1.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export function endpointAlarms({
  endpointName,
  serving,
  thresholds,
  idleHours,
}: EndpointAlarmArgs): AlarmSpec[] {
  const dimensions = { EndpointName: endpointName, VariantName: variantName };
  // Serverless endpoints have no deployment guardrails, so nothing rolls back.
  const rollsBack = serving.kind !== "serverless";
  const alarms: AlarmSpec[] = [
    {
      ...rollbackWindow,
      rollsBack,
      name: `${endpointName}-latency`,
      suffix: "latency",
      description: `The 99th percentile of the model latency of ${endpointName} is above ${thresholds.p99LatencyMilliseconds} ms.`,
      namespace: "AWS/SageMaker",
      metricName: "ModelLatency",
      dimensions,
      extendedStatistic: "p99",
      threshold: thresholds.p99LatencyMilliseconds * microsecondsPerMillisecond,
    },
    {
      ...rollbackWindow,
      rollsBack,
      name: `${endpointName}-errors`,
      suffix: "errors",
      description: `More than ${thresholds.errorPercent} % of the answers of ${endpointName} are 5xx errors.`,
      namespace: "AWS/SageMaker",
      metricName: "Invocation5XXErrors",
      dimensions,
      statistic: "Average",
      threshold: thresholds.errorPercent / 100,
    },
  ];
  if (idleHours !== undefined && billsWhileIdle(serving))
    alarms.push(idleAlarm(endpointName, dimensions, idleHours));
  if (serving.kind === "async") alarms.push(stalledAlarm(endpointName));
  return alarms;
}

/** Asynchronous endpoints publish no Invocations metric, and scale themselves to zero. */
function billsWhileIdle(serving: EndpointConfig["serving"]): boolean {
  return (
    serving.kind === "instances" ||
    (serving.kind === "serverless" && serving.provisionedConcurrency !== undefined)
  );
}

function idleAlarm(endpointName: string, dimensions: AlarmSpec["dimensions"], hours: number): AlarmSpec {
  return {
    name: `${endpointName}-idle`,
    suffix: "idle",
    description: `Nobody has called ${endpointName} for ${hours} h, and it is billed all the same.`,
    namespace: "AWS/SageMaker",
    metricName: "Invocations",
    dimensions,
    statistic: "Sum",
    periodSeconds: 3600,
    evaluationPeriods: hours,
    datapointsToAlarm: hours,
    threshold: 1,
    comparisonOperator: "LessThanThreshold",
    // Without traffic SageMaker publishes zeros or nothing at all; both mean idle.
    treatMissingData: "breaching",
    // A new endpoint has no past. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
    warmUpMinutes: hours * 60,
    rollsBack: false,
  };
}

/** Starting the first instance takes some minutes; a queue without one for longer means that it failed. */
function stalledAlarm(endpointName: string): AlarmSpec {
  return {
    name: `${endpointName}-stalled`,
    suffix: "stalled",
    description: `Requests to ${endpointName} have been waiting for 30 min without an instance.`,
    namespace: "AWS/SageMaker",
    metricName: "HasBacklogWithoutCapacity",
    dimensions: { EndpointName: endpointName },
    statistic: "Average",
    periodSeconds: 300,
    evaluationPeriods: 6,
    datapointsToAlarm: 6,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    rollsBack: false,
  };
}

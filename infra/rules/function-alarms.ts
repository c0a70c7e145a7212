import type { AlarmSpec } from "./alarms";
import { functionAliasName } from "./naming";

/** Namespace of the metrics that the invoke function writes to its log in the embedded metric format. */
export const functionMetricNamespace = "sagemaker-ops";

const noneInFiveMinutes = {
  statistic: "Sum",
  periodSeconds: 300,
  threshold: 0,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
  rollsBack: false,
} as const;

/** The dimension by which a metric tells the versions of a function apart; the number is known once a version is published. */
export interface CanaryAlarmSpec extends AlarmSpec {
  readonly versionDimension: "ExecutedVersion" | "Version";
}

/**
 * What the errors are that Lambda counts. With FAIL_ON_ERROR a throttled call is one too. It has the alarms of a crash all the same, as
 * nothing but this count knows a crash: the function's own has answers of 500 and above, and neither 429 nor what ended without one.
 */
function errorsOf(failsOnError: boolean): string {
  return failsOnError
    ? "crashed, ran out of time, or ended a call without an HTTP envelope in an error in place of an answer of 429, 500 or above: the log has its status."
    : "crashed or ran out of time.";
}

/**
 * Alarms on the version that a canary tries: one on crashes and timeouts, which Lambda counts, and one on answers of 500 and above, which
 * the function counts itself, since to Lambda a call that was answered has succeeded.
 *
 * @param failsOnError whether the function's environment has FAIL_ON_ERROR.
 */
export function canaryAlarms(functionName: string, failsOnError: boolean): CanaryAlarmSpec[] {
  const advice = "Set release.kind to immediate with the former code, or go on.";
  const once = { ...noneInFiveMinutes, evaluationPeriods: 1, datapointsToAlarm: 1 };
  return [
    {
      ...once,
      name: `${functionName}-function-canary`,
      suffix: "canary",
      description: `The version of ${functionName} that gets a share of the calls ${errorsOf(failsOnError)} ${advice}`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName, Resource: `${functionName}:${functionAliasName}` },
      versionDimension: "ExecutedVersion",
    },
    {
      ...once,
      name: `${functionName}-function-canary-failures`,
      suffix: "canary-failures",
      description: `The version of ${functionName} that gets a share of the calls answered with 500 or above. ${advice}`,
      namespace: functionMetricNamespace,
      metricName: "Failures",
      dimensions: { FunctionName: functionName },
      versionDimension: "Version",
    },
  ];
}

/** Asynchronous calls that failed and wait in their queue. */
export function failedCallsAlarm(queueName: string): AlarmSpec {
  return {
    name: queueName,
    suffix: "failed-calls",
    description: `Asynchronous calls failed; they are kept for 14 days in the queue ${queueName}.`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    ...noneInFiveMinutes,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  };
}

/**
 * Alarms of one invoke function: crashes and timeouts, callers turned away, and a function that AWS refuses.
 *
 * @param failsOnError whether the function's environment has FAIL_ON_ERROR.
 */
export function functionAlarms(functionName: string, failsOnError: boolean): AlarmSpec[] {
  const onAlias = { FunctionName: functionName, Resource: `${functionName}:${functionAliasName}` };
  return [
    {
      ...noneInFiveMinutes,
      name: `${functionName}-function-errors`,
      suffix: "errors",
      description: `The function ${functionName} ${errorsOf(failsOnError)}`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: onAlias,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    },
    {
      ...noneInFiveMinutes,
      name: `${functionName}-function-throttles`,
      suffix: "throttles",
      description: `Calls of ${functionName} exceeded its reserved concurrency in two of three periods of 5 min.`,
      namespace: "AWS/Lambda",
      metricName: "Throttles",
      dimensions: onAlias,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
    {
      ...noneInFiveMinutes,
      name: `${functionName}-function-misconfigured`,
      suffix: "misconfigured",
      description: `SageMaker refuses the calls of ${functionName}: wrong permission, or no such endpoint. Or the function has a fault of its own: the log says which.`,
      namespace: functionMetricNamespace,
      metricName: "Misconfigured",
      dimensions: { FunctionName: functionName },
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    },
  ];
}

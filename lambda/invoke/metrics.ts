import type { Problem } from "./errors";

export interface Served {
  readonly functionName: string;
  readonly requestId: string;
  readonly statusCode: number;
  /** From the event to the answer. */
  readonly milliseconds: number;
  readonly problem: Problem | undefined;
}

/** Namespace of the metrics; the alarm on `Misconfigured` names it too. */
export const metricNamespace = "sagemaker-ops";

/**
 * One log line in CloudWatch's embedded metric format: metrics without a call, and without a dimension per request.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(served: Served, now: number = Date.now()): string {
  const { functionName, requestId, statusCode, milliseconds, problem } = served;
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [["FunctionName"]],
          Metrics: [
            { Name: "ServedMilliseconds", Unit: "Milliseconds" },
            { Name: "Failures", Unit: "Count" },
            { Name: "Misconfigured", Unit: "Count" },
          ],
        },
      ],
    },
    FunctionName: functionName,
    ServedMilliseconds: Math.round(milliseconds * 100) / 100,
    Failures: statusCode >= 500 ? 1 : 0,
    Misconfigured: problem?.code === "misconfigured" ? 1 : 0,
    requestId,
    statusCode,
    ...(problem === undefined ? {} : { code: problem.code, cause: causeOf(problem) }),
  });
}

/** What the log keeps of a cause, for operators: never the image, at most a few hundred characters of text. */
function causeOf(problem: Problem): Record<string, unknown> | undefined {
  const { cause } = problem;
  if (typeof cause !== "object" || cause === null) return undefined;
  const { name, message, code, OriginalStatusCode, OriginalMessage, $metadata } = cause as Record<
    string,
    unknown
  >;
  const metadata = (typeof $metadata === "object" && $metadata !== null ? $metadata : {}) as Record<
    string,
    unknown
  >;
  return {
    name,
    message: clip(message),
    code,
    httpStatusCode: metadata.httpStatusCode,
    sagemakerRequestId: metadata.requestId,
    originalStatusCode: OriginalStatusCode,
    originalMessage: clip(OriginalMessage),
  };
}

function clip(value: unknown): string | undefined {
  return typeof value === "string" ? value.slice(0, 500) : undefined;
}

import type { ErrorClass, Problem } from "./errors";
import type { Observation } from "./observation";
import { redact } from "./redact";

export interface Served {
  readonly observation: Observation;
  readonly statusCode: number;
  /** From the event to the answer. */
  readonly milliseconds: number;
  readonly problem: Problem | undefined;
}

/** Namespace of the metrics; the alarm on `Misconfigured` names it too. */
export const metricNamespace = "sagemaker-ops";

const modelMetric = { Name: "ModelMilliseconds", Unit: "Milliseconds" };
const downloadMetric = { Name: "DownloadMilliseconds", Unit: "Milliseconds" };
const always = [
  { Name: "ServedMilliseconds", Unit: "Milliseconds" },
  { Name: "ColdStart", Unit: "Count" },
  { Name: "Retries", Unit: "Count" },
  { Name: "Failures", Unit: "Count" },
  { Name: "Misconfigured", Unit: "Count" },
];
const versionMetrics = {
  Namespace: metricNamespace,
  Dimensions: [["FunctionName", "Version"]],
  Metrics: [{ Name: "Failures", Unit: "Count" }],
};
const errorMetrics = {
  Namespace: metricNamespace,
  Dimensions: [["FunctionName", "ErrorClass"]],
  Metrics: [{ Name: "Errors", Unit: "Count" }],
};

/**
 * One log line in CloudWatch's embedded metric format: metrics without a call, and without a dimension per request. Errors are
 * counted by class beside that, which adds a metric per class at most, and failures by published version: to Lambda an answer of 500
 * is a success, so that nothing else tells a canary's failures from those of the version beside it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(served: Served, now: number = Date.now()): string {
  const { observation, statusCode, milliseconds, problem } = served;
  const { modelMilliseconds, downloadMilliseconds, functionVersion } = observation;
  const errorClass: ErrorClass | undefined = problem?.errorClass;
  const called = modelMilliseconds.length > 0;
  const downloaded = downloadMilliseconds.length > 0;
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [["FunctionName"]],
          // A metric that is defined and not there would make the line invalid.
          Metrics: [...always, ...(called ? [modelMetric] : []), ...(downloaded ? [downloadMetric] : [])],
        },
        ...(functionVersion === undefined ? [] : [versionMetrics]),
        ...(errorClass === undefined ? [] : [errorMetrics]),
      ],
    },
    FunctionName: observation.functionName,
    ...(functionVersion === undefined ? {} : { Version: functionVersion }),
    ServedMilliseconds: rounded(milliseconds),
    ...(called ? { ModelMilliseconds: modelMilliseconds.map(rounded) } : {}),
    ...(downloaded ? { DownloadMilliseconds: downloadMilliseconds.map(rounded) } : {}),
    ColdStart: observation.coldStart ? 1 : 0,
    Retries: observation.retries,
    Failures: statusCode >= 500 ? 1 : 0,
    // What no attempt of a caller's mends; a fault of the function's own would raise no alarm otherwise, as it is answered too.
    Misconfigured: errorClass === "misconfigured" || errorClass === "internal" ? 1 : 0,
    ...(errorClass === undefined ? {} : { Errors: 1, ErrorClass: errorClass }),
    requestId: observation.requestId,
    correlationId: observation.correlationId,
    traceId: observation.traceId,
    statusCode,
    sources: observation.sources,
    imageBytes: observation.imageBytes,
    ...(problem === undefined ? {} : { code: problem.code, cause: causeOf(problem) }),
  });
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

/** What the log keeps of a cause, for operators. */
function causeOf({ cause }: Problem): Record<string, unknown> | undefined {
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
    name: text(name),
    message: quoting.includes(String(name)) ? undefined : text(message),
    code: text(code),
    causedBy: systemCode((cause as { cause?: unknown }).cause),
    httpStatusCode: metadata.httpStatusCode,
    sagemakerRequestId: text(metadata.requestId),
    originalStatusCode: OriginalStatusCode,
    originalCode: codeIn(OriginalMessage),
  };
}

/**
 * Errors whose words are somebody's data: a parser quotes what it could not read, which may be an answer or a request, and SageMaker what
 * the container said of an image. The container's own log has that.
 */
const quoting = ["SyntaxError", "ModelError"];

/** The stable code of a problem that the container answered with. */
function codeIn(message: unknown): string | undefined {
  const code =
    typeof message === "string" ? /"code":\s*"([a-z]+(?:-[a-z]+)*)"/.exec(message)?.[1] : undefined;
  return code === undefined || code.length > 64 ? undefined : code;
}

/** Why a download failed, as ENOTFOUND or CERT_HAS_EXPIRED; the error's text would name the host that somebody asked for. */
function systemCode(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? redact(value) : undefined;
}

/** Stable codes of the problems that callers see. */
export type ProblemCode =
  | "malformed-request"
  | "url-not-accepted"
  | "method-not-allowed"
  | "image-too-large"
  | "unsupported-image"
  | "model-refused-input"
  | "throttled"
  | "misconfigured"
  | "internal"
  | "model-failed"
  | "invalid-answer"
  | "endpoint-failed"
  | "endpoint-unavailable"
  | "endpoint-timeout";

const titles: Readonly<Record<ProblemCode, string>> = {
  "malformed-request": "The request cannot be read",
  "url-not-accepted": "Addresses are not fetched",
  "method-not-allowed": "The method is not allowed",
  "image-too-large": "The image is too large",
  "unsupported-image": "The image type is not supported",
  "model-refused-input": "The model refused the image",
  throttled: "Too many requests",
  misconfigured: "The service is misconfigured",
  internal: "The service failed",
  "model-failed": "The model failed",
  "invalid-answer": "The model's answer is invalid",
  "endpoint-failed": "The endpoint failed",
  "endpoint-unavailable": "The endpoint is not ready",
  "endpoint-timeout": "The endpoint did not answer in time",
};

/** A failure as its caller may see it. What it came from is its `cause`, and goes to the log alone. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    /** One sentence for the caller: no ARN, no address, nothing of the cause. */
    readonly detail: string,
    options: { readonly cause?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.headers = options.headers ?? {};
  }

  readonly headers: Readonly<Record<string, string>>;

  get title(): string {
    return titles[this.code];
  }
}

const retryAfter = (seconds: number) => ({ "retry-after": String(seconds) });

/** Fields of the SDK's errors that the mapping reads; everything is optional, as a broken answer has none. */
interface ServiceFailure {
  readonly name?: string;
  readonly code?: string;
  readonly OriginalStatusCode?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function failureOf(error: unknown): ServiceFailure {
  return typeof error === "object" && error !== null ? (error as ServiceFailure) : {};
}

/**
 * What a failed call means for the caller.
 *
 * The HTTP status decides before the error's name: an answer that is not JSON arrives as a SyntaxError. Source of names and
 * statuses: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const failure = failureOf(error);
  const status = failure.$metadata?.httpStatusCode;
  const cause = error;
  if (failure.name === "ThrottlingException" || failure.name === "TooManyRequestsException") {
    return new Problem(429, "throttled", "The endpoint is overloaded. Try again later.", {
      cause,
      headers: retryAfter(1),
    });
  }
  switch (status) {
    case 424:
      return (failure.OriginalStatusCode ?? 500) < 500
        ? new Problem(422, "model-refused-input", "The model could not read the image.", { cause })
        : new Problem(502, "model-failed", "The model failed on this image.", { cause });
    case 413:
      return new Problem(413, "image-too-large", "The endpoint refused the image for its size.", { cause });
    case 400:
    case 401:
    case 403:
    case 404:
      return new Problem(500, "misconfigured", "The endpoint cannot be called. Its operators are told.", {
        cause,
      });
    case 429:
    case 503:
      return new Problem(503, "endpoint-unavailable", "The endpoint is not ready. Try again later.", {
        cause,
        headers: retryAfter(5),
      });
    case 504:
      return timeout(cause);
    case undefined:
      return isTimeout(failure)
        ? timeout(cause)
        : isConnectionFailure(failure)
          ? new Problem(502, "endpoint-failed", "The endpoint could not be reached.", { cause })
          : new Problem(500, "internal", "The request could not be served.", { cause });
    default:
      return new Problem(502, "endpoint-failed", "The endpoint failed.", { cause });
  }
}

function timeout(cause: unknown): Problem {
  return new Problem(504, "endpoint-timeout", "The endpoint did not answer in time.", { cause });
}

function isTimeout({ name, code }: ServiceFailure): boolean {
  return (name === "AbortError" || name === "TimeoutError") && !isReset(code);
}

const connectionCodes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

function isConnectionFailure({ code }: ServiceFailure): boolean {
  return isReset(code) || connectionCodes.includes(code ?? "");
}

function isReset(code: string | undefined): boolean {
  return code === "ECONNRESET" || code === "EPIPE";
}

/**
 * Whether a second attempt is worth it: a connection that was cut, often one that idled too long, or a dependency of the
 * endpoint that failed (530), which the SDK does not repeat. More would multiply the load on an endpoint in trouble.
 */
export function isWorthASecondAttempt(error: unknown): boolean {
  const failure = failureOf(error);
  const status = failure.$metadata?.httpStatusCode;
  return status === 530 || (status === undefined && isReset(failure.code));
}

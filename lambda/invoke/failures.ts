import { isProblemCode, Problem } from "./errors";

/** Fields of errors that the mapping reads; everything is optional, as a broken answer has none. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly OriginalStatusCode?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function failureOf(error: unknown): Failure {
  return typeof error === "object" && error !== null ? error : {};
}

const retryAfter = (seconds: number) => ({ "retry-after": String(seconds) });

/**
 * What a failed call means for the caller.
 *
 * The HTTP status decides: an answer that is not JSON arrives as a SyntaxError, one of a gateway's has no name at all, and one that
 * is too long to be read says nothing but its status. A name counts only where one status means two things: 429 is throttling but
 * for a model that is not loaded yet, and 400 is a wrong call but for throttling. Sources:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html,
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const cause = error;
  const failure = failureOf(error);
  if (isThrottled(failure))
    return new Problem(429, "throttled", "The endpoint is overloaded. Try again later.", {
      cause,
      headers: retryAfter(1),
    });
  switch (failure.$metadata?.httpStatusCode) {
    case 424:
      return modelProblem(failure, cause);
    case 413:
      return new Problem(413, "image-too-large", "The endpoint refused the image for its size.", { cause });
    case 400:
    case 401:
    case 403:
    case 404:
      return misconfigured(cause);
    case 429:
    case 503:
      return unavailable(cause);
    case 504:
      return timeout(cause);
    case undefined:
      return withoutStatus(failure, cause);
    default:
      // A status of success with an error is an answer that was cut off, by the endpoint or for its length.
      return failure.name === "TooLong"
        ? tooLong(cause)
        : new Problem(502, "endpoint-failed", "The endpoint failed.", { cause });
  }
}

/** The container's own answer, which SageMaker wraps: a full queue or a slow worker says nothing of the image, nor of the model. */
function modelProblem({ OriginalStatusCode: status = 500 }: Failure, cause: unknown): Problem {
  if (status === 429 || status === 503) return unavailable(cause);
  if (status === 408 || status === 504) return timeout(cause);
  return status < 500
    ? new Problem(422, "model-refused-input", "The model could not read the image.", { cause })
    : new Problem(502, "model-failed", "The model failed on this image.", { cause });
}

/** Whether the service said that it is asked too often; the command line goes by the same rule. */
export function isThrottled({ name = "", $metadata }: Pick<Failure, "name" | "$metadata">): boolean {
  const status = $metadata?.httpStatusCode;
  if (status === 429) return name !== "ModelNotReadyException";
  return status === 400 && ["ThrottlingException", "TooManyRequestsException"].includes(name);
}

function withoutStatus(failure: Failure, cause: unknown): Problem {
  if (failure.name === "FetchRefused") return fetchProblem(failure, cause);
  if (failure.name === "CredentialsProviderError") return misconfigured(cause);
  if (failure.name === "TooLong") return tooLong(cause);
  if (isTimeout(failure)) return timeout(cause);
  return isConnectionFailure(failure)
    ? new Problem(502, "endpoint-failed", "The endpoint could not be reached.", { cause })
    : new Problem(500, "internal", "The request could not be served.", { cause });
}

/** Downloads tell why in their own codes, and in words fit for callers. */
function fetchProblem({ code = "", detail = "" }: Failure, cause: unknown): Problem {
  const known = isProblemCode(code) ? code : "fetch-failed";
  return new Problem(fetchStatuses[known] ?? 400, known, detail, { cause });
}

const fetchStatuses: Readonly<Partial<Record<string, number>>> = {
  "image-too-large": 413,
  "unsupported-image": 415,
  "fetch-timeout": 504,
};

function misconfigured(cause: unknown): Problem {
  return new Problem(500, "misconfigured", "The endpoint cannot be called. Its operators are told.", {
    cause,
  });
}

function unavailable(cause: unknown): Problem {
  return new Problem(503, "endpoint-unavailable", "The endpoint is not ready. Try again later.", {
    cause,
    headers: retryAfter(5),
  });
}

function tooLong(cause: unknown): Problem {
  return new Problem(502, "invalid-answer", "The model's answer is too long.", { cause });
}

function timeout(cause: unknown): Problem {
  return new Problem(504, "endpoint-timeout", "The endpoint did not answer in time.", { cause });
}

function isTimeout({ name, code }: Failure): boolean {
  return (name === "AbortError" || name === "TimeoutError") && !isReset(code);
}

const connectionCodes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

function isConnectionFailure({ code }: Failure): boolean {
  return isReset(code) || connectionCodes.includes(code ?? "") || (code ?? "").startsWith("HPE_");
}

function isReset(code: string | undefined): boolean {
  return code === "ECONNRESET" || code === "EPIPE";
}

/**
 * Whether a second attempt is worth it: a connection that was cut, often one that idled too long, or that never came to be;
 * or a dependency of the endpoint that failed (530), which the SDK does not repeat. Inference changes nothing, so a
 * repetition is safe; of anything else it would multiply the load on an endpoint in trouble.
 */
export function isWorthASecondAttempt(error: unknown): boolean {
  const { name, code, message = "", $metadata } = failureOf(error);
  if ($metadata?.httpStatusCode === 530) return true;
  // The request was never sent. The SDK tells this from the other timeouts by its words alone.
  if (name === "TimeoutError" && message.includes("did not establish a connection")) return true;
  return isReset(code);
}

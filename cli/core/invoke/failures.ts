import { isThrottled } from "../../../lambda/invoke/failures";
import { certificateStep, untrustedCertificate } from "../aws/certificate-error";
import { clockError } from "../aws/clock-error";
import { credentialError } from "../aws/credential-error";

/** Why one request got no answer, in words for the person who sent it. */
export interface Failure {
  /** Stable, for programs. */
  readonly code: string;
  readonly cause: string;
  /** What to do about it. */
  readonly next: string;
  /** Whether every further request would fail alike, so that none is sent. */
  readonly stops: boolean;
  /** Whether the service was not reached at all, for want of credentials, permission or a connection. */
  readonly unreachable: boolean;
}

/** What is called, as messages name it. */
export interface Called {
  readonly what: "endpoint" | "function";
  readonly name: string;
}

/** Fields of the SDK's errors that the mapping reads. */
interface ServiceFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

type Told = readonly [code: string, cause: string, next: string];

/**
 * What an error of the SDK means. The names are those of the two APIs:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html#API_runtime_InvokeEndpoint_Errors,
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export function failureOf(error: unknown, called: Called): Failure {
  const known: ServiceFailure = typeof error === "object" && error !== null ? error : {};
  const end = unreachable(known, called);
  if (end !== undefined) return toFailure(end, { stops: true, unreachable: true });
  if (isAbsent(known))
    return toFailure(
      [
        "not-found",
        `There is no ${called.what} ${called.name} in this region and account.`,
        `Check the name, --region and the profile; \`pulumi stack output\` shows the names of a stack.`,
      ],
      { stops: true, unreachable: false },
    );
  return toFailure(refused(known, called), { stops: false, unreachable: false });
}

/** What keeps every request from the service. */
function unreachable(error: ServiceFailure, { what, name }: Called): Told | undefined {
  const { code = "" } = error;
  switch (credentialError(error)) {
    case "missing":
      return [
        "no-credentials",
        "No AWS credentials were found.",
        "Sign in: `aws login`, `aws sso login`, or set AWS_PROFILE.",
      ];
    case "expired":
      return [
        "credentials-expired",
        "The AWS credentials have expired.",
        "Sign in again: `aws login`, `aws sso login`.",
      ];
  }
  const certificate = untrustedCertificate(error);
  if (certificate !== undefined)
    return [
      "certificate-untrusted",
      `The certificate that answered is not trusted (${certificate}).`,
      certificateStep,
    ];
  const skew = clockError(error);
  if (skew !== undefined)
    return [
      "clock-wrong",
      `This computer's clock is ${skew}.`,
      "Set the clock: AWS takes a signature for five minutes.",
    ];
  switch (error.name) {
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
    case "InvalidClientTokenId":
      return [
        "credentials-refused",
        "AWS does not know these credentials.",
        "Check AWS_PROFILE and the clock. A region that the account has not enabled answers alike: check --region.",
      ];
    case "AccessDeniedException": {
      const action = what === "endpoint" ? "sagemaker:InvokeEndpoint" : "lambda:InvokeFunction";
      return ["no-permission", `These credentials may not call ${what} ${name}.`, `Allow ${action} on it.`];
    }
  }
  if (/region (?:is missing|not accepted)/i.test(error.message ?? ""))
    return [
      "no-region",
      "No AWS region is set, or none that can be.",
      "Name one with --region, or set AWS_REGION.",
    ];
  if (
    ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EPIPE"].includes(
      code,
    )
  )
    return ["not-reached", `The service could not be reached (${code}).`, "Check the network and --region."];
  return undefined;
}

/** SageMaker has no error of its own for an endpoint that does not exist: it answers "Endpoint … not found". */
function isAbsent({ name, message = "" }: ServiceFailure): boolean {
  return name === "ResourceNotFoundException" || (name === "ValidationError" && /not found/i.test(message));
}

function refused(error: ServiceFailure, { what, name }: Called): Told {
  const status = error.$metadata?.httpStatusCode;
  const log = logGroupOf({ what, name });
  if (status === 424) {
    const said = error.OriginalMessage ?? "";
    const original = `The model answered with status ${error.OriginalStatusCode ?? "unknown"}${said === "" ? "" : `: ${clip(said)}`}`;
    return ["model-error", closed(original), `Look at the log group ${log}.`];
  }
  if (isThrottled(error))
    return ["throttled", `The ${what} is overloaded.`, "Lower --concurrency, or raise its capacity."];
  // A 429 that is no throttling is a model that is not loaded yet.
  if (status === 429 || status === 503)
    return ["not-ready", `The ${what} is not ready.`, "Try again in a minute: it is starting or scaling."];
  if (status === 413)
    return ["too-large", "The request is larger than the service takes.", "Send a smaller image."];
  if (status === 504 || error.name === "TimeoutError" || error.name === "AbortError")
    return [
      "timeout",
      `The ${what} did not answer in time.`,
      `Lower --concurrency, or look at the log group ${log}.`,
    ];
  if (error.name === "ValidationError" || status === 400)
    return [
      "refused",
      closed(`The request was refused: ${clip(error.message ?? "")}`),
      "Check the name and the image.",
    ];
  return [
    "failed",
    closed(
      `The ${what} failed: ${error.name ?? "unknown error"}${status === undefined ? "" : `, status ${status}`}`,
    ),
    `Try again, and look at the log group ${log}.`,
  ];
}

/** Where AWS keeps the log of what was called. A function may be named by ARN, whole or in part, and with an alias or version. */
export function logGroupOf({ what, name }: Called): string {
  return what === "endpoint"
    ? `/aws/sagemaker/Endpoints/${name}`
    : `/aws/lambda/${name.replace(/^.*:function:/, "").split(":")[0]}`;
}

function toFailure([code, cause, next]: Told, rest: Pick<Failure, "stops" | "unreachable">): Failure {
  return { code, cause, next, ...rest };
}

function clip(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function closed(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

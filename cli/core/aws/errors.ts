import { CommandError } from "../exit-status";
import { certificateStep, untrustedCertificate } from "./certificate-error";
import { clockError, isNameless } from "./clock-error";
import { credentialError } from "./credential-error";

/** What an error of the SDK tells, under whichever name it came. */
interface ServiceFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** A call that did not succeed, with its cause and the next step in the message. */
export class AwsFailure extends CommandError {
  /** Whether every further call of the kind would fail alike: credentials, permission, connection. */
  readonly stops: boolean;
  /** The service's own name of the error, such as `ThrottlingException`. */
  readonly code: string;

  /** @param isUnreachable whether the service has not answered what it was asked. @default - where it stops */
  constructor(message: string, code: string, stops: boolean, isUnreachable = stops) {
    super(message, isUnreachable ? awsStatus.unreachable : awsStatus.failed);
    this.code = code;
    this.stops = stops;
  }
}

/** What the exit statuses of commands that work on an account mean beside 2, wrong arguments. */
export const awsStatus = {
  ok: 0,
  /** Something did not succeed, or is not as it should be. */
  failed: 1,
  /** No credentials, no permission, the service cannot be reached or does not answer, or the Pulumi CLI is missing. */
  unreachable: 3,
} as const;

const signIn = "Sign in again (`aws login`, `aws sso login`), or set AWS_PROFILE.";

/** https://github.com/nccgroup/ScoutSuite/issues/1389 */
const signInThere = `${signIn} A region that the account has not enabled answers alike: check aws:region.`;
const ofCredentials = {
  missing: ["there are no AWS credentials", "Sign in (`aws login`, `aws sso login`), or set AWS_PROFILE."],
  expired: ["the AWS credentials have expired", signIn],
} as const;
const clockStep = "Set the clock: AWS takes a signature for five minutes, S3 for fifteen.";
const regionStep =
  "Correct aws:region in the stack file: it must be the region in which the bucket was made.";

/** Cause and next step of what keeps every call from the service, by the error's name. */
const stopping: Readonly<Record<string, readonly [cause: string, next: string]>> = {
  InvalidClientTokenId: ["AWS does not know these credentials", signInThere],
  InvalidAccessKeyId: ["AWS does not know these credentials", signIn],
  UnrecognizedClientException: ["AWS does not know these credentials", signInThere],
  InvalidSignatureException: [
    "AWS refuses the signature",
    "Check the secret key, and this computer's clock: AWS takes a request for five minutes.",
  ],
  SignatureDoesNotMatch: ["AWS refuses the signature", "Check the secret key of the profile."],
  RequestTimeTooSkewed: ["this computer's clock is wrong", clockStep],
  RequestInTheFuture: ["this computer's clock is wrong", clockStep],
  OptInRequired: ["the region is not enabled for this account", "Enable it, or correct aws:region."],
  PermanentRedirect: ["the bucket lies in another region", regionStep],
  AuthorizationHeaderMalformed: ["the bucket lies in another region", regionStep],
  IllegalLocationConstraintException: ["the bucket lies in another region", regionStep],
};

/** Cause and next step of answers that are about the one thing that was asked. */
const answered: readonly (readonly [name: RegExp, cause: string, next: string])[] = [
  [
    /^(?:Resource|Service)?(?:Limit|Quota)Exceeded(?:Exception)?$/,
    "a quota of the account is used up",
    "Ask for more in Service Quotas, or remove what is not needed; `npx sagemaker-ops doctor` shows the quotas that a stack needs.",
  ],
  [
    /^NoSuchBucket$/,
    "the bucket does not exist",
    "Was the stack destroyed, or is it in another account? Deploy it (`npx sagemaker-ops up`), or choose the profile of its account (AWS_PROFILE).",
  ],
];

const denied = /^(?:AccessDenied(?:Exception)?|AuthorizationError|UnauthorizedOperation|Forbidden)$/;
const throttled =
  /^(?:Throttl\w*|TooManyRequestsException|RequestLimitExceeded|SlowDown|Rate ?exceeded|ProvisionedThroughputExceededException)$/i;
const absent =
  /^(?:NoSuch(?:Bucket|Key|Version|Entity(?:Exception)?)|NotFound|(?:Resource|Image|Repository)NotFound(?:Exception)?|ResourceNotFoundFault|ParameterNotFound|404)$/;
const connection = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
]);

/**
 * What an error of the SDK means, for the person who ran the command.
 *
 * @param action IAM's name of the call, `sagemaker:ListEndpoints`.
 * @param resource what it was about, where it was about one thing.
 */
export function awsFailure(error: unknown, action: string, resource?: string): AwsFailure {
  const known: ServiceFailure = typeof error === "object" && error !== null ? error : {};
  const { name = "unknown error", message = "", code } = known;
  const of = resource === undefined ? action : `${action} of ${resource}`;
  const status = known.$metadata?.httpStatusCode;
  const [cause, next] = stopCause(known, status) ?? [];
  if (cause !== undefined) return new AwsFailure(`${of} failed: ${cause}. ${next}`, name, true);
  if (denied.test(name) || status === 403)
    return new AwsFailure(
      `${of} was refused: these credentials may not do that. Allow ${action}${resource === undefined ? "" : ` on ${resource}`}, or use another profile (AWS_PROFILE). AWS says: ${clip(message)}`,
      name,
      true,
    );
  if (/region (?:is missing|not accepted)/i.test(message))
    return new AwsFailure(
      `${of} failed: no AWS region is set, or none that exists. Set aws:region in the stack file.`,
      name,
      true,
    );
  if ((code !== undefined && connection.has(code)) || name === "TimeoutError")
    return new AwsFailure(
      `${of} failed: the service was not reached (${code ?? name}). Check the network, the proxy (HTTPS_PROXY) and aws:region.`,
      name,
      true,
    );
  // S3 slows callers down with a 503.
  if (throttled.test(name) || status === 429 || (status === 503 && isNameless(name)))
    return new AwsFailure(
      `${of} failed: AWS throttles the calls, and went on doing so. Wait a minute and run the command again.`,
      name,
      false,
      true,
    );
  if (status !== undefined && status >= 500)
    return new AwsFailure(
      `${of} failed: an error inside AWS, and it went on: ${name} (status ${status}): ${closed(clip(message))} Wait a minute and run the command again; https://health.aws.amazon.com tells whether the service is disturbed.`,
      name,
      false,
      true,
    );
  const [reason, step] = knownCause(known) ?? [];
  const said = closed(clip(message));
  return new AwsFailure(
    reason === undefined
      ? `${of} failed: ${name}${status === undefined ? "" : ` (status ${status})`}: ${said} Correct what it names; where it names nothing, look the error up in the service's API reference.`
      : `${of} failed: ${reason}. ${step} AWS says: ${said}`,
    name,
    false,
  );
}

/** Cause and next step of an error that AWS has named, where they follow from the name; nothing for a refusal of a permission. */
export function knownCause(error: ServiceFailure): readonly [cause: string, next: string] | undefined {
  const { name = "", $metadata } = error;
  const stops = stopCause(error, $metadata?.httpStatusCode);
  if (stops !== undefined) return stops;
  const [, cause, next] = answered.find(([pattern]) => pattern.test(name)) ?? [];
  return cause === undefined || next === undefined ? undefined : [cause, next];
}

/** Cause and next step of what every further call would meet. */
function stopCause(error: ServiceFailure, status: number | undefined): readonly [string, string] | undefined {
  const { name = "" } = error;
  const credentials = credentialError(error);
  if (credentials !== undefined) return ofCredentials[credentials];
  const certificate = untrustedCertificate(error);
  if (certificate !== undefined)
    return [`the certificate that answered is not trusted (${certificate})`, certificateStep];
  const skew = clockError(error);
  if (skew !== undefined) return [`this computer's clock is ${skew}`, clockStep];
  // So EC2 calls credentials that have expired: https://github.com/99designs/aws-vault/issues/394
  if (name === "RequestExpired") return ofCredentials.expired;
  const region = error.$response?.headers?.["x-amz-bucket-region"];
  if (status === 301) return [`the bucket lies in ${region ?? "another region"}`, regionStep];
  if (status === 400 && isNameless(name))
    return [
      "S3 refuses it without a reason, as it does with credentials that have expired",
      `${signIn} If that does not help, the bucket lies in another region.`,
    ];
  return stopping[name];
}

/**
 * Whether the error says that what was asked for does not exist. SageMaker has no error of its own for most of that
 * (https://github.com/aws/aws-sdk/issues/165).
 */
export function isAbsent(error: unknown): boolean {
  const { name = "", message = "" } = (error ?? {}) as ServiceFailure;
  return (
    absent.test(name) ||
    (name === "ValidationException" &&
      /^could not find|^requested resource not found|does not exist/i.test(message))
  );
}

/**
 * The answer of a call.
 *
 * @throws AwsFailure with cause and next step; what is no failure of a call, as it is.
 */
export async function asked<T>(action: string, call: () => Promise<T>, resource?: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof AwsFailure || isDefect(error) ? error : awsFailure(error, action, resource);
  }
}

/** As `asked`, and nothing where what was asked for does not exist. */
export async function askedIfThere<T>(
  action: string,
  call: () => Promise<T>,
  resource?: string,
): Promise<T | undefined> {
  return asked(
    action,
    async () => {
      try {
        return await call();
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    resource,
  );
}

/** A mistake in this program, which shows its stack. */
function isDefect(error: unknown): boolean {
  const { code, $metadata } = error as ServiceFailure;
  return (
    (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) &&
    code === undefined &&
    $metadata === undefined
  );
}

function closed(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function clip(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line === "" ? "nothing more." : line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

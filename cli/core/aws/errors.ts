import { CommandError } from "../exit-status";

/** What an error of the SDK tells, under whichever name it came. */
interface ServiceFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** A call that did not succeed, with its cause and the next step in the message. */
export class AwsFailure extends CommandError {
  /** Whether every further call of the kind would fail alike: credentials, permission, connection. */
  readonly stops: boolean;
  /** The service's own name of the error, such as `ThrottlingException`. */
  readonly code: string;

  constructor(message: string, code: string, stops: boolean) {
    super(message, stops ? awsStatus.unreachable : awsStatus.failed);
    this.code = code;
    this.stops = stops;
  }
}

/** What the exit statuses of commands that work on an account mean beside 2, wrong arguments. */
export const awsStatus = {
  ok: 0,
  /** Something did not succeed, or is not as it should be. */
  failed: 1,
  /** No credentials, no permission, the service cannot be reached, or the Pulumi CLI is missing. */
  unreachable: 3,
} as const;

const signIn = "Sign in again (`aws login`, `aws sso login`), or set AWS_PROFILE.";

/** Cause and next step of what keeps every call from the service, by the error's name. */
const stopping: Readonly<Record<string, readonly [cause: string, next: string]>> = {
  CredentialsProviderError: [
    "there are no AWS credentials",
    "Sign in (`aws login`, `aws sso login`), or set AWS_PROFILE.",
  ],
  ExpiredToken: ["the AWS credentials have expired", signIn],
  ExpiredTokenException: ["the AWS credentials have expired", signIn],
  ExpiredCredentials: ["the AWS credentials have expired", signIn],
  TokenRefreshRequired: ["the AWS credentials have expired", signIn],
  InvalidClientTokenId: ["AWS does not know these credentials", signIn],
  InvalidAccessKeyId: ["AWS does not know these credentials", signIn],
  UnrecognizedClientException: ["AWS does not know these credentials", signIn],
  InvalidSignatureException: [
    "AWS refuses the signature",
    "Check the secret key, and this computer's clock: AWS takes a request for five minutes.",
  ],
  SignatureDoesNotMatch: ["AWS refuses the signature", "Check the secret key of the profile."],
  RequestTimeTooSkewed: [
    "this computer's clock is wrong",
    "Set the clock: S3 refuses requests that are 15 minutes off.",
  ],
  RequestExpired: [
    "this computer's clock is wrong",
    "Set the clock: AWS takes a request for a few minutes only.",
  ],
  OptInRequired: ["the region is not enabled for this account", "Enable it, or correct aws:region."],
  PermanentRedirect: [
    "the bucket lies in another region",
    "Correct aws:region in the stack file: it must be the region in which the bucket was made.",
  ],
  AuthorizationHeaderMalformed: [
    "the bucket lies in another region",
    "Correct aws:region in the stack file: it must be the region in which the bucket was made.",
  ],
};

const denied = /^(?:AccessDenied(?:Exception)?|AuthorizationError|UnauthorizedOperation|Forbidden)$/;
const throttled =
  /^(?:Throttl\w*|TooManyRequestsException|RequestLimitExceeded|SlowDown|Rate ?exceeded|ProvisionedThroughputExceededException)$/i;
const absent =
  /^(?:NoSuchBucket|NoSuchKey|NoSuchVersion|NotFound|ResourceNotFound(?:Exception)?|ResourceNotFoundFault|404)$/;
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
  const told = stopping[name];
  if (told !== undefined) return new AwsFailure(`${of} failed: ${told[0]}. ${told[1]}`, name, true);
  if (denied.test(name) || known.$metadata?.httpStatusCode === 403)
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
  if (throttled.test(name))
    return new AwsFailure(
      `${of} failed: AWS throttles the calls, and went on doing so. Wait a minute and run the command again.`,
      name,
      false,
    );
  const status = known.$metadata?.httpStatusCode;
  return new AwsFailure(
    `${of} failed: ${name}${status === undefined ? "" : ` (status ${status})`}: ${clip(message)}`,
    name,
    false,
  );
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

function clip(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line === "" ? "nothing more." : line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** Why a job did not succeed, and what to do about it. */
export interface JobCause {
  readonly cause: string;
  readonly next: string;
}

interface Known extends JobCause {
  readonly pattern: RegExp;
}

/**
 * What FailureReason of a training or tuning job may say; the first that fits. AWS documents the kinds of errors and not
 * their texts; an issue beside a row quotes one.
 */
const known: readonly Known[] = [
  {
    // aws/sagemaker-pytorch-training-toolkit#171
    pattern: /CapacityError|insufficient ?(?:instance)? ?capacity|unable to provision requested/i,
    cause: "AWS has none of these instances free",
    next: "Run it again later, or take another instance type or fewer instances in the stack file; a changed job is a new one.",
  },
  {
    pattern: /ResourceLimitExceeded|service limit|limit .* is \d+ Instances/i,
    cause: "the account's quota for this instance type and use is used up",
    next: 'Ask for more in Service Quotas (SageMaker, "for training job usage", or "for spot training job usage"). A tuning job needs its parallel trials times its instances.',
  },
  {
    pattern: /\bkms\b|KMSAccessDenied|encryption key/i,
    cause: "the job's role may not use a KMS key",
    next: "Allow kms:Decrypt and kms:GenerateDataKey on the bucket's key, in the role and in the key's own policy; `npx sagemaker-ops plan` shows what the role may do.",
  },
  {
    pattern: /no S3 objects found|S3 key .* (?:matches no|does not exist)|NoSuchKey|NoSuchBucket/i,
    cause: "there is nothing at an S3 address that the job reads",
    next: "Upload it: images below storage.data.prefix, weights below storage.data.pretrainedPrefix, the program by `npx sagemaker-ops up`.",
  },
  {
    pattern: /bucket .* (?:another|different|wrong) region|PermanentRedirect|not in the same region/i,
    cause: "a bucket lies in another region than the job",
    next: "SageMaker reads buckets of its own region only: correct aws:region in the stack file, or copy the data.",
  },
  {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    pattern: /explicit deny|endpoint policy|(?:resource-based|bucket|service control) policy/i,
    cause: "a policy refuses SageMaker what the job needs",
    next: "The text names it: a bucket's policy, that of the VPC endpoint for S3, or one of the organisation. It must let the job's role read the data and write the output.",
  },
  {
    // aws/amazon-sagemaker-examples#4384: "Data download failed: … (AccessDenied: Access Denied)"
    pattern:
      /(?:could not|unable to|failed to) (?:access|download|read)|data download failed|access ?denied|not authorized|forbidden/i,
    cause: "SageMaker could not read what the job needs",
    next: "One of five: the object is not there; the job's role may not read it (s3:GetObject, s3:ListBucket); it may not use the bucket's key (kms:Decrypt); the bucket lies in another region; or a bucket or VPC endpoint policy refuses it. `npx sagemaker-ops plan` shows what the role may do.",
  },
  {
    pattern: /could not assume role|cannot be assumed|failed to assume|assume role/i,
    cause: "SageMaker could not assume the job's role",
    next: "A new role takes up to a minute to be known: run the job again. If it goes on, the role's trust policy does not name sagemaker.amazonaws.com.",
  },
  {
    // 137 is 128 and SIGKILL, which is how the kernel ends a process that asked for too much memory.
    pattern: /exit code:? ?-?(?:137|9)\b|out of memory|MemoryError|OutOfMemory/i,
    cause: "the training program ran out of memory and was ended",
    next: "Take a larger instance type, or a smaller batchSize, in the stack file.",
  },
  {
    pattern: /no space left|disk .*full|ENOSPC/i,
    cause: "the job's volume is full",
    next: "Raise volumeSizeGiB in the stack file.",
  },
  {
    pattern: /cannotstartcontainer|image .*(?:not found|does not exist|pull)|ECR|repository/i,
    cause: "SageMaker could not start the container's image",
    next: "Check images.training of the stack file: it must exist in this region, and the role must be allowed to pull it.",
  },
  {
    // https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-signal-success-failure.html
    pattern: /AlgorithmError|ExecuteUserScriptError|exit code/i,
    cause: "the training program itself failed",
    next: "Its last lines say on what. Try the same on this computer: `npx sagemaker-ops local`.",
  },
  {
    pattern: /InternalServerError|internal error|try again/i,
    cause: "an error inside SageMaker",
    next: "Run the job again. It was attempted as often as retryAttempts allows.",
  },
];

/** Of any text about a job; nothing where the cause is not a known one. */
export function knownJobCause(reason: string): JobCause | undefined {
  const found = known.find(({ pattern }) => pattern.test(reason));
  return found === undefined ? undefined : { cause: found.cause, next: found.next };
}

/** A job that ended without an error and without success; keys are values of SecondaryStatus. */
const stopped: Readonly<Record<string, JobCause>> = {
  MaxRuntimeExceeded: {
    cause: "it reached its longest runtime and was stopped",
    next: "Raise maxRuntimeMinutes in the stack file, or take fewer epochs or a faster instance type.",
  },
  MaxWaitTimeExceeded: {
    cause: "it waited for spot instances, and ran, for as long as it may",
    next: "Raise market.maxWaitMinutes in the stack file, or use on-demand instances. Its checkpoints are kept, for a job of the same name only.",
  },
};

const lookAtLog = "Look at the job's last log lines.";
/** A tuning job writes no log. */
const lookAtTrials =
  "Look at why its trials failed: `npx sagemaker-ops train report` lists them, `npx sagemaker-ops train logs <trial>` shows what they wrote.";

/**
 * @param reason FailureReason of the job.
 * @param secondary SecondaryStatus of a training job.
 */
export function jobCause(
  status: string,
  {
    reason,
    secondary,
    isTuning = false,
  }: {
    readonly reason?: string | undefined;
    readonly secondary?: string | undefined;
    readonly isTuning?: boolean;
  },
): JobCause {
  const look = isTuning ? lookAtTrials : lookAtLog;
  const limit = secondary === undefined ? undefined : stopped[secondary];
  if (limit !== undefined) return limit;
  if (reason !== undefined && reason !== "")
    return knownJobCause(reason) ?? { cause: "SageMaker says no more than that", next: look };
  return status === "Stopped"
    ? {
        cause: "somebody stopped it, or an update of the stack deleted it",
        next: "What it wrote until then stays in the output bucket. To run it again, change an input in the stack file, then `npx sagemaker-ops up`.",
      }
    : { cause: "SageMaker gives no reason", next: look };
}

/** What tells that the answer to a call is no answer about the job: whoever waits for a job asks again. */
const passing =
  /^(?:Throttl\w*|TooManyRequestsException|RequestLimitExceeded|SlowDown|ServiceUnavailable\w*|InternalFailure|InternalServer\w*|InternalError|TimeoutError|RequestTimeout\w*|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)$/i;
const expired =
  /^(?:ExpiredToken(?:Exception)?|ExpiredCredentials|TokenRefreshRequired|CredentialsProviderError|TokenProviderError)$/;

/** Whether asking again may help: not after a refusal, nor after a mistake. */
export function outageOf(failure: {
  readonly code: string;
  readonly message: string;
}): "passing" | "credentials" | undefined {
  if (expired.test(failure.code)) return "credentials";
  return passing.test(failure.code) || /the service was not reached|\(status 5\d\d\)/.test(failure.message)
    ? "passing"
    : undefined;
}

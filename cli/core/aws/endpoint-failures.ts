/** Why SageMaker could not make or change an endpoint, and what to do about it. */
export interface EndpointFailure {
  readonly cause: string;
  readonly next: string;
}

interface Known extends EndpointFailure {
  readonly pattern: RegExp;
}

/**
 * What DescribeEndpoint's FailureReason may say. The texts are those of
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model-troubleshoot.html and of the issues named beside them.
 */
const known: readonly Known[] = [
  {
    pattern: /ping health check/i,
    cause: "the container did not answer /ping in time",
    next: "Look at its log for what it failed on, and try the artifact with `npx sagemaker-ops invoke --local`. A large artifact may need a longer start-up timeout.",
  },
  {
    pattern: /\bkms\b|encryption key/i,
    cause: "the model's role may not use the KMS key of the artifact",
    next: "Allow kms:Decrypt on the bucket's key, in the role and in the key's own policy; `npx sagemaker-ops plan` shows what the role may do.",
  },
  {
    pattern: /NoSuchKey|NoSuchBucket|key does not exist/i,
    cause: "the artifact is not where the model's configuration says",
    next: "Promote it again, then `npx sagemaker-ops up`: a promotion puts it there and never writes over another.",
  },
  {
    pattern: /PermanentRedirect|bucket .*(?:another|different|wrong) region|not in the same region/i,
    cause: "the bucket of the artifact lies in another region than the endpoint",
    next: "SageMaker reads buckets of its own region only: correct aws:region in the stack file, and promote the artifact there.",
  },
  {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    pattern: /explicit deny|endpoint policy|(?:resource-based|bucket|service control) policy/i,
    cause: "a policy refuses SageMaker the artifact",
    next: "The text names it: the bucket's policy, that of the VPC endpoint for S3, or one of the organisation. It must let the model's role read the models bucket.",
  },
  {
    // https://github.com/philschmid/llm-sagemaker-sample/issues/2
    pattern: /(?:could not|failed to|unable to) (?:access|download)|model data .*denied/i,
    cause: "SageMaker could not read the artifact",
    next: "One of five: the object is not there (promote it again); the model's role may not read it (s3:GetObject); the role may not use the bucket's key (kms:Decrypt); the bucket lies in another region; or a bucket or VPC endpoint policy refuses it. `npx sagemaker-ops plan` shows what the role may do.",
  },
  {
    pattern: /could not assume role|cannot be assumed|failed to assume/i,
    cause: "SageMaker could not assume the model's role",
    next: "A new role takes up to a minute to be known: run `npx sagemaker-ops up` again. If it goes on, the role's trust policy does not name sagemaker.amazonaws.com.",
  },
  {
    pattern: /ResourceLimitExceeded|service limit|account-level service limit/i,
    cause: "the account's quota for this instance type and use is used up",
    next: 'Ask for more in Service Quotas (SageMaker, "for endpoint usage"). A rollout needs room for both fleets: twice the instances, unless it is rolling.',
  },
  {
    pattern: /InsufficientInstanceCapacity|CapacityError|unable to provision requested|no capacity/i,
    cause: "AWS has none of these instances free",
    next: "Try again later, choose another instance type, or a rolling rollout, which needs fewer at once.",
  },
  {
    pattern: /alarm/i,
    cause: "an alarm was raised during the rollout, and SageMaker went back",
    next: "Look at the alarms of the endpoint and at its log, then correct the model or the threshold.",
  },
  {
    pattern: /image|ECR|repository/i,
    cause: "SageMaker could not fetch the container's image",
    next: "Check images.serving of the stack file: the image must exist in this region, and the role must be allowed to pull it.",
  },
];

/** @param reason FailureReason of DescribeEndpoint. */
export function endpointFailure(reason: string): EndpointFailure {
  return (
    knownEndpointFailure(reason) ?? {
      cause: "SageMaker says no more than that",
      next: "Look at the endpoint's log.",
    }
  );
}

/** The same of any text about an endpoint, its configuration or its model; nothing where the cause is not a known one. */
export function knownEndpointFailure(reason: string): EndpointFailure | undefined {
  const found = known.find(({ pattern }) => pattern.test(reason));
  return found === undefined ? undefined : { cause: found.cause, next: found.next };
}

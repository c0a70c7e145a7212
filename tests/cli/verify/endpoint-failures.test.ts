import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { endpointFailure } from "../../../cli/core/aws/endpoint-failures";

/** Texts as people have reported them; AWS may change them. */
describe("why an endpoint failed", () => {
  for (const [reason, cause, next] of [
    [
      "The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.",
      "the container did not answer /ping in time",
      /Look at its log/,
    ],
    [
      "Could not access model data at s3://b/models/x/model.tar.gz. Please ensure that the role has the necessary permissions.",
      "SageMaker could not read the artifact",
      /One of five: .*s3:GetObject.*kms:Decrypt.*another region.*VPC endpoint policy/,
    ],
    [
      'Failed to download model data for container "container_1" from URL: "s3://b/k". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object.',
      "SageMaker could not read the artifact",
      /One of five: /,
    ],
    [
      "Could not access model data at s3://b/k: KMS.AccessDeniedException: kms:Decrypt",
      "the model's role may not use the KMS key of the artifact",
      /kms:Decrypt on the bucket's key, in the role and in the key's own policy/,
    ],
    [
      "Unable to access s3://b/k: NoSuchKey: The specified key does not exist.",
      "the artifact is not where the model's configuration says",
      /Promote it again/,
    ],
    [
      "Could not access model data: PermanentRedirect: the bucket is in another region: eu-west-1",
      "the bucket of the artifact lies in another region than the endpoint",
      /aws:region/,
    ],
    [
      "Could not access model data: s3:GetObject is not authorized with an explicit deny in a VPC endpoint policy",
      "a policy refuses SageMaker the artifact",
      /VPC endpoint for S3/,
    ],
    [
      "Could not assume role arn:aws:iam::1:role/x. Please ensure that the role exists.",
      "SageMaker could not assume the model's role",
      /up to a minute/,
    ],
    [
      "ResourceLimitExceeded: The account-level service limit 'ml.m5.large for endpoint usage' is 0 Instances",
      "the account's quota for this instance type and use is used up",
      /Service Quotas/,
    ],
    [
      "InsufficientInstanceCapacity: Unable to provision requested ML compute capacity.",
      "AWS has none of these instances free",
      /another instance type/,
    ],
    [
      "One or more alarms in ALARM state: sagemaker-ops-prod-breeds-errors",
      "an alarm was raised during the rollout, and SageMaker went back",
      /Look at the alarms/,
    ],
    [
      "The image '1.dkr.ecr.us-east-1.amazonaws.com/x:y' does not exist.",
      "SageMaker could not fetch the container's image",
      /images\.serving/,
    ],
    ["Request to service failed.", "SageMaker says no more than that", /log/],
  ] as const) {
    it(`is told as: ${cause}`, () => {
      const told = endpointFailure(reason);

      assert.equal(told.cause, cause);
      assert.match(told.next, next);
    });
  }
});

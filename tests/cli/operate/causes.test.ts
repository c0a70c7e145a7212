import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { awsFailure } from "../../../cli/core/aws/errors";
import { jobCause, outageOf } from "../../../cli/core/operate/causes";

/** The texts are those that people report; AWS does not document them, and may word them anew. */
describe("causes of jobs that did not succeed", () => {
  const cases: readonly (readonly [reason: string, cause: RegExp, next: RegExp])[] = [
    [
      "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.",
      /none of these instances free/,
      /another instance type/,
    ],
    [
      "ResourceLimitExceeded: The account-level service limit 'ml.g4dn.xlarge for training job usage' is 0 Instances",
      /quota .* is used up/,
      /Service Quotas/,
    ],
    [
      "ClientError: Data download failed:Unable to download object s3://b/k (AccessDenied: Access Denied)",
      /could not read what the job needs/,
      /One of five:.*s3:GetObject.*kms:Decrypt.*another region.*VPC endpoint policy/,
    ],
    [
      "ClientError: Data download failed: NoSuchKey: The specified key does not exist",
      /nothing at an S3 address/,
      /Upload it/,
    ],
    [
      "ClientError: No S3 objects found under S3 URL s3://data/pretrained/ given in input data source.",
      /nothing at an S3 address/,
      /pretrainedPrefix/,
    ],
    ["ClientError: KMS.AccessDeniedException while reading", /may not use a KMS key/, /kms:Decrypt/],
    [
      "ClientError: PermanentRedirect: The bucket is in another region: eu-west-1",
      /another region than the job/,
      /aws:region/,
    ],
    [
      "ClientError: Data download failed: s3:GetObject with an explicit deny in a VPC endpoint policy",
      /a policy refuses SageMaker/,
      /VPC endpoint for S3/,
    ],
    [
      "ClientError: Could not assume role arn:aws:iam::1:role/x",
      /could not assume the job's role/,
      /up to a minute/,
    ],
    ["AlgorithmError: ExecuteUserScriptError: exit code: 137", /ran out of memory/, /batchSize/],
    ["AlgorithmError: OSError: No space left on device, exit code: 1", /volume is full/, /volumeSizeGiB/],
    [
      "ClientError: CannotStartContainerError. Please make sure the container can be run",
      /container's image/,
      /images\.training/,
    ],
    [
      "AlgorithmError: ExecuteUserScriptError: ExitCode 1",
      /the training program itself failed/,
      /sagemaker-ops local/,
    ],
    [
      "InternalServerError: We encountered an internal error. Please try again.",
      /inside SageMaker/,
      /Run the job again/,
    ],
    ["Something new", /says no more than that/, /last log lines/],
  ];

  for (const [reason, cause, next] of cases)
    it(`tells cause and next step of "${reason.slice(0, 60)}"`, () => {
      const found = jobCause("Failed", { reason });

      assert.match(found.cause, cause);
      assert.match(found.next, next);
    });

  it("sends nobody to the log of a tuning job, which has none", () => {
    for (const reason of ["", "Something new"])
      assert.match(jobCause("Failed", { reason, isTuning: true }).next, /train report.* lists them/);
  });

  it("tells a job that ran out of time from one that somebody stopped", () => {
    assert.match(jobCause("Stopped", { secondary: "MaxRuntimeExceeded" }).next, /maxRuntimeMinutes/);
    assert.match(jobCause("Stopped", { secondary: "MaxWaitTimeExceeded" }).next, /maxWaitMinutes/);
    assert.match(jobCause("Stopped", { secondary: "Stopped" }).cause, /somebody stopped it/);
    assert.match(jobCause("Failed", {}).cause, /gives no reason/);
  });

  it("knows which failures of calls pass, which need a person, and which never pass", () => {
    const outage = (name: string, more: object = {}) =>
      outageOf(awsFailure({ name, message: "", ...more }, "sagemaker:DescribeTrainingJob"));

    assert.deepEqual(
      [
        outage("ThrottlingException"),
        outage("InternalFailure", { $metadata: { httpStatusCode: 500 } }),
        outage("Unheard", { $metadata: { httpStatusCode: 503 } }),
        outage("Error", { code: "ECONNRESET" }),
        outage("TimeoutError"),
        outage("ExpiredTokenException"),
        outage("AccessDeniedException"),
        outage("ValidationException"),
      ],
      ["passing", "passing", "passing", "passing", "passing", "credentials", undefined, undefined],
    );
  });
});

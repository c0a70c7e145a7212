import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { kms } from "../../../policy/storage/kms";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const TYPE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/7988d25c-2100-4f39-a75e-7d6e15e7bf09";

const rules = (
  applied: Record<string, unknown>,
  rest: Record<string, unknown> = { bucketKeyEnabled: true },
) => ({
  rules: [{ applyServerSideEncryptionByDefault: applied, ...rest }],
});

describeRule(kms, {
  pass: [
    {
      title: "a key of one's own",
      type: TYPE,
      props: rules({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }),
    },
    {
      title: "a key that is not created yet",
      type: TYPE,
      props: rules({ sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN_STRING }),
    },
    {
      title: "double encryption without a bucket key, which it does not have",
      type: TYPE,
      props: rules({ sseAlgorithm: "aws:kms:dsse", kmsMasterKeyId: KEY }, {}),
    },
    {
      title: "no KMS, of which another rule speaks",
      type: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
      props: rules({ sseAlgorithm: "AES256" }),
    },
  ],
  violate: [
    {
      title: "KMS without a key",
      type: TYPE,
      props: rules({ sseAlgorithm: "aws:kms" }),
      says: /rules\[0\]\.applyServerSideEncryptionByDefault\.kmsMasterKeyId names no key of your own, .* Set it/,
    },
    {
      title: "AWS's own key",
      type: TYPE,
      props: rules({
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:alias/aws/s3",
      }),
      says: /names no key of your own/,
    },
  ],
});

describe("storage-kms and the price of requests", () => {
  it("advises a bucket key", async () => {
    const [found, ...others] = await diagnose(kms, {
      type: TYPE,
      props: rules({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }, {}),
    });

    assert.deepEqual(others, []);
    assert.equal(found?.level, "advisory");
    assert.match(found?.message ?? "", /rules\[0\]\.bucketKeyEnabled is not true/);
  });
});

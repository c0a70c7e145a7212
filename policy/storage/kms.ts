import { entriesOf } from "../entries";
import { advisory, type Finding, undecided, violation } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { UNKNOWN } from "../values";
import { readsOf, SETTING_TYPES } from "./buckets";

const DEFAULT = "applyServerSideEncryptionByDefault";

/**
 * Over encryption configurations that use KMS. Which buckets do not use it at all is said by `storage-bucket-settings`: that takes the other
 * resources, since a bucket for access logs cannot use it.
 */
export const kms = resourceRule({
  id: "storage-kms",
  title: "Bucket keys of one's own",
  sentence:
    "A bucket that is encrypted with KMS names its own key, whose policy says who may read the objects.",
  severity: "medium",
  level: "production",
  group: "storage",
  standards: ["S3.17"],
  remediation: `Set ${DEFAULT}.kmsMasterKeyId to the ARN of a key of your own.`,
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  reads: readsOf(SETTING_TYPES.encryption, ["rules"]),
  check: ({ properties }) =>
    entriesOf(properties.rules, "rules").flatMap(({ path, value }) => judge(path, value)),
});

function judge(path: string, rule: unknown): readonly Finding[] {
  const algorithm = at(rule, `${DEFAULT}.sseAlgorithm`);
  const key = at(rule, `${DEFAULT}.kmsMasterKeyId`);
  if (algorithm === UNKNOWN) return [undecided(`${path}.${DEFAULT}`)];
  if (typeof algorithm !== "string" || !algorithm.startsWith("aws:kms")) return [];

  const keyPath = `${path}.${DEFAULT}.kmsMasterKeyId`;
  const named = typeof key === "string" && key !== "" && !/\balias\/aws\/s3$/.test(key);
  const keyFindings =
    key === UNKNOWN || named
      ? []
      : [
          violation(
            `${keyPath} names no key of your own, so AWS's key alias/aws/s3 is used, whose policy cannot be changed or shared. Set it to the ARN of a key of your own.`,
          ),
        ];
  const bucketKey = truth(at(rule, "bucketKeyEnabled"));
  const requests =
    algorithm === "aws:kms" && (bucketKey === "false" || bucketKey === "missing")
      ? [
          advisory(
            `${path}.bucketKeyEnabled is not true, so every object costs a request to KMS. Set it to true.`,
          ),
        ]
      : [];
  return [...keyFindings, ...requests];
}

import { type Finding, undecided, violation } from "../findings";
import { type StackSubject, stackRule } from "../rule";
import { requiresTls } from "./bucket-policy";
import {
  BUCKETS,
  indexBy,
  inlineOf,
  isBucket,
  nameOf,
  readsOf,
  SETTING_TYPES,
  type SettingIndex,
} from "./buckets";

const REMEDY =
  'Deny s3:* to the principal "*" on the bucket and on bucket/* under the condition Bool aws:SecureTransport "false".';

/** Over the buckets of the stack, joined with their policies. */
export const tlsOnly = stackRule({
  id: "storage-tls-only",
  title: "Buckets by TLS only",
  sentence: "Every bucket's policy refuses requests that do not come over TLS, whoever sends them.",
  severity: "high",
  level: "mandatory",
  group: "storage",
  standards: ["S3.5"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  reads: {
    ...readsOf(BUCKETS, ["bucket", "id", "policy"]),
    ...readsOf(SETTING_TYPES.policy, ["bucket", "policy"]),
  },
  check: (resources) => {
    const policies = indexBy(
      "bucket",
      resources.filter((resource) => !isBucket(resource)),
    );
    return resources.filter(isBucket).flatMap((bucket) => judge(bucket, policies));
  },
});

function judge(bucket: StackSubject, policies: SettingIndex): readonly Finding[] {
  const { own, unclear } = policies.of(bucket);
  const inline = inlineOf(bucket, "policy");
  const documents = [
    ...own.map(({ properties }) => properties.policy),
    ...(inline === undefined || inline === "" ? [] : [inline]),
  ];

  if (documents.length === 0) {
    return unclear
      ? [undecided("the bucket of a bucket policy in this stack", bucket.urn)]
      : [violation(`This bucket has no policy, so it takes plain HTTP. ${REMEDY}`, bucket.urn)];
  }

  const verdicts = documents.map((document) => requiresTls(document, nameOf(bucket)));
  if (verdicts.some(({ kind }) => kind === "enforced")) return [];
  if (verdicts.some(({ kind }) => kind === "unknown")) return [undecided("the bucket's policy", bucket.urn)];
  return verdicts.flatMap((verdict) =>
    verdict.kind === "open"
      ? [violation(`The bucket's policy ${verdict.reason}. ${REMEDY}`, bucket.urn)]
      : [],
  );
}

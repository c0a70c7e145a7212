import { type Finding, undecided, violation } from "../findings";
import { at } from "../nested";
import { type StackSubject, stackRule } from "../rule";
import { texts } from "../settings";
import { truth } from "../truth";
import { asList, UNKNOWN } from "../values";
import { BUCKETS, indexBy, inlineOf, isBucket, readsOf, SETTING_TYPES, type SettingIndex } from "./buckets";

type Setting = "public-access-block" | "versioning" | "lifecycle" | "kms" | "logging";

const REQUIRED: readonly Setting[] = ["public-access-block", "versioning", "lifecycle", "kms", "logging"];

const fields = {
  required: texts(REQUIRED, "What every bucket must have.", {
    pattern: new RegExp(`^(${REQUIRED.join("|")})$`),
    form: `one of ${REQUIRED.join(", ")}`,
  }),
};

/** The settings of the stack, by the bucket that each is for. */
interface Others {
  readonly publicAccessBlock: SettingIndex;
  readonly versioning: SettingIndex;
  readonly lifecycle: SettingIndex;
  readonly encryption: SettingIndex;
  readonly logging: SettingIndex;
  readonly logTarget: SettingIndex;
}

type Answer = "has" | "has not" | "unknown";

interface Requirement {
  readonly text: string;
  answer(bucket: StackSubject, others: Others): Answer;
}

const REQUIREMENTS: Readonly<Record<Setting, Requirement>> = {
  "public-access-block": {
    text: "has no aws.s3.BucketPublicAccessBlock, so a deployment would not notice that somebody opened it. Add one with all four flags true.",
    answer: (bucket, others) => owns(bucket, others.publicAccessBlock),
  },
  versioning: {
    text: "has no versioning, so what is overwritten or deleted is lost. Add an aws.s3.BucketVersioning with status Enabled.",
    answer: (bucket, others) =>
      either(
        owns(bucket, others.versioning),
        inlineAnswer(
          bucket,
          ["versioning", "versionings"],
          (entry) => truth(at(entry, "enabled")) === "true",
        ),
      ),
  },
  lifecycle: {
    text: "has no lifecycle rules, so unfinished uploads and old versions are paid for without end. Add an aws.s3.BucketLifecycleConfiguration.",
    answer: (bucket, others) =>
      either(
        owns(bucket, others.lifecycle),
        inlineAnswer(bucket, ["lifecycleRules"], (entry) => truth(at(entry, "enabled")) === "true"),
      ),
  },
  kms: {
    text: "is not encrypted with KMS by default. Add an aws.s3.BucketServerSideEncryptionConfiguration with aws:kms and a key of your own.",
    answer: kmsAnswer,
  },
  logging: {
    text: "has no access log, so nobody can tell later who read it. Add an aws.s3.BucketLogging into a bucket for logs.",
    answer: (bucket, others) =>
      holdsLogs(bucket, others)
        ? "has"
        : either(
            owns(bucket, others.logging),
            inlineAnswer(
              bucket,
              ["logging", "loggings"],
              (entry) => typeof at(entry, "targetBucket") === "string",
            ),
          ),
  },
};

const OWN = [
  ...["bucket", "id", "versioning", "versionings", "lifecycleRules", "logging", "loggings"],
  ...["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"],
];

/**
 * Over the buckets of the stack and the resources that hold their settings, in one rule: each rule over a whole stack costs a copy of the
 * stack. Whether a setting that is there is right is judged by the rule for that setting, before it is created.
 */
export const bucketSettings = stackRule({
  id: "storage-bucket-settings",
  title: "Buckets with all their settings",
  sentence:
    "Every bucket blocks public access, is versioned, expires what is old, is encrypted with KMS and logs access.",
  severity: "medium",
  level: "production",
  group: "storage",
  standards: ["S3.8", "S3.9", "S3.13", "S3.14", "S3.17"],
  remediation: "Add what the message names, or take it out of the setting `required`.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  fields,
  reads: {
    ...readsOf(BUCKETS, OWN),
    ...readsOf(SETTING_TYPES.publicAccessBlock, ["bucket"]),
    ...readsOf(SETTING_TYPES.versioning, ["bucket"]),
    ...readsOf(SETTING_TYPES.lifecycle, ["bucket"]),
    ...readsOf(SETTING_TYPES.encryption, ["bucket", "rules"]),
    ...readsOf(SETTING_TYPES.logging, ["bucket", "targetBucket"]),
  },
  check: (resources, { required }) => {
    const others = indexAll(resources);
    return resources
      .filter(isBucket)
      .flatMap((bucket) =>
        REQUIRED.filter((setting) => required.includes(setting)).flatMap((setting) =>
          findingOf(setting, bucket, others),
        ),
      );
  },
});

function indexAll(resources: readonly StackSubject[]): Others {
  const index = (types: readonly string[], property = "bucket") =>
    indexBy(
      property,
      resources.filter(({ type }) => types.includes(type)),
    );
  return {
    publicAccessBlock: index(SETTING_TYPES.publicAccessBlock),
    versioning: index(SETTING_TYPES.versioning),
    lifecycle: index(SETTING_TYPES.lifecycle),
    encryption: index(SETTING_TYPES.encryption),
    logging: index(SETTING_TYPES.logging),
    logTarget: index(SETTING_TYPES.logging, "targetBucket"),
  };
}

function findingOf(setting: Setting, bucket: StackSubject, others: Others): readonly Finding[] {
  const { text, answer } = REQUIREMENTS[setting];
  switch (answer(bucket, others)) {
    case "has":
      return [];
    case "unknown":
      return [undecided(`what sets ${setting} of this bucket`, bucket.urn)];
    case "has not":
      return [violation(`This bucket ${text}`, bucket.urn)];
  }
}

function owns(
  bucket: StackSubject,
  settings: SettingIndex,
  judge: (setting: StackSubject) => Answer = () => "has",
): Answer {
  const { own, unclear } = settings.of(bucket);
  const answers = own.map(judge);
  if (answers.includes("has")) return "has";
  if (answers.includes("unknown")) return "unknown";
  return answers.length === 0 && unclear ? "unknown" : "has not";
}

function inlineAnswer(
  bucket: StackSubject,
  names: readonly string[],
  fits: (entry: unknown) => boolean,
): Answer {
  const values = names.map((name) => inlineOf(bucket, name));
  const entries = values.flatMap(asList);
  if (entries.some(fits)) return "has";
  return entries.includes(UNKNOWN) ? "unknown" : "has not";
}

function kmsAnswer(bucket: StackSubject, others: Others): Answer {
  const separate = owns(bucket, others.encryption, ({ properties }) =>
    algorithmAnswer(asList(properties.rules)),
  );
  const inline = ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"].flatMap((name) =>
    asList(inlineOf(bucket, name)),
  );
  const rules = inline.flatMap((entry) => [...asList(at(entry, "rule")), ...asList(at(entry, "rules"))]);
  const answer = either(separate, algorithmAnswer(rules));
  // S3 writes access logs to a bucket with SSE-S3 only, unless its KMS key is opened to the log service.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
  return answer === "has not" && holdsLogs(bucket, others) ? "has" : answer;
}

function algorithmAnswer(rules: readonly unknown[]): Answer {
  const algorithms = rules.flatMap((rule) => [
    at(rule, "applyServerSideEncryptionByDefault.sseAlgorithm"),
    ...asList(at(rule, "applyServerSideEncryptionByDefaults")).map((entry) => at(entry, "sseAlgorithm")),
  ]);
  if (algorithms.some((algorithm) => typeof algorithm === "string" && algorithm.startsWith("aws:kms"))) {
    return "has";
  }
  return algorithms.includes(UNKNOWN) ? "unknown" : "has not";
}

function holdsLogs(bucket: StackSubject, { logTarget }: Others): boolean {
  return logTarget.of(bucket).own.length > 0;
}

function either(one: Answer, other: Answer): Answer {
  if (one === "has" || other === "has") return "has";
  return one === "unknown" || other === "unknown" ? "unknown" : "has not";
}

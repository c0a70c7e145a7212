import { undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { readsOf, SETTING_TYPES } from "./buckets";

/** Over access logging; `storage-bucket-settings` finds the buckets that have none. */
export const logged = resourceRule({
  id: "storage-logged",
  title: "Access logs in another bucket",
  sentence: "No bucket writes its access log into itself, where each log entry would be logged in turn.",
  severity: "medium",
  level: "production",
  group: "storage",
  standards: ["S3.9"],
  remediation: "Set targetBucket to a bucket that only holds logs.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
  reads: readsOf(SETTING_TYPES.logging, ["bucket", "targetBucket"]),
  check: ({ properties: { bucket, targetBucket } }) => {
    if (targetBucket === UNKNOWN || bucket === UNKNOWN) {
      return [undecided(targetBucket === UNKNOWN ? "targetBucket" : "bucket")];
    }
    if (!isText(targetBucket)) {
      return [
        violation("targetBucket names no bucket, so nothing is logged. Name a bucket that only holds logs."),
      ];
    }
    return bucket === targetBucket
      ? [
          violation(
            `targetBucket is ${targetBucket}, the bucket that is logged: its log grows by logging itself. Name another bucket.`,
          ),
        ]
      : [];
  },
});

import { violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";

const REMEDY =
  "Set kmsKeyId to the ARN of a key whose policy lets logs.<region>.amazonaws.com use it for this group.";

/** Over log groups. */
export const kms = resourceRule({
  id: "logs-kms",
  title: "Log groups with a key of one's own",
  sentence: "Every log group is encrypted with a key of one's own, whose policy says who may read the logs.",
  severity: "medium",
  level: "production",
  group: "logs",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  reads: { "aws:cloudwatch/logGroup:LogGroup": ["kmsKeyId"] },
  // A key that is not created yet is a key.
  check: ({ properties: { kmsKeyId } }) =>
    kmsKeyId === UNKNOWN || isText(kmsKeyId)
      ? []
      : [
          violation(
            `kmsKeyId is not set, so the logs have AWS's own key, which has no policy to read. ${REMEDY}`,
          ),
        ],
});

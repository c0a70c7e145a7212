import { type Place, regionalArn } from "../rules/place";
import { type PolicyDocument, policyDocument, type Statement } from "./document";

/** Services that send to the stack's encrypted topics by themselves, without a role. */
export type TopicPublisher = "cloudwatch" | "budgets" | "costalerts";

export interface KeyPolicyArgs {
  readonly place: Place;
  /** Log groups that are encrypted with the key, by exact name; `[]` when there are none. */
  readonly logGroupNames: readonly string[];
  /** Services that publish to topics encrypted with the key; `[]` when there are none. */
  readonly topicPublishers: readonly TopicPublisher[];
}

/**
 * Policy of the stack's KMS key. In a key policy, `*` as resource is the key itself.
 *
 * S3 needs no statement: it uses the key in the name of whoever reads or writes. The log delivery of S3 cannot use it at
 * all (S3 User Guide, "Enabling Amazon S3 server access logging"), so the access-log bucket stays with keys of S3.
 */
export function keyPolicy({ place, logGroupNames, topicPublishers }: KeyPolicyArgs): PolicyDocument {
  return policyDocument([
    {
      // Hands the key to the account's IAM policies; without it nobody could administer or delete the key (KMS
      // Developer Guide, "Default key policy", "Allows access to the AWS account and enables IAM policies").
      Sid: "AdministerThroughIam",
      Effect: "Allow",
      Principal: { AWS: `arn:${place.partition}:iam::${place.accountId}:root` },
      Action: ["kms:*"],
      Resource: ["*"],
    },
    ...logGroups(place, logGroupNames),
    ...publishers(place, topicPublishers),
  ]);
}

/** CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using KMS", with the groups named. */
function logGroups(place: Place, names: readonly string[]): Statement[] {
  if (names.length === 0) return [];
  return [
    {
      Sid: "EncryptLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${place.region}.${place.dnsSuffix}` },
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: ["*"],
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": names.map((name) =>
            regionalArn(place, "logs", `log-group:${name}`),
          ),
        },
      },
    },
  ];
}

/** Sources: SNS Developer Guide, "Key management", "Enable compatibility between event sources and encrypted topics". */
function publishers({ accountId }: Place, services: readonly TopicPublisher[]): Statement[] {
  if (services.length === 0) return [];
  return [
    {
      Sid: "PublishToEncryptedTopics",
      Effect: "Allow",
      Principal: { Service: services.map((service) => `${service}.amazonaws.com`) },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
  ];
}

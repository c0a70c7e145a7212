import { bucketArn, type Place } from "../rules/place";
import { type PolicyDocument, policyDocument, type Statement } from "./document";

/**
 * Policy of every bucket: nobody, whatever their permissions, reaches it without TLS or with TLS before 1.2.
 *
 * Security Hub S3.5; S3 User Guide, "Security best practices", `s3:TlsVersion`. The second statement alone would let
 * plain HTTP through, where that key is absent.
 */
export function bucketPolicy(place: Place, bucketName: string): PolicyDocument {
  return policyDocument(requireTls(place, bucketName));
}

/**
 * Policy of the bucket that receives the server access logs of others: TLS only, and S3's log delivery may write for
 * the named buckets of this account.
 *
 * Without the second part S3 accepts the logging configuration and never delivers (S3 User Guide, "Permissions for log
 * delivery"; ACLs, the older way, are off).
 *
 * @param logsPrefix key prefix of the logs; empty or with a slash at the end.
 */
export function accessLogBucketPolicy(
  place: Place,
  bucketName: string,
  sourceBucketNames: readonly string[],
  logsPrefix: string,
): PolicyDocument {
  return policyDocument([
    ...requireTls(place, bucketName),
    {
      Sid: "DeliverAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: [bucketArn(place, bucketName, `${logsPrefix}*`)],
      Condition: {
        ArnLike: { "aws:SourceArn": sourceBucketNames.map((name) => bucketArn(place, name)) },
        StringEquals: { "aws:SourceAccount": place.accountId },
      },
    },
  ]);
}

function requireTls(place: Place, bucketName: string): Statement[] {
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    Resource: [bucketArn(place, bucketName), bucketArn(place, bucketName, "*")],
  } as const;
  return [
    { Sid: "DenyPlainHttp", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "DenyOldTls", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}

import { type Place, regionalArn } from "../rules/place";
import { type PolicyDocument, policyDocument } from "./document";
import type { TopicPublisher } from "./key-policy";

/**
 * Policy of an alert topic: the named services may publish for this account, and nobody may without TLS. Everybody else
 * needs a permission of their own, as the default statement of SNS, which lets the whole account in, is not repeated.
 *
 * Sources: SNS Developer Guide, "Example cases" (CloudWatch alarms); Cost Management User Guide, "Creating an Amazon SNS
 * topic for budget notifications" and "… for anomaly notifications".
 *
 * @param publishers at least one.
 */
export function topicPolicy(
  place: Place,
  topicArn: string,
  publishers: readonly TopicPublisher[],
): PolicyDocument {
  return policyDocument([
    ...publishers.map((publisher) => ({
      Sid: publishSid[publisher],
      Effect: "Allow" as const,
      Principal: { Service: `${publisher}.amazonaws.com` },
      Action: ["sns:Publish"],
      Resource: [topicArn],
      Condition: {
        StringEquals: { "aws:SourceAccount": place.accountId },
        ...sourceOf(publisher, place),
      },
    })),
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: [topicArn],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

const publishSid: Record<TopicPublisher, string> = {
  cloudwatch: "PublishAlarms",
  budgets: "PublishBudgets",
  costalerts: "PublishAnomalies",
};

/** The anomaly detection documents the source account only. */
function sourceOf(publisher: TopicPublisher, place: Place) {
  switch (publisher) {
    case "cloudwatch":
      return { ArnLike: { "aws:SourceArn": regionalArn(place, "cloudwatch", "alarm:*") } };
    case "budgets":
      return { ArnLike: { "aws:SourceArn": `arn:${place.partition}:budgets::${place.accountId}:*` } };
    case "costalerts":
      return {};
  }
}

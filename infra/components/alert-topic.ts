import { Topic, TopicPolicy, TopicSubscription } from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { renderPolicy } from "../iam/document";
import { topicPolicy } from "../iam/topic-policy";
import { regionalArn } from "../rules/place";
import type { StackContext } from "./context";

export interface AlertTopicArgs {
  readonly context: StackContext;
  /** Physical name of the topic. */
  readonly topicName: string;
  /** Who is mailed; each address confirms its subscription once. */
  readonly emails: readonly string[];
  /**
   * Key that encrypts the messages; its policy must let CloudWatch use it.
   * @default - not encrypted at rest
   */
  readonly keyArn?: pulumi.Input<string> | undefined;
}

/** Where the alarms are told, and whom. There is none in a stack whose alarms are silent. */
export class AlertTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:operations:AlertTopic", name, {}, opts);
    const { context, topicName, emails, keyArn } = args;

    const topic = new Topic(
      `${name}-topic`,
      { name: topicName, ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }) },
      { parent: this },
    );
    // Written with the name, not with the topic's output, so that a preview shows the whole document.
    const document = topicPolicy(context.place, regionalArn(context.place, "sns", topicName), ["cloudwatch"]);
    new TopicPolicy(
      `${name}-policy`,
      { arn: topic.arn, policy: renderPolicy(document, "topic") },
      { parent: this },
    );
    for (const email of emails) {
      new TopicSubscription(
        `${name}-${email}`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );
    }

    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

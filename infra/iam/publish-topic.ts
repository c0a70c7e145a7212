import { allow, type Statement } from "./document";

/**
 * Publishes to exactly the given topics.
 *
 * Needed by asynchronous serving, which announces answers and failures. Without it a failure is found only by looking.
 */
export function publishToTopics(topicArns: readonly string[]): Statement[] {
  return [allow("PublishToTopics", ["sns:Publish"], topicArns)];
}

import assert from "node:assert/strict";
import { AlertTopic } from "../../infra/components/alert-topic";
import { countByType, only, recordResources } from "../support/mocks";
import { context } from "../support/serving";

const args = { context, topicName: "sagemaker-ops-test-alerts", emails: ["a@example.com", "b@example.com"] };
const topicArn = "arn:aws:sns:us-east-1:123456789012:sagemaker-ops-test-alerts";

describe("AlertTopic", () => {
  it("mails each address, and lets CloudWatch alarms of this account publish", async () => {
    const resources = await recordResources(() => new AlertTopic("alerts", args));

    assert.deepEqual(countByType(resources), {
      "aws:sns/topic:Topic": 1,
      "aws:sns/topicPolicy:TopicPolicy": 1,
      "aws:sns/topicSubscription:TopicSubscription": 2,
      "mlops:operations:AlertTopic": 1,
    });
    assert.deepEqual(only(resources, "aws:sns/topic:Topic").inputs, { name: "sagemaker-ops-test-alerts" });
    const { Statement } = JSON.parse(only(resources, "aws:sns/topicPolicy:TopicPolicy").inputs.policy);
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    assert.deepEqual(
      allowed.map(({ Principal, Resource }: Record<string, unknown>) => [Principal, Resource]),
      [[{ Service: "cloudwatch.amazonaws.com" }, [topicArn]]],
    );
    assert.equal(
      only(resources, "aws:sns/topicSubscription:TopicSubscription", "alerts-b@example.com").inputs.endpoint,
      "b@example.com",
    );
  });

  it("is encrypted with the stack's key where there is one", async () => {
    const resources = await recordResources(() => new AlertTopic("alerts", { ...args, keyArn: "arn:key" }));

    assert.equal(only(resources, "aws:sns/topic:Topic").inputs.kmsMasterKeyId, "arn:key");
  });
});

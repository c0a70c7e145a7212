import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { failedEventsKept } from "../../../policy/lambda/failed-events-kept";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

describeRule(failedEventsKept, {
  pass: [
    {
      title: "a queue for failures",
      type,
      props: {
        destinationConfig: { onFailure: { destination: "arn:aws:sqs:us-east-1:123456789012:failed" } },
      },
    },
    {
      title: "a queue that is not created yet",
      type,
      props: { destinationConfig: { onFailure: { destination: UNKNOWN_STRING } } },
    },
  ],
  violate: [
    {
      title: "a queue for successes only",
      type,
      props: { destinationConfig: { onSuccess: { destination: "arn:aws:sqs:us-east-1:123456789012:done" } } },
      says: /destinationConfig\.onFailure\.destination is not set, .* Set it to the ARN/,
    },
    { title: "no destination", type, props: { maximumRetryAttempts: 0 }, says: /is lost/ },
  ],
});

describe("lambda-failed-events-kept and blocks that are unknown", () => {
  for (const [block, destinationConfig] of [
    ["destinationConfig", UNKNOWN_STRING],
    ["onFailure", { onFailure: UNKNOWN_STRING }],
  ] as const) {
    it(`does not take an unknown ${block} for a destination`, async () => {
      const [found, ...others] = await diagnose(failedEventsKept, { type, props: { destinationConfig } });

      assert.deepEqual(others, []);
      assert.match(found?.message ?? "", /Not decided: destinationConfig\.onFailure\.destination/);
    });
  }
});

import { failedEventsKept } from "../../../policy/lambda/failed-events-kept";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule } from "../../support/rule-cases";

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

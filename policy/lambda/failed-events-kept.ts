import { undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";

const PATH = "destinationConfig.onFailure.destination";

/** Over the settings of asynchronous calls. */
export const failedEventsKept = resourceRule({
  id: "lambda-failed-events-kept",
  title: "Failed events are kept",
  sentence: "An event that a function could not handle after its last attempt is kept somewhere.",
  severity: "low",
  level: "advisory",
  group: "lambda",
  remediation: `Set ${PATH} to the ARN of a queue, a topic or a bucket, and let the function's role write there.`,
  url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
  reads: { "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["destinationConfig"] },
  check: ({ properties: { destinationConfig } }) => {
    const destination = at(destinationConfig, "onFailure.destination");
    // An ARN that is not known yet is an ARN; an unknown block may have none.
    if (at(destinationConfig, "onFailure") === UNKNOWN) return [undecided(PATH)];
    if (isText(destination) || destination === UNKNOWN) return [];
    return [
      violation(
        `${PATH} is not set, so an event whose attempts have failed is lost, unless the function has a deadLetterConfig. Set it to the ARN of a queue, a topic or a bucket.`,
      ),
    ];
  },
});

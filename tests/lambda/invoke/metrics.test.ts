import assert from "node:assert/strict";
import { Problem } from "../../../lambda/invoke/errors";
import { metricLine } from "../../../lambda/invoke/metrics";

const served = {
  functionName: "f",
  requestId: "r",
  statusCode: 200,
  milliseconds: 12.3456,
  problem: undefined,
};

describe("metricLine", () => {
  it("is one line that defines each metric it carries, by function", () => {
    const text = metricLine(served, 1_700_000_000_000);
    const line = JSON.parse(text);
    const [definition] = line._aws.CloudWatchMetrics;

    assert.doesNotMatch(text, /\n/);
    assert.equal(line._aws.Timestamp, 1_700_000_000_000);
    assert.deepEqual(definition.Dimensions, [["FunctionName"]]);
    assert.deepEqual(
      definition.Metrics.map(({ Name }: { Name: string }) => [Name, line[Name]]),
      [
        ["ServedMilliseconds", 12.35],
        ["Failures", 0],
        ["Misconfigured", 0],
      ],
    );
  });

  it("keeps the cause for operators, cut to a length that a log can take", () => {
    const cause = Object.assign(new Error("m".repeat(5000)), {
      name: "ValidationError",
      $metadata: { httpStatusCode: 400, requestId: "sm" },
    });
    const line = JSON.parse(
      metricLine({
        ...served,
        statusCode: 500,
        problem: new Problem(500, "misconfigured", "why", { cause }),
      }),
    );

    assert.deepEqual([line.Failures, line.Misconfigured, line.code], [1, 1, "misconfigured"]);
    assert.deepEqual(line.cause, {
      name: "ValidationError",
      message: "m".repeat(500),
      httpStatusCode: 400,
      sagemakerRequestId: "sm",
    });
  });
});

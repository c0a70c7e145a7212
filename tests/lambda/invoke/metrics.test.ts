import assert from "node:assert/strict";
import { Problem } from "../../../lambda/invoke/errors";
import { metricLine, type Served } from "../../../lambda/invoke/metrics";
import type { Observation } from "../../../lambda/invoke/observation";

const observation: Observation = {
  functionName: "f",
  functionVersion: undefined,
  requestId: "r",
  correlationId: "c",
  traceId: undefined,
  coldStart: true,
  sources: ["url"],
  imageBytes: 7,
  retries: 1,
  modelMilliseconds: [10.005],
  downloadMilliseconds: [20],
};

const served: Served = { observation, statusCode: 200, milliseconds: 12.3456, problem: undefined };

describe("metricLine", () => {
  it("is one line that defines each metric it carries, by function", () => {
    const text = metricLine(served, 1_700_000_000_000);
    const line = JSON.parse(text);
    const [definition] = line._aws.CloudWatchMetrics;

    assert.doesNotMatch(text, /\n/);
    assert.equal(line._aws.Timestamp, 1_700_000_000_000);
    assert.equal(line._aws.CloudWatchMetrics.length, 1);
    assert.deepEqual(definition.Dimensions, [["FunctionName"]]);
    assert.deepEqual(
      definition.Metrics.map(({ Name, Unit }: { Name: string; Unit: string }) => [Name, Unit, line[Name]]),
      [
        ["ServedMilliseconds", "Milliseconds", 12.35],
        ["ColdStart", "Count", 1],
        ["Retries", "Count", 1],
        ["Failures", "Count", 0],
        ["Misconfigured", "Count", 0],
        ["ModelMilliseconds", "Milliseconds", [10.01]],
        ["DownloadMilliseconds", "Milliseconds", [20]],
      ],
    );
  });

  it("counts failures by the published version that ran too, for good answers as zero", () => {
    const versioned = { ...served, observation: { ...observation, functionVersion: "13" } };
    const [good, bad] = [versioned, { ...versioned, statusCode: 503 }].map((one) =>
      JSON.parse(metricLine(one)),
    );

    assert.deepEqual(good._aws.CloudWatchMetrics[1], {
      Namespace: "sagemaker-ops",
      Dimensions: [["FunctionName", "Version"]],
      Metrics: [{ Name: "Failures", Unit: "Count" }],
    });
    assert.deepEqual([good.Version, good.Failures, good._aws.CloudWatchMetrics.length], ["13", 0, 2]);
    assert.deepEqual([bad.FunctionName, bad.Version, bad.Failures], ["f", "13", 1]);
    assert.equal("Version" in JSON.parse(metricLine(served)), false);
  });

  it("defines no metric that it does not carry, which would make the line invalid", () => {
    const line = JSON.parse(
      metricLine({
        ...served,
        observation: { ...observation, retries: 0, modelMilliseconds: [], downloadMilliseconds: [] },
      }),
    );

    for (const { Name } of line._aws.CloudWatchMetrics[0].Metrics) assert.ok(Name in line, Name);
    assert.equal("ModelMilliseconds" in line, false);
    assert.equal(line.Retries, 0);
  });

  it("counts an error by its class, and not by anything that callers choose", () => {
    const line = JSON.parse(
      metricLine({ ...served, statusCode: 415, problem: new Problem(415, "unsupported-image", "why") }),
    );

    assert.deepEqual(line._aws.CloudWatchMetrics[1], {
      Namespace: "sagemaker-ops",
      Dimensions: [["FunctionName", "ErrorClass"]],
      Metrics: [{ Name: "Errors", Unit: "Count" }],
    });
    assert.deepEqual([line.Errors, line.ErrorClass, line.Failures], [1, "caller", 0]);
  });

  it("count a fault of the function's own as one that only operators can mend", () => {
    const problem = new Problem(500, "internal", "why", { cause: new TypeError("x is undefined") });
    const line = JSON.parse(metricLine({ ...served, statusCode: 500, problem }));

    assert.deepEqual(
      [line.Failures, line.Misconfigured, line.code, line.ErrorClass],
      [1, 1, "internal", "internal"],
    );
  });

  it("keeps the cause for operators, cut to a length that a log can take", () => {
    const cause = Object.assign(new Error("m ".repeat(2500)), {
      name: "ValidationError",
      code: "ECONNRESET",
      $metadata: { httpStatusCode: 400, requestId: "sm" },
    });
    const line = JSON.parse(
      metricLine({
        ...served,
        statusCode: 500,
        problem: new Problem(500, "misconfigured", "why", { cause }),
      }),
    );

    assert.deepEqual(
      [line.Failures, line.Misconfigured, line.code, line.ErrorClass],
      [1, 1, "misconfigured", "misconfigured"],
    );
    assert.deepEqual(line.cause, {
      name: "ValidationError",
      message: "m ".repeat(250),
      code: "ECONNRESET",
      httpStatusCode: 400,
      sagemakerRequestId: "sm",
    });
  });

  it("keeps no text of what a parser could not read", () => {
    const cause = new SyntaxError('Unexpected token in "secret"');
    const text = metricLine({
      ...served,
      statusCode: 502,
      problem: new Problem(502, "invalid-answer", "why", { cause }),
    });

    assert.doesNotMatch(text, /secret/);
    assert.equal(JSON.parse(text).cause.name, "SyntaxError");
  });
});

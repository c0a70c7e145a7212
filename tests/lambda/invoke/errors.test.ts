import assert from "node:assert/strict";
import { isWorthASecondAttempt, Problem, problemOf } from "../../../lambda/invoke/errors";

const withStatus = (httpStatusCode: number, rest: object = {}) => ({
  $metadata: { httpStatusCode },
  ...rest,
});

describe("problemOf", () => {
  const table: readonly [string, unknown, number, string][] = [
    ["a programming error", new TypeError("x is undefined"), 500, "internal"],
    ["something thrown that is no error", "text", 500, "internal"],
    ["nothing", undefined, 500, "internal"],
    ["a refused connection", Object.assign(new Error(), { code: "ECONNREFUSED" }), 502, "endpoint-failed"],
    [
      "a reset that the SDK calls a timeout",
      Object.assign(new Error(), { name: "TimeoutError", code: "ECONNRESET" }),
      502,
      "endpoint-failed",
    ],
    ["a timeout", Object.assign(new Error(), { name: "TimeoutError" }), 504, "endpoint-timeout"],
    ["an abort", Object.assign(new Error(), { name: "AbortError" }), 504, "endpoint-timeout"],
    ["a body that the endpoint finds too large", withStatus(413), 413, "image-too-large"],
    ["a status that nobody expects", withStatus(599), 502, "endpoint-failed"],
    ["a ModelError without the model's status", withStatus(424), 502, "model-failed"],
    [
      "a broken 503 that failed to parse",
      withStatus(503, { name: "SyntaxError" }),
      503,
      "endpoint-unavailable",
    ],
  ];
  for (const [title, error, status, code] of table) {
    it(`makes ${status} ${code} of ${title}`, () => {
      const problem = problemOf(error);

      assert.deepEqual([problem.status, problem.code], [status, code]);
      assert.equal(problem.cause, error);
    });
  }

  it("leaves a problem as it is", () => {
    const problem = new Problem(400, "malformed-request", "why");

    assert.equal(problemOf(problem), problem);
  });
});

describe("isWorthASecondAttempt", () => {
  const table: readonly [string, unknown, boolean][] = [
    ["a cut connection", { code: "ECONNRESET" }, true],
    ["a broken pipe", { code: "EPIPE" }, true],
    ["a failed dependency", withStatus(530), true],
    ["an overloaded endpoint", withStatus(503), false],
    ["throttling", withStatus(400, { name: "ThrottlingException" }), false],
    ["a model error", withStatus(424), false],
    ["a timeout", { name: "TimeoutError" }, false],
    ["nothing", undefined, false],
  ];
  for (const [title, error, expected] of table) {
    it(`is ${expected} for ${title}`, () => {
      assert.equal(isWorthASecondAttempt(error), expected);
    });
  }
});

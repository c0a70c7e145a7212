import assert from "node:assert/strict";
import { type ErrorClass, Problem, type ProblemCode } from "../../../lambda/invoke/errors";
import { isWorthASecondAttempt, problemOf } from "../../../lambda/invoke/failures";

const withStatus = (httpStatusCode: number, rest: object = {}) => ({
  $metadata: { httpStatusCode },
  ...rest,
});

const refused = (code: string) => ({ name: "FetchRefused", code, detail: "why" });

describe("problemOf", () => {
  const table: readonly [string, unknown, number, string][] = [
    ["a programming error", new TypeError("x is undefined"), 500, "internal"],
    ["something thrown that is no error", "text", 500, "internal"],
    ["nothing", undefined, 500, "internal"],
    ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].map(
      (reason): [string, unknown, number, string] => [
        `a connection that fails with ${reason}`,
        Object.assign(new Error(), { code: reason }),
        502,
        "endpoint-failed",
      ],
    ),
    [
      "a reset that the SDK calls a timeout",
      Object.assign(new Error(), { name: "TimeoutError", code: "ECONNRESET" }),
      502,
      "endpoint-failed",
    ],
    ["a timeout", Object.assign(new Error(), { name: "TimeoutError" }), 504, "endpoint-timeout"],
    ["an abort", Object.assign(new Error(), { name: "AbortError" }), 504, "endpoint-timeout"],
    ...[400, 401, 403, 404].map((status): [string, unknown, number, string] => [
      `a ${status}`,
      withStatus(status),
      500,
      "misconfigured",
    ]),
    ["a body that the endpoint finds too large", withStatus(413), 413, "image-too-large"],
    ["missing credentials", { name: "CredentialsProviderError" }, 500, "misconfigured"],
    ["an answer without end", { name: "TooLong" }, 502, "invalid-answer"],
    ["an answer that is no HTTP", { code: "HPE_INVALID_CONSTANT" }, 502, "endpoint-failed"],
    ["a refused host", refused("host-not-allowed"), 400, "host-not-allowed"],
    ["a download of too many bytes", refused("image-too-large"), 413, "image-too-large"],
    ["a download that is no image", refused("unsupported-image"), 415, "unsupported-image"],
    ["a download that takes too long", refused("fetch-timeout"), 504, "fetch-timeout"],
    ["a download with a code of its own", refused("new-code"), 400, "fetch-failed"],
    ["a status that nobody expects", withStatus(599), 502, "endpoint-failed"],
    ["a ModelError without the model's status", withStatus(424), 502, "model-failed"],
    [
      "a broken 503 that failed to parse",
      withStatus(503, { name: "SyntaxError" }),
      503,
      "endpoint-unavailable",
    ],
    ["a 503 that is too long to be read", withStatus(503, { name: "TooLong" }), 503, "endpoint-unavailable"],
    ["a 504 that is too long to be read", withStatus(504, { name: "TooLong" }), 504, "endpoint-timeout"],
    ["a 200 that is too long to be read", withStatus(200, { name: "TooLong" }), 502, "invalid-answer"],
    ["a 429 without a name", withStatus(429), 429, "throttled"],
    ["a 429 that failed to parse", withStatus(429, { name: "SyntaxError" }), 429, "throttled"],
    ["a 400 that names throttling", withStatus(400, { name: "ThrottlingException" }), 429, "throttled"],
    ["a 400 of too many requests", withStatus(400, { name: "TooManyRequestsException" }), 429, "throttled"],
    [
      "a 503 that names throttling",
      withStatus(503, { name: "ThrottlingException" }),
      503,
      "endpoint-unavailable",
    ],
    [
      "a model that is not loaded yet",
      withStatus(429, { name: "ModelNotReadyException" }),
      503,
      "endpoint-unavailable",
    ],
  ];
  for (const [title, error, status, code] of table) {
    it(`makes ${status} ${code} of ${title}`, () => {
      const problem = problemOf(error);

      assert.deepEqual([problem.status, problem.code], [status, code]);
      assert.equal(problem.cause, error);
      assert.equal("retry-after" in problem.headers, [429, 503].includes(status));
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
    ["a connection cut within the answer", { code: "ECONNRESET", ...withStatus(200) }, true],
    [
      "a connection that never came to be",
      { name: "TimeoutError", message: "the request socket did not establish a connection with the server" },
      true,
    ],
    ["a refused connection", { code: "ECONNREFUSED" }, false],
    ["nothing", undefined, false],
  ];
  for (const [title, error, expected] of table) {
    it(`is ${expected} for ${title}`, () => {
      assert.equal(isWorthASecondAttempt(error), expected);
    });
  }
});

describe("the class of a problem", () => {
  const table: readonly [number, ProblemCode, ErrorClass][] = [
    [400, "malformed-request", "caller"],
    [413, "image-too-large", "caller"],
    [422, "model-refused-input", "caller"],
    [429, "throttled", "throttled"],
    [500, "misconfigured", "misconfigured"],
    [500, "internal", "internal"],
    [502, "model-failed", "model"],
    [502, "invalid-answer", "model"],
    [502, "endpoint-failed", "endpoint"],
    [503, "endpoint-unavailable", "endpoint"],
    [503, "storage-unavailable", "endpoint"],
    [504, "endpoint-timeout", "timeout"],
    [504, "fetch-timeout", "timeout"],
  ];
  for (const [status, code, errorClass] of table) {
    it(`is ${errorClass} for ${status} ${code}`, () => {
      assert.equal(new Problem(status, code, "why").errorClass, errorClass);
    });
  }
});

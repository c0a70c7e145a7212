import assert from "node:assert/strict";
import { failureOf, logGroupOf } from "../../cli/core/invoke/failures";
import { problemOf } from "../../lambda/invoke/failures";

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly status?: number;
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
}

function thrown({ status, ...fields }: Thrown): Error {
  const $metadata = status === undefined ? undefined : { httpStatusCode: status };
  return Object.assign(new Error(fields.message), fields, { $metadata });
}

const endpoint = { what: "endpoint", name: "breeds" } as const;

/** Does not prove that AWS answers in these ways; the names and statuses are those of its API references. */
describe("failureOf", () => {
  const cases: readonly (readonly [Thrown, string, boolean, boolean])[] = [
    [{ name: "CredentialsProviderError" }, "no-credentials", true, true],
    [{ name: "ExpiredTokenException", status: 403 }, "credentials-expired", true, true],
    [{ name: "ExpiredToken", status: 400 }, "credentials-expired", true, true],
    [{ name: "UnrecognizedClientException", status: 403 }, "credentials-refused", true, true],
    [{ name: "InvalidSignatureException", status: 403 }, "credentials-refused", true, true],
    [{ name: "AccessDeniedException", status: 403 }, "no-permission", true, true],
    [{ name: "Error", message: "Region is missing" }, "no-region", true, true],
    [{ code: "ECONNREFUSED" }, "not-reached", true, true],
    [{ code: "ENOTFOUND" }, "not-reached", true, true],
    [{ name: "ResourceNotFoundException", status: 404 }, "not-found", true, false],
    [
      { name: "ValidationError", message: "Endpoint breeds not found.", status: 400 },
      "not-found",
      true,
      false,
    ],
    [{ name: "ValidationError", message: "Body too odd", status: 400 }, "refused", false, false],
    [{ name: "ModelError", status: 424, OriginalStatusCode: 400 }, "model-error", false, false],
    [{ name: "ThrottlingException", status: 400 }, "throttled", false, false],
    [{ name: "TooManyRequestsException", status: 429 }, "throttled", false, false],
    [{ status: 429 }, "throttled", false, false],
    [{ name: "ThrottlingException", status: 503 }, "not-ready", false, false],
    [{ name: "ModelNotReadyException", status: 429 }, "not-ready", false, false],
    [{ name: "ServiceUnavailable", status: 503 }, "not-ready", false, false],
    [{ name: "RequestEntityTooLargeException", status: 413 }, "too-large", false, false],
    [{ name: "SyntaxError", status: 504 }, "timeout", false, false],
    [{ name: "TimeoutError" }, "timeout", false, false],
    [{ name: "InternalFailure", status: 500 }, "failed", false, false],
    [{ name: "InternalDependencyException", status: 530 }, "failed", false, false],
  ];

  for (const [error, code, stops, unreachable] of cases) {
    it(`takes ${JSON.stringify(error)} for ${code}`, () => {
      const failure = failureOf(thrown(error), endpoint);

      assert.deepEqual([failure.code, failure.stops, failure.unreachable], [code, stops, unreachable]);
      assert.match(failure.cause, /[.…]$/);
      assert.match(failure.next, /\.$/);
    });
  }

  it("takes the same answers for throttling, for not ready and for too late as the function does", () => {
    const codes: Readonly<Record<string, string>> = {
      throttled: "throttled",
      "endpoint-unavailable": "not-ready",
      "endpoint-timeout": "timeout",
    };
    const names = [
      "",
      "ThrottlingException",
      "TooManyRequestsException",
      "ModelNotReadyException",
      "TooLong",
    ];
    for (const status of [413, 424, 429, 500, 502, 503, 504, 530]) {
      for (const name of names) {
        const error = thrown({ name, status });
        const ours = failureOf(error, endpoint).code;
        const told = codes[problemOf(error).code];

        assert.equal(Object.values(codes).includes(ours) ? ours : undefined, told, `${status} ${name}`);
      }
    }
  });

  it("says what the model said, in one line of bounded length", () => {
    const said = `${"Traceback\n  ".repeat(100)}`;

    const { cause } = failureOf(
      thrown({ name: "ModelError", status: 424, OriginalStatusCode: 500, OriginalMessage: said }),
      endpoint,
    );

    assert.match(cause, /^The model answered with status 500: Traceback Traceback/);
    assert.ok(cause.length < 260, `${cause.length} characters`);
    assert.doesNotMatch(cause, /\n/);
  });

  it("names the permission that the call needs", () => {
    const denied = thrown({ name: "AccessDeniedException", status: 403 });

    assert.equal(failureOf(denied, endpoint).next, "Allow sagemaker:InvokeEndpoint on it.");
    assert.equal(
      failureOf(denied, { what: "function", name: "f" }).next,
      "Allow lambda:InvokeFunction on it.",
    );
  });

  it("takes anything that is thrown", () => {
    for (const error of [undefined, null, "text", 1]) assert.equal(failureOf(error, endpoint).code, "failed");
  });
});

describe("logGroupOf", () => {
  it("finds the function's name in an ARN and before an alias", () => {
    assert.deepEqual(
      [
        "breeds",
        "breeds:live",
        "arn:aws:lambda:us-east-1:123456789012:function:breeds:7",
        "123456789012:function:breeds",
        "function:live",
      ].map((name) => logGroupOf({ what: "function", name })),
      [...Array(4).fill("/aws/lambda/breeds"), "/aws/lambda/function"],
    );
  });
});

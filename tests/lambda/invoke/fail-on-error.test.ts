import assert from "node:assert/strict";
import { awsError, context, jpeg, settings, withEndpoint } from "./fake-endpoint";

const image = jpeg.toString("base64");
const failOnError = { settings: { failOnError: true } };

/** Does not prove that Lambda repeats such a call and keeps it: that is Lambda's part, and the function's configuration. */
describe("FAIL_ON_ERROR", () => {
  const failing: readonly [string, Parameters<typeof withEndpoint>[0], string, string][] = [
    [
      "429",
      (r) => awsError(r, 400, "ThrottlingException"),
      "throttled",
      "The endpoint is overloaded. Try again later.",
    ],
    [
      "500",
      (r) => awsError(r, 403, "AccessDeniedException"),
      "misconfigured",
      "The endpoint cannot be called. Its operators are told.",
    ],
    ["502", (r) => r.writeHead(500).end("secret"), "endpoint-failed", "The endpoint failed."],
    [
      "503",
      (r) => awsError(r, 503, "ServiceUnavailable"),
      "endpoint-unavailable",
      "The endpoint is not ready. Try again later.",
    ],
    [
      "504",
      (r) => r.writeHead(504).end("secret"),
      "endpoint-timeout",
      "The endpoint did not answer in time.",
    ],
  ];
  for (const [status, respond, name, message] of failing) {
    it(`ends a call without an envelope in an error in place of ${status}, behind its log line`, async () => {
      await withEndpoint(
        respond,
        async ({ handler, lines }) => {
          const error = await handler({ image }, context()).catch((reason: unknown) => reason);

          assert.ok(error instanceof Error);
          // Lambda hands on name, message and stack; there is nothing of the code or the cause in them.
          assert.deepEqual([error.name, error.message, error.stack], [name, message, `${name}: ${message}`]);
          assert.equal(error.cause, undefined);
          const line = JSON.parse(lines[0] ?? "");
          assert.deepEqual([lines.length, String(line.statusCode), line.code], [1, status, name]);
        },
        failOnError,
      );
    });
  }

  const answered: readonly [string, unknown, number][] = [
    [
      "a request over HTTP, whose caller waits",
      { httpMethod: "POST", body: image, isBase64Encoded: true },
      503,
    ],
    ["an event that another attempt would not help", { image: "%%%%" }, 400],
    ["an image that is none", { image: Buffer.from("hello dog").toString("base64") }, 415],
    ["a health event", { health: true }, 200],
  ];
  for (const [title, event, status] of answered) {
    it(`leaves ${title} its answer, ${status}`, async () => {
      await withEndpoint(
        (response) => awsError(response, 503, "ServiceUnavailable"),
        async ({ handler }) => assert.equal((await handler(event, context())).statusCode, status),
        failOnError,
      );
    });
  }

  it("is off unless it is set: every failure is an answer", async () => {
    assert.equal(settings.failOnError, false);
    await withEndpoint(
      (response) => awsError(response, 503, "ServiceUnavailable"),
      async ({ handler }) => assert.equal((await handler({ image }, context())).statusCode, 503),
    );
  });
});

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { LookupFunction } from "node:net";
import { awsError, context, jpeg, withEndpoint } from "./fake-endpoint";

const direct = { image: jpeg.toString("base64") };
const modelJson = { "content-type": "application/json" };

describe("the answers of the invoke function to failures of the endpoint", () => {
  const failures: readonly {
    title: string;
    respond: (response: ServerResponse, attempt: number) => void;
    status: number;
    code: string;
    attempts: number;
    headers?: Record<string, string>;
    misconfigured?: boolean;
  }[] = [
    {
      title: "an input that the model refuses",
      respond: (r) =>
        awsError(r, 424, "ModelError", { OriginalStatusCode: 415, OriginalMessage: "secret stack trace" }),
      status: 422,
      code: "model-refused-input",
      attempts: 1,
    },
    {
      title: "a model that fails",
      respond: (r) =>
        awsError(r, 424, "ModelError", { OriginalStatusCode: 500, OriginalMessage: "secret stack trace" }),
      status: 502,
      code: "model-failed",
      attempts: 1,
    },
    {
      title: "a container whose queue is full",
      respond: (r) => awsError(r, 424, "ModelError", { OriginalStatusCode: 503 }),
      status: 503,
      code: "endpoint-unavailable",
      attempts: 1,
      headers: { "retry-after": "5" },
    },
    {
      title: "a container that has too many requests",
      respond: (r) => awsError(r, 424, "ModelError", { OriginalStatusCode: 429 }),
      status: 503,
      code: "endpoint-unavailable",
      attempts: 1,
      headers: { "retry-after": "5" },
    },
    {
      title: "a container whose worker takes too long",
      respond: (r) => awsError(r, 424, "ModelError", { OriginalStatusCode: 504 }),
      status: 504,
      code: "endpoint-timeout",
      attempts: 1,
    },
    {
      title: "a container that waited for the request",
      respond: (r) => awsError(r, 424, "ModelError", { OriginalStatusCode: 408 }),
      status: 504,
      code: "endpoint-timeout",
      attempts: 1,
    },
    {
      title: "throttling",
      respond: (r) => awsError(r, 400, "ThrottlingException"),
      status: 429,
      code: "throttled",
      attempts: 1,
      headers: { "retry-after": "1" },
    },
    {
      title: "throttling by another name",
      respond: (r) => awsError(r, 400, "TooManyRequestsException"),
      status: 429,
      code: "throttled",
      attempts: 1,
      headers: { "retry-after": "1" },
    },
    {
      title: "a model that is still loading",
      respond: (r) => awsError(r, 429, "ModelNotReadyException"),
      status: 503,
      code: "endpoint-unavailable",
      attempts: 1,
      headers: { "retry-after": "5" },
    },
    {
      title: "an endpoint that is unavailable",
      respond: (r) => awsError(r, 503, "ServiceUnavailable"),
      status: 503,
      code: "endpoint-unavailable",
      attempts: 1,
      headers: { "retry-after": "5" },
    },
    {
      title: "an endpoint that does not exist",
      respond: (r) => awsError(r, 400, "ValidationError"),
      status: 500,
      code: "misconfigured",
      attempts: 1,
      misconfigured: true,
    },
    {
      title: "a missing permission",
      respond: (r) => awsError(r, 403, "AccessDeniedException"),
      status: 500,
      code: "misconfigured",
      attempts: 1,
      misconfigured: true,
    },
    ...[401, 404].map((refused) => ({
      title: `a ${refused} that is not JSON`,
      respond: (r: ServerResponse) => r.writeHead(refused).end("secret proxy"),
      status: 500,
      code: "misconfigured",
      attempts: 1,
      misconfigured: true,
    })),
    {
      title: "an image that the endpoint finds too large",
      respond: (r) => r.writeHead(413).end("secret proxy"),
      status: 413,
      code: "image-too-large",
      attempts: 1,
    },
    {
      title: "an internal failure",
      respond: (r) => awsError(r, 500, "InternalFailure"),
      status: 502,
      code: "endpoint-failed",
      attempts: 1,
    },
    {
      title: "a dependency that keeps failing, after a second attempt",
      respond: (r) => awsError(r, 530, "InternalDependencyException"),
      status: 502,
      code: "endpoint-failed",
      attempts: 2,
    },
    {
      title: "connections that are cut, after a second attempt",
      respond: (r) => {
        r.socket?.resetAndDestroy();
      },
      status: 502,
      code: "endpoint-failed",
      attempts: 2,
    },
    {
      title: "connections that are closed in good order before an answer, after a second attempt",
      respond: (r) => {
        r.socket?.end();
      },
      status: 502,
      code: "endpoint-failed",
      attempts: 2,
    },
    {
      title: "answers that break off, after a second attempt",
      respond: (r) => {
        r.writeHead(200, { ...modelJson, "content-length": "100" }).write("[[1,2,", () =>
          r.socket?.resetAndDestroy(),
        );
      },
      status: 502,
      code: "endpoint-failed",
      attempts: 2,
    },
    {
      title: "errors that break off, after a second attempt",
      respond: (r) => {
        r.writeHead(500, { ...modelJson, "content-length": "100" }).write("{", () =>
          r.socket?.resetAndDestroy(),
        );
      },
      status: 502,
      code: "endpoint-failed",
      attempts: 2,
    },
    {
      title: "an answer that is no HTTP",
      respond: (r) => {
        r.socket?.end("secret SSH-2.0 banner\r\n\r\n");
      },
      status: 502,
      code: "endpoint-failed",
      attempts: 1,
    },
    {
      title: "a gateway's 504 that is not JSON",
      respond: (r) => r.writeHead(504, { "content-type": "text/html" }).end("<html>secret gateway</html>"),
      status: 504,
      code: "endpoint-timeout",
      attempts: 1,
    },
    {
      title: "a gateway's 503 that is not JSON",
      respond: (r) => r.writeHead(503, { "content-type": "text/html" }).end("<html>secret gateway</html>"),
      status: 503,
      code: "endpoint-unavailable",
      attempts: 1,
      headers: { "retry-after": "5" },
    },
    {
      title: "a gateway's 429 that is not JSON",
      respond: (r) => r.writeHead(429, { "content-type": "text/html" }).end("<html>secret gateway</html>"),
      status: 429,
      code: "throttled",
      attempts: 1,
      headers: { "retry-after": "1" },
    },
    {
      title: "a 503 of two megabytes",
      respond: (r) => r.writeHead(503, { "content-type": "text/html" }).end(" ".repeat(2 ** 21)),
      status: 503,
      code: "endpoint-unavailable",
      attempts: 1,
      headers: { "retry-after": "5" },
    },
    {
      title: "a 502 without a body",
      respond: (r) => r.writeHead(502).end(),
      status: 502,
      code: "endpoint-failed",
      attempts: 1,
    },
    {
      title: "an answer of the wrong length",
      respond: (r) => r.writeHead(200).end("[[1,2]]"),
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
    {
      title: "an answer that is not JSON",
      respond: (r) => r.writeHead(200).end("secret NaN"),
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
    {
      title: "an answer of another type",
      respond: (r) => r.writeHead(200, { "content-type": "text/html" }).end("<html>secret</html>"),
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
    {
      title: "an empty answer",
      respond: (r) => r.writeHead(200, modelJson).end(),
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
    {
      title: "an answer with a number that is not finite",
      respond: (r) => r.writeHead(200, modelJson).end("[[1,2,1e999]]"),
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
    {
      title: "an answer of two megabytes",
      respond: (r) => r.writeHead(200, modelJson).end(`[[${" ".repeat(2 ** 21)}1,2,3]]`),
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
    {
      title: "an answer without end",
      respond: (r) => {
        r.writeHead(200, modelJson);
        const chunk = Buffer.alloc(65_536, " ");
        const more = (): void => {
          while (!r.destroyed && r.write(chunk));
          if (!r.destroyed) r.once("drain", more);
        };
        more();
      },
      status: 502,
      code: "invalid-answer",
      attempts: 1,
    },
  ];
  for (const { title, respond, status, code, attempts, headers, misconfigured } of failures) {
    it(`are ${status} ${code} to ${title}, and leak nothing`, async () => {
      await withEndpoint(respond, async ({ handler, seen, lines }) => {
        const answer = await handler(direct, context());

        assert.equal(answer.statusCode, status, answer.body);
        assert.deepEqual(answer.headers, { "content-type": "application/problem+json", ...headers });
        const problem = JSON.parse(answer.body);
        assert.deepEqual(Object.keys(problem), ["type", "title", "status", "detail", "code", "requestId"]);
        assert.deepEqual([problem.code, problem.status, problem.requestId], [code, status, "request-1"]);
        assert.match(problem.detail, /^The (?:endpoint|model)\b/);
        assert.doesNotMatch(answer.body, /arn:|secret|127\.0\.0\.1|node_modules/);
        assert.equal(seen.length, attempts);
        const line = JSON.parse(lines[0] ?? "");
        assert.equal(line.Retries, attempts - 1);
        assert.equal(line.Misconfigured, misconfigured === true ? 1 : 0);
        assert.equal(line.Failures, status >= 500 ? 1 : 0);
        assert.equal(line.code, code);
      });
    });
  }

  it("tell operators by which code the container refused, and none of its words", async () => {
    const problem = { type: "about:blank", detail: "The words of the container", code: "damaged-image" };
    const OriginalMessage = JSON.stringify(problem);
    const message = `Received client error (422) from primary with message "${OriginalMessage}".`;
    await withEndpoint(
      (r) => awsError(r, 424, "ModelError", { message, OriginalStatusCode: 422, OriginalMessage }),
      async ({ handler, lines }) => {
        await handler(direct, context());

        assert.deepEqual(JSON.parse(lines[0] ?? "").cause, {
          name: "ModelError",
          httpStatusCode: 424,
          originalStatusCode: 422,
          originalCode: "damaged-image",
        });
      },
    );
  });

  it("are none when the second attempt succeeds", async () => {
    await withEndpoint(
      (response, attempt) => {
        if (attempt === 1) response.socket?.resetAndDestroy();
        else response.writeHead(200).end("[[1,2,3]]");
      },
      async ({ handler, seen, lines }) => {
        assert.equal((await handler(direct, context())).statusCode, 200);
        assert.equal(seen.length, 2);
        assert.deepEqual(seen[1]?.body, jpeg);
        assert.equal(JSON.parse(lines[0] ?? "").Retries, 1);
      },
    );
  });

  it("are none for a connection that the endpoint closed while the environment was idle", async () => {
    await withEndpoint(
      (response) => {
        response.writeHead(200).end("[[1,2,3]]", () => setImmediate(() => response.socket?.destroy()));
      },
      async ({ handler }) => {
        for (let call = 0; call < 5; call++) assert.equal((await handler(direct, context())).statusCode, 200);
      },
    );
  });

  it("are none for connections that all died while the environment was frozen", async () => {
    const used = new Map<unknown, number>();
    await withEndpoint(
      (response) => {
        const { socket } = response;
        used.set(socket, (used.get(socket) ?? 0) + 1);
        if (used.get(socket) === 2) socket?.resetAndDestroy();
        else response.writeHead(200).end("[[1,2,3]]");
      },
      async ({ handler, lines, connections }) => {
        const images = Array.from({ length: 3 }, () => direct.image);
        assert.equal((await handler({ images }, context())).statusCode, 200);
        assert.equal(connections().open, 3);

        assert.equal((await handler(direct, context())).statusCode, 200);
        assert.equal(JSON.parse(lines[1] ?? "").Retries, 1);
      },
      { settings: { maxBatch: 3 } },
    );
  });

  it("are 502 endpoint-failed where the endpoint's name does not resolve", async () => {
    const lookup: LookupFunction = (hostname, _, done) =>
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" }), "", 4);
    await withEndpoint(
      () => undefined,
      async ({ handler, lines }) => {
        const answer = await handler(direct, context());

        assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [502, "endpoint-failed"]);
        assert.equal(JSON.parse(lines[0] ?? "").cause.code, "ENOTFOUND");
      },
      { client: { endpoint: "http://runtime.invalid", requestHandler: { httpAgent: { lookup } } } },
    );
  });

  it("tell an operator of missing credentials, and call nothing", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, seen }) => {
        const answer = await handler(direct, context());

        assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [500, "misconfigured"]);
        assert.equal(seen.length, 0);
      },
      {
        client: {
          credentials: async () => {
            throw Object.assign(new Error("none"), { name: "CredentialsProviderError" });
          },
        },
      },
    );
  });

  it("refuse bad input without a call", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, seen }) => {
        const answer = await handler({ url: "https://169.254.169.254/latest" }, context());

        assert.equal(answer.statusCode, 400);
        assert.equal(JSON.parse(answer.body).code, "url-not-accepted");
        assert.doesNotMatch(answer.body, /169\.254/);
        assert.equal(seen.length, 0);
      },
    );
  });
});

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { readLogits } from "../../../lambda/invoke/core";
import { awsError, context, digest, jpeg, png, settings, withEndpoint } from "./fake-endpoint";

const direct = { image: jpeg.toString("base64") };

describe("the invoke function against an HTTP endpoint", () => {
  it("sends the bytes to the one endpoint and returns the logits and the model's digest", async () => {
    await withEndpoint(
      (response) => {
        response
          .writeHead(200, {
            "content-type": "application/json",
            "x-amzn-sagemaker-custom-attributes": `model-sha256=${digest}`,
          })
          .end("[[1.5,-2,0.25]]");
      },
      async ({ handler, seen, lines }) => {
        const answer = await handler(direct, context());

        assert.deepEqual(answer, {
          statusCode: 200,
          headers: { "content-type": "application/json", "x-model-sha256": digest },
          body: "[[1.5,-2,0.25]]",
        });
        assert.equal(seen.length, 1);
        assert.equal(seen[0]?.url, `/endpoints/${settings.endpointName}/invocations`);
        assert.equal(seen[0]?.headers["content-type"], "image/jpeg");
        assert.equal(seen[0]?.headers.accept, "application/json");
        assert.deepEqual(seen[0]?.body, jpeg);
        assert.equal(lines.length, 1);
        const line = JSON.parse(lines[0] ?? "");
        assert.deepEqual(
          [line.statusCode, line.Failures, line.Misconfigured, line.requestId],
          [200, 0, 0, "request-1"],
        );
      },
    );
  });

  it("says nothing of a digest that the container does not tell", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, seen }) => {
        const answer = await handler({ image: png.toString("base64") }, context());

        assert.deepEqual(answer.headers, { "content-type": "application/json" });
        assert.equal(seen[0]?.headers["content-type"], "image/png");
      },
    );
  });

  it("answers a health event without a call and without a log line", async () => {
    await withEndpoint(
      (response) => response.writeHead(500).end(),
      async ({ handler, seen, lines }) => {
        const answer = await handler({ health: true }, context());

        assert.equal(answer.statusCode, 200);
        assert.deepEqual(JSON.parse(answer.body), { status: "ok", model: "breeds" });
        assert.deepEqual([seen, lines], [[], []]);
      },
    );
  });

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
      title: "throttling",
      respond: (r) => awsError(r, 400, "ThrottlingException"),
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
      title: "a gateway's answer that is not JSON",
      respond: (r) => r.writeHead(504, { "content-type": "text/html" }).end("<html>secret gateway</html>"),
      status: 504,
      code: "endpoint-timeout",
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
  ];
  for (const { title, respond, status, code, attempts, headers, misconfigured } of failures) {
    it(`answers ${status} ${code} to ${title}, and leaks nothing`, async () => {
      await withEndpoint(respond, async ({ handler, seen, lines }) => {
        const answer = await handler(direct, context());

        assert.equal(answer.statusCode, status);
        assert.deepEqual(answer.headers, { "content-type": "application/problem+json", ...headers });
        const problem = JSON.parse(answer.body);
        assert.deepEqual(Object.keys(problem), ["type", "title", "status", "detail", "code", "requestId"]);
        assert.deepEqual([problem.code, problem.status, problem.requestId], [code, status, "request-1"]);
        assert.doesNotMatch(answer.body, /arn:|secret|127\.0\.0\.1|node_modules/);
        assert.equal(seen.length, attempts);
        const line = JSON.parse(lines[0] ?? "");
        assert.equal(line.Misconfigured, misconfigured === true ? 1 : 0);
        assert.equal(line.Failures, status >= 500 ? 1 : 0);
        assert.equal(line.code, code);
      });
    });
  }

  it("serves the second attempt after a connection that was cut", async () => {
    await withEndpoint(
      (response, attempt) => {
        if (attempt === 1) response.socket?.resetAndDestroy();
        else response.writeHead(200).end("[[1,2,3]]");
      },
      async ({ handler, seen }) => {
        assert.equal((await handler(direct, context())).statusCode, 200);
        assert.equal(seen.length, 2);
      },
    );
  });

  it("gives up before Lambda's time is over when the endpoint never answers, and does not try again", async () => {
    await withEndpoint(
      () => undefined,
      async ({ handler, seen }) => {
        const started = performance.now();
        const answer = await handler(direct, context(650));
        const milliseconds = performance.now() - started;

        assert.equal(answer.statusCode, 504);
        assert.equal(JSON.parse(answer.body).code, "endpoint-timeout");
        assert.equal(seen.length, 1);
        assert.ok(milliseconds >= 390 && milliseconds < 2000, `took ${milliseconds} ms`);
      },
    );
  });

  it("calls nothing when no time is left", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, seen }) => {
        assert.equal((await handler(direct, context(200))).statusCode, 504);
        assert.equal(seen.length, 0);
      },
    );
  });

  it("refuses bad input without a call", async () => {
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

describe("readLogits", () => {
  it("returns the numbers of the one row", () => {
    assert.deepEqual(readLogits("[[1e-3, -2.5, 3]]", 3), [0.001, -2.5, 3]);
  });

  for (const text of [
    "",
    "[]",
    "[[1,2,3],[1,2,3]]",
    "[1,2,3]",
    "[[1,2,null]]",
    '[[1,2,"3"]]',
    "[[1,2,1e999]]",
    "[[1,2,3,4]]",
    '{"0":[1,2,3]}',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readLogits(text, 3), { name: "Problem", status: 502, code: "invalid-answer" });
    });
  }
});

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { keptEnvironment } from "../../support/environment";
import { awsError, context, digest, jpeg, png, settings, withEndpoint } from "./fake-endpoint";

const image = jpeg.toString("base64");
const direct = { image };
const modelJson = { "content-type": "application/json" };

describe("the invoke function against an HTTP endpoint", () => {
  it("sends the bytes to the one endpoint and returns the logits and the model's digest", async () => {
    await withEndpoint(
      (response) => {
        response
          .writeHead(200, { ...modelJson, "x-amzn-sagemaker-custom-attributes": `model-sha256=${digest}` })
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

  it("answers the event of the hand-made function with the bytes that json.dumps makes of the logits", async () => {
    const python = "[[-0.12379290163516998, 1e-05, 2.0]]";
    await withEndpoint(
      (response) => response.writeHead(200, modelJson).end(python),
      async ({ handler, seen }) => {
        const answer = await handler({ url: "https://s3.amazonaws.com/dogs/dog.jpg" }, context());

        assert.deepEqual(answer, {
          statusCode: 200,
          headers: { "content-type": "application/json", "access-control-allow-origin": "*", ...exposed },
          body: python,
        });
        assert.deepEqual(seen[0]?.body, jpeg);
      },
      {
        settings: { imageHosts: ["s3.amazonaws.com"], allowedOrigins: ["*"] },
        services: { fetchImage: async () => jpeg },
      },
    );
  });

  it("hands a download its limits: hosts, bytes, and what is left of the time", async () => {
    const asked: unknown[] = [];
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler }) => {
        const before = Date.now();
        await handler({ url: "https://example.org/dog.jpg" }, context(1250));
        const [[url, limits]] = asked as [[string, { deadline: number; hosts: string[]; maxBytes: number }]];

        assert.deepEqual(
          [url, limits.hosts, limits.maxBytes],
          ["https://example.org/dog.jpg", ["example.org"], 500],
        );
        const left = limits.deadline - before;
        assert.ok(left > 800 && left <= 1100, `${left} ms`);
      },
      {
        settings: { imageHosts: ["example.org"], maxFetchBytes: 500 },
        services: {
          fetchImage: async (...args) => {
            asked.push(args);
            return png;
          },
        },
      },
    );
  });

  it("sends nothing that is no image of bounded size to the endpoint, whatever a download brings", async () => {
    const downloads: readonly [Buffer, number, string][] = [
      [Buffer.alloc(1001, jpeg), 413, "image-too-large"],
      [Buffer.from("<svg/>"), 415, "unsupported-image"],
    ];
    for (const [bytes, status, code] of downloads) {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler, seen }) => {
          const answer = await handler({ url: "https://example.org/dog.jpg" }, context());

          assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [status, code]);
          assert.equal(seen.length, 0);
        },
        { settings: { imageHosts: ["*"] }, services: { fetchImage: async () => bytes } },
      );
    }
  });

  it("answers with labels and probabilities when asked, with as many as asked for", async () => {
    await withEndpoint(
      (response) =>
        response
          .writeHead(200, { "x-amzn-sagemaker-custom-attributes": `model-sha256=${digest}` })
          .end("[[0, 1.0986122886681098, 0, 0, 0, 0, 0, 0]]"),
      async ({ handler }) => {
        const answer = await handler({ image, top: 6 }, context());
        const { model, predictions } = JSON.parse(answer.body);

        assert.deepEqual(answer.headers, {
          "content-type": "application/vnd.sagemaker-ops.labels+json",
          "x-model-sha256": digest,
          "access-control-allow-origin": "*",
          ...exposed,
        });
        assert.equal(model, "breeds");
        assert.deepEqual(
          predictions[0].map((label: { index: number; label: string; probability: number }) => [
            label.index,
            label.label,
            label.probability.toFixed(6),
          ]),
          [
            [1, "Beagle", "0.300000"],
            [0, "Akita", "0.100000"],
            [2, "Borzoi", "0.100000"],
            [3, "Briard", "0.100000"],
            [4, "Collie", "0.100000"],
            [5, "Kuvasz", "0.100000"],
          ],
        );
      },
      {
        settings: { classCount: 8, allowedOrigins: ["*"] },
        services: {
          labels: ["Akita", "Beagle", "Borzoi", "Briard", "Collie", "Kuvasz", "Mastiff", "Pointer"],
        },
      },
    );
  });

  it("works on eight images of a batch at once", async () => {
    let working = 0;
    let most = 0;
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, seen }) => {
        const url = "https://example.org/dog.jpg";
        const answer = await handler({ images: Array.from({ length: 20 }, () => ({ url })) }, context());

        assert.deepEqual([answer.statusCode, seen.length, most], [200, 20, 8]);
      },
      {
        settings: { maxBatch: 100, imageHosts: ["*"] },
        services: {
          fetchImage: async () => {
            working += 1;
            most = Math.max(most, working);
            await new Promise((resolve) => setImmediate(resolve));
            working -= 1;
            return jpeg;
          },
        },
      },
    );
  });

  it("answers a batch in its own order, one call per image", async () => {
    await withEndpoint(
      (response, _, { body }) => {
        const row = body.equals(jpeg) ? "[[1, 2, 3]]" : "[ [4,  5, 6] ]\n";
        setTimeout(() => response.writeHead(200).end(row), body.equals(jpeg) ? 40 : 0);
      },
      async ({ handler, seen, lines }) => {
        const answer = await handler({ images: [image, png.toString("base64"), { image }] }, context());

        assert.equal(answer.body, "[[1, 2, 3], [4,  5, 6], [1, 2, 3]]");
        assert.equal(seen.length, 3);
        const line = JSON.parse(lines[0] ?? "");
        assert.equal(line.imageBytes, 2 * jpeg.length + png.length);
        assert.equal(line.ModelMilliseconds.length, 3);
        assert.deepEqual(line.sources, ["bytes", "bytes", "bytes"]);
      },
      { settings: { maxBatch: 3 } },
    );
  });

  it("answers a batch with the first failure and its position, and calls nothing after it", async () => {
    await withEndpoint(
      (response) => awsError(response, 424, "ModelError", { OriginalStatusCode: 400 }),
      async ({ handler, seen, connections }) => {
        const answer = await handler({ images: Array.from({ length: 50 }, () => image) }, context());

        assert.equal(answer.statusCode, 422);
        assert.match(JSON.parse(answer.body).detail, /^Image \d: The model could not read the image\.$/);
        assert.ok(seen.length <= 8, `${seen.length} calls`);
        assert.ok(connections().opened <= 8);
      },
      { settings: { maxBatch: 100 } },
    );
  });

  it("tells the caller of a throttled batch when to come back, and operators of the cause", async () => {
    await withEndpoint(
      (response) => awsError(response, 400, "ThrottlingException"),
      async ({ handler, lines }) => {
        const answer = await handler({ images: [image, image] }, context());

        assert.deepEqual([answer.statusCode, answer.headers["retry-after"]], [429, "1"]);
        assert.match(JSON.parse(answer.body).detail, /^Image \d: The endpoint is overloaded\./);
        assert.equal(JSON.parse(lines[0] ?? "").cause.name, "ThrottlingException");
      },
      { settings: { maxBatch: 2 } },
    );
  });

  it("has a connection for each of 100 calls at once", async () => {
    const waiting: ServerResponse[] = [];
    await withEndpoint(
      (response) => {
        waiting.push(response);
        // Nobody is answered before all have asked: a call that waits for a connection would wait forever.
        if (waiting.length === 100) for (const one of waiting) one.writeHead(200).end("[[1,2,3]]");
      },
      async ({ handler, connections }) => {
        const answers = await Promise.all(Array.from({ length: 100 }, () => handler(direct, context())));

        assert.ok(answers.every(({ statusCode }) => statusCode === 200));
        assert.equal(connections().opened, 100);
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

  it("tells each digest once when two models answered one batch", async () => {
    await withEndpoint(
      (response, attempt) => {
        const attributes = `model-sha256=${(attempt === 1 ? "a" : "b").repeat(64)}`;
        response.writeHead(200, { "x-amzn-sagemaker-custom-attributes": attributes }).end("[[1,2,3]]");
      },
      async ({ handler }) => {
        const { headers } = await handler({ images: [image, image, image] }, context());

        assert.deepEqual((headers["x-model-sha256"] ?? "").split(", ").sort(), [
          "a".repeat(64),
          "b".repeat(64),
        ]);
      },
      { settings: { maxBatch: 3 } },
    );
  });

  it("answers a health event without a call and without a log line", async () => {
    await withEndpoint(
      (response) => response.writeHead(500).end(),
      async ({ handler, seen, lines }) => {
        const answer = await handler({ health: true }, context());

        assert.deepEqual(answer, {
          statusCode: 200,
          headers: { "content-type": "application/json", "access-control-allow-origin": "*", ...exposed },
          body: '{"status":"ok","model":"breeds"}',
        });
        assert.deepEqual([seen, lines], [[], []]);
      },
      { settings: { allowedOrigins: ["*"] } },
    );
  });

  it("gives the endpoint the caller's correlation id, else the request's, and the trace", async () => {
    const restore = keptEnvironment();
    process.env.AWS_LAMBDA_FUNCTION_NAME = "f";
    process.env._X_AMZN_TRACE_ID = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
    try {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler, seen, lines }) => {
          await handler(post({ "x-correlation-id": "order-42" }), context());
          await handler(post({ "x-correlation-id": "two\r\nlines" }), context());

          assert.deepEqual(
            seen.map(({ headers }) => [
              headers["x-amzn-sagemaker-custom-attributes"],
              headers["x-amzn-trace-id"],
            ]),
            [
              ["correlation-id=order-42", process.env._X_AMZN_TRACE_ID],
              ["correlation-id=request-1", process.env._X_AMZN_TRACE_ID],
            ],
          );
          assert.deepEqual(
            lines.map((line) => {
              const { correlationId, traceId, ColdStart } = JSON.parse(line);
              return [correlationId, traceId, ColdStart];
            }),
            [
              ["order-42", "1-5759e988-bd862e3fe1be46a994272793", 1],
              ["request-1", "1-5759e988-bd862e3fe1be46a994272793", 0],
            ],
          );
        },
        { services: { traceHeader: () => process.env._X_AMZN_TRACE_ID } },
      );
    } finally {
      restore();
    }
  });
});

const exposed = { "access-control-expose-headers": "x-model-sha256, retry-after" };

/** A request through an API Gateway, in payload format 2.0. */
function post(headers: Record<string, string> = {}) {
  return {
    version: "2.0",
    requestContext: { http: { method: "POST" }, domainName: "abc.execute-api.us-east-1.amazonaws.com" },
    headers: { "content-type": "image/jpeg", ...headers },
    body: image,
    isBase64Encoded: true,
  };
}

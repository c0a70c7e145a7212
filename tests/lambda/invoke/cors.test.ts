import assert from "node:assert/strict";
import { context, jpeg, withEndpoint } from "./fake-endpoint";

const origin = "https://app.example.org";
const exposed = { "access-control-expose-headers": "x-model-sha256, retry-after" };

function api(fields: Record<string, unknown> = {}) {
  return {
    httpMethod: "POST",
    headers: { "Content-Type": "image/jpeg", Origin: origin },
    body: jpeg.toString("base64"),
    isBase64Encoded: true,
    requestContext: {},
    ...fields,
  };
}

const functionUrl = api({
  version: "2.0",
  requestContext: { domainName: "abc.lambda-url.us-east-1.on.aws", http: { method: "POST" } },
});

const cases: readonly [string, readonly string[], unknown, Record<string, string>][] = [
  ["none by default", [], api(), {}],
  [
    "the origin, where it is listed",
    [origin],
    api(),
    { "access-control-allow-origin": origin, ...exposed, vary: "origin" },
  ],
  ["no origin, where another is listed", ["https://b.example.org"], api(), { vary: "origin" }],
  [
    "no origin that only begins like a listed one",
    [origin],
    api({ headers: { "content-type": "image/jpeg", origin: `${origin}.evil.example` } }),
    { vary: "origin" },
  ],
  [
    "any origin, also for direct calls, as the hand-made function answered",
    ["*"],
    { image: jpeg.toString("base64") },
    { "access-control-allow-origin": "*", ...exposed },
  ],
  ["none on a Function URL, whose configuration adds them", ["*"], functionUrl, {}],
];

describe("the CORS headers of an answer", () => {
  for (const [title, allowedOrigins, event, expected] of cases) {
    it(`are ${title}`, async () => {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler }) => {
          const { statusCode, headers } = await handler(event, context());

          assert.equal(statusCode, 200);
          assert.deepEqual(headers, { "content-type": "application/json", ...expected });
        },
        { settings: { allowedOrigins } },
      );
    });
  }

  it("are on failures too, so that a page can read why", async () => {
    await withEndpoint(
      (response) => response.writeHead(500).end(),
      async ({ handler }) => {
        const { statusCode, headers } = await handler(api({ body: "%" }), context());

        assert.equal(statusCode, 400);
        assert.equal(headers["access-control-allow-origin"], origin);
      },
      { settings: { allowedOrigins: [origin] } },
    );
  });

  it("answer a preflight without a call and without a log line", async () => {
    await withEndpoint(
      (response) => response.writeHead(500).end(),
      async ({ handler, seen, lines }) => {
        const answer = await handler(api({ httpMethod: "OPTIONS", body: null }), context());

        assert.deepEqual(answer, {
          statusCode: 204,
          headers: {
            "access-control-allow-origin": origin,
            ...exposed,
            vary: "origin",
            "access-control-allow-methods": "POST",
            "access-control-allow-headers":
              "authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-api-key, x-correlation-id",
            "access-control-max-age": "3600",
          },
          body: "",
        });
        assert.deepEqual([seen, lines], [[], []]);
      },
      { settings: { allowedOrigins: [origin] } },
    );
  });

  it("tell a preflight from another origin nothing", async () => {
    await withEndpoint(
      (response) => response.writeHead(500).end(),
      async ({ handler }) => {
        const event = api({ httpMethod: "OPTIONS", headers: { origin: "https://evil.example" } });

        assert.deepEqual(await handler(event, context()), {
          statusCode: 204,
          headers: { vary: "origin" },
          body: "",
        });
      },
      { settings: { allowedOrigins: [origin] } },
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { Problem } from "../../../lambda/invoke/errors";
import { readEvent } from "../../../lambda/invoke/events";
import { jpeg, png } from "./fake-endpoint";

const image = jpeg.toString("base64");
const classified = { kind: "classify", image: { bytes: jpeg, contentType: "image/jpeg" } };

function url(fields: Record<string, unknown>) {
  return {
    version: "2.0",
    rawPath: "/",
    requestContext: { http: { method: "POST" } },
    headers: { "content-type": "image/jpeg" },
    ...fields,
  };
}

describe("readEvent", () => {
  const accepted: readonly [string, unknown, unknown][] = [
    ["a direct image", { image }, classified],
    ["a direct body", { body: image, isBase64Encoded: true }, classified],
    ["a Function URL event with a binary body", url({ body: image, isBase64Encoded: true }), classified],
    [
      "an image with a wrong content type: the bytes decide",
      url({ body: png.toString("base64"), isBase64Encoded: true }),
      { kind: "classify", image: { bytes: png, contentType: "image/png" } },
    ],
    [
      "a Function URL event with JSON",
      url({
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify({ image }),
      }),
      classified,
    ],
    [
      "JSON that the gateway has encoded",
      url({
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify({ image })).toString("base64"),
        isBase64Encoded: true,
      }),
      classified,
    ],
    [
      "a REST proxy event, headers in the client's case",
      {
        httpMethod: "POST",
        path: "/v1/classify",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ image }),
        isBase64Encoded: false,
        requestContext: {},
      },
      classified,
    ],
    ["a health event", { health: true }, { kind: "health" }],
    ["a warmer", { warmer: true }, { kind: "health" }],
    [
      "GET /health over HTTP",
      url({ rawPath: "/health", requestContext: { http: { method: "GET" } } }),
      { kind: "health" },
    ],
  ];
  for (const [title, event, expected] of accepted) {
    it(`reads ${title}`, () => {
      assert.deepEqual(readEvent(event, 1000), expected);
    });
  }

  const refused: readonly [string, unknown, number, string][] = [
    ["no object", null, 400, "malformed-request"],
    ["a list", [image], 400, "malformed-request"],
    ["an empty object", {}, 400, "malformed-request"],
    ["an address", { url: "https://example.com/dog.jpg" }, 400, "url-not-accepted"],
    ["an address beside an image", { url: "https://example.com/dog.jpg", image }, 400, "url-not-accepted"],
    ["an image that is a number", { image: 7 }, 400, "malformed-request"],
    ["an image that is not base64", { image: "%%%%" }, 400, "malformed-request"],
    ["unpadded base64", { image: "abc" }, 400, "malformed-request"],
    ["a text file", { image: Buffer.from("hello dog").toString("base64") }, 415, "unsupported-image"],
    ["a body above the limit", { image: Buffer.alloc(1001).toString("base64") }, 413, "image-too-large"],
    ["GET", url({ requestContext: { http: { method: "GET" } } }), 405, "method-not-allowed"],
    ["a POST without a body", url({}), 400, "malformed-request"],
    ["a POST with text", url({ body: "dog" }), 415, "unsupported-image"],
    [
      "JSON that is cut",
      url({ headers: { "content-type": "application/json" }, body: '{"image":' }),
      400,
      "malformed-request",
    ],
    [
      "JSON that is no object",
      url({ headers: { "content-type": "application/json" }, body: "[]" }),
      400,
      "malformed-request",
    ],
  ];
  for (const [title, event, status, code] of refused) {
    it(`answers ${status} ${code} to ${title}`, () => {
      assert.throws(() => readEvent(event, 1000), { name: "Problem", status, code });
    });
  }

  it("takes an image of exactly the limit", () => {
    const bytes = Buffer.concat([jpeg, Buffer.alloc(993)]);
    assert.equal(bytes.length, 1000);
    assert.equal(readEvent({ image: bytes.toString("base64") }, 1000).kind, "classify");
  });

  it("either reads any event or refuses it with a client error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record(
            {
              image: fc.anything(),
              body: fc.oneof(fc.string(), fc.base64String(), fc.anything()),
              isBase64Encoded: fc.anything(),
              httpMethod: fc.oneof(fc.constantFrom("POST", "GET"), fc.anything()),
              headers: fc.anything(),
              requestContext: fc.anything(),
              rawPath: fc.anything(),
            },
            { requiredKeys: [] },
          ),
        ),
        (event) => {
          try {
            return ["health", "classify"].includes(readEvent(event, 100).kind);
          } catch (error) {
            return error instanceof Problem && error.status >= 400 && error.status < 500;
          }
        },
      ),
    );
  });
});

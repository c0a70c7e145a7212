import assert from "node:assert/strict";
import fc from "fast-check";
import { Problem } from "../../../lambda/invoke/errors";
import { readEvent } from "../../../lambda/invoke/events";
import { jpeg, png, settings } from "./fake-endpoint";

const image = jpeg.toString("base64");
const bytes = { kind: "bytes", image: { bytes: jpeg, contentType: "image/jpeg" } };
const classified = { kind: "classify", sources: [bytes], top: undefined };

/** Everything that can be configured is on. */
const open = {
  ...settings,
  maxBatch: 3,
  imageHosts: ["*"],
  imageBuckets: ["pictures"],
  allowedOrigins: ["*"],
};

function url(fields: Record<string, unknown>) {
  return {
    version: "2.0",
    rawPath: "/",
    requestContext: { http: { method: "POST" } },
    headers: { "content-type": "image/jpeg" },
    ...fields,
  };
}

function get(rawPath: string) {
  return url({ rawPath, requestContext: { http: { method: "GET" } } });
}

const rest = {
  httpMethod: "POST",
  path: "/v1/classify",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ image }),
  isBase64Encoded: false,
  requestContext: {},
};

/** A wish for labels, however many. */
const labelled = {
  ...rest,
  headers: { ...rest.headers, Accept: "application/vnd.sagemaker-ops.labels+json" },
};

describe("readEvent", () => {
  const accepted: readonly [string, unknown, unknown][] = [
    ["a direct image", { image }, classified],
    ["a direct body", { body: image, isBase64Encoded: true }, classified],
    [
      "a wish for labels beside a direct body",
      { body: image, isBase64Encoded: true, top: 2 },
      { ...classified, top: 2 },
    ],
    [
      "a wish for labels of a binary body, in the query",
      url({ body: image, isBase64Encoded: true, queryStringParameters: { top: "2" } }),
      { ...classified, top: 2 },
    ],
    ["an image that is posted to a path of health", { ...rest, path: "/health" }, classified],
    [
      "JSON of a type of its own",
      { ...rest, headers: { "content-type": "application/vnd.x+json" } },
      classified,
    ],
    ["JSON in capitals", { ...rest, headers: { "content-type": "APPLICATION/JSON" } }, classified],
    ["a Function URL event with a binary body", url({ body: image, isBase64Encoded: true }), classified],
    [
      "an image with a wrong content type: the bytes decide",
      url({ body: png.toString("base64"), isBase64Encoded: true }),
      {
        ...classified,
        sources: [{ kind: "bytes", image: { bytes: png, contentType: "image/png" } }],
      },
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
    ["a REST proxy event, headers in the client's case", rest, classified],
    [
      "the event of the hand-made function",
      { url: "https://s3.amazonaws.com/dogs/Carolina-Dog.jpg" },
      { ...classified, sources: [{ kind: "url", url: "https://s3.amazonaws.com/dogs/Carolina-Dog.jpg" }] },
    ],
    [
      "an S3 address",
      { s3: "s3://pictures/a b/dog.jpg" },
      { ...classified, sources: [{ kind: "s3", bucket: "pictures", key: "a b/dog.jpg" }] },
    ],
    [
      "an S3 reference",
      { s3: { bucket: "pictures", key: "dog.jpg" } },
      { ...classified, sources: [{ kind: "s3", bucket: "pictures", key: "dog.jpg" }] },
    ],
    [
      "a batch of all of them",
      { images: [image, { url: "https://example.org/dog.png" }, { s3: "s3://pictures/dog.jpg" }], top: 2 },
      {
        kind: "classify",
        sources: [
          bytes,
          { kind: "url", url: "https://example.org/dog.png" },
          { kind: "s3", bucket: "pictures", key: "dog.jpg" },
        ],
        top: 2,
      },
    ],
    [
      "an S3 key of 1024 bytes",
      { s3: { bucket: "pictures", key: "é".repeat(512) } },
      { ...classified, sources: [{ kind: "s3", bucket: "pictures", key: "é".repeat(512) }] },
    ],
    ["a wish for labels", { image, top: 3 }, { ...classified, top: 3 }],
    ["a wish for labels that is null", { image, top: null }, classified],
    [
      "a wish for labels in the query, which a REST API hands over as text",
      { ...rest, queryStringParameters: { top: "1" } },
      { ...classified, top: 1 },
    ],
    ["a query that is null", { ...rest, queryStringParameters: null }, classified],
    [
      "a wish for labels by media type: as many as there are, up to five",
      labelled,
      { ...classified, top: 3 },
    ],
    [
      "the number in the query before that of the media type",
      { ...labelled, queryStringParameters: { top: "1" } },
      { ...classified, top: 1 },
    ],
    [
      "the number in the body before that of the media type",
      { ...labelled, body: JSON.stringify({ image, top: 2 }) },
      { ...classified, top: 2 },
    ],
    [
      "the number in the query before that in the body",
      { ...rest, body: JSON.stringify({ image, top: 3 }), queryStringParameters: { top: "2" } },
      { ...classified, top: 2 },
    ],
    ["a preflight", { ...rest, httpMethod: "OPTIONS", body: null }, { kind: "preflight" }],
    ["a health event", { health: true }, { kind: "health" }],
    ["a warmer", { warmer: true }, { kind: "health" }],
    ["a health event in a body of JSON", { ...rest, body: '{"health":true}' }, { kind: "health" }],
    [
      "a warmer in a body of JSON that the gateway has encoded",
      url({
        headers: { "content-type": "application/json" },
        body: Buffer.from('{"warmer": true}').toString("base64"),
        isBase64Encoded: true,
      }),
      { kind: "health" },
    ],
    ...["/health", "/health/", "/v1/health"].map((path): [string, unknown, unknown] => [
      `GET ${path} over HTTP`,
      get(path),
      { kind: "health" },
    ]),
    ["GET /health of a REST API", { ...rest, httpMethod: "GET", path: "/health" }, { kind: "health" }],
  ];
  for (const [title, event, expected] of accepted) {
    it(`reads ${title}`, () => {
      assert.deepEqual(readEvent(event, open), expected);
    });
  }

  const refused: readonly [string, unknown, number, string][] = [
    ["no object", null, 400, "malformed-request"],
    ["a list", [image], 400, "malformed-request"],
    ["an empty object", {}, 400, "malformed-request"],
    ["a URL beside an image", { url: "https://example.com/dog.jpg", image }, 400, "malformed-request"],
    ["a URL that is empty", { url: "" }, 400, "malformed-request"],
    ["a URL that is no text", { url: ["https://example.com/dog.jpg"] }, 400, "malformed-request"],
    ["another bucket", { s3: "s3://other/dog.jpg" }, 400, "object-not-accepted"],
    ["a key that climbs", { s3: "s3://pictures/a/../../other/dog.jpg" }, 400, "object-not-accepted"],
    ["a key that stays", { s3: "s3://pictures/a/./dog.jpg" }, 400, "object-not-accepted"],
    [
      "a key with half a character",
      { s3: { bucket: "pictures", key: "\ud800" } },
      400,
      "object-not-accepted",
    ],
    ["an S3 address without a key", { s3: "s3://pictures/" }, 400, "malformed-request"],
    ["an S3 address of another scheme", { s3: "https://pictures/dog.jpg" }, 400, "malformed-request"],
    [
      "a key of more than 1024 bytes",
      { s3: { bucket: "pictures", key: "é".repeat(513) } },
      400,
      "malformed-request",
    ],
    ["an empty batch", { images: [] }, 400, "malformed-request"],
    ["a batch that is no list", { images: image }, 400, "malformed-request"],
    ["a batch beside an image", { images: [image], image }, 400, "malformed-request"],
    ["a batch above the limit", { images: [image, image, image, image] }, 400, "too-many-images"],
    ["a batch with something else in it", { images: [image, 7] }, 400, "malformed-request"],
    ["a batch within a batch", { images: [{ images: [image] }] }, 400, "malformed-request"],
    ["no labels", { image, top: 0 }, 400, "malformed-request"],
    ["more labels than classes", { image, top: 4 }, 400, "malformed-request"],
    ["half a label", { image, top: 1.5 }, 400, "malformed-request"],
    ["labels by name", { image, top: "all" }, 400, "malformed-request"],
    ["an image that is a number", { image: 7 }, 400, "malformed-request"],
    ["an image that is not base64", { image: "%%%%" }, 400, "malformed-request"],
    ["unpadded base64", { image: "abc" }, 400, "malformed-request"],
    [
      "a body that is not said to be base64",
      { body: image, isBase64Encoded: "true" },
      400,
      "malformed-request",
    ],
    ["a text file", { image: Buffer.from("hello dog").toString("base64") }, 415, "unsupported-image"],
    ["a body above the limit", { image: Buffer.alloc(1001).toString("base64") }, 413, "image-too-large"],
    ...["/", "/unhealth", "/healthy", "/health/x"].map((path): [string, unknown, number, string] => [
      `GET ${path}`,
      get(path),
      405,
      "method-not-allowed",
    ]),
    ["a POST without a body", url({}), 400, "malformed-request"],
    ["a POST with text", url({ body: "dog" }), 415, "unsupported-image"],
    [
      "a POST with text of a type that begins as JSON's",
      { ...rest, headers: { "content-type": "application/jsonl" } },
      415,
      "unsupported-image",
    ],
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
      const headers = status === 405 ? { allow: "POST" } : {};
      assert.throws(() => readEvent(event, open), { name: "Problem", status, code, headers });
    });
  }

  it("says that the body is wrong where it is the body, and not an image in it", () => {
    const encoded = (body: string) =>
      url({ headers: { "content-type": "application/json" }, body, isBase64Encoded: true });
    const spaces = Buffer.alloc(20_000, " ").toString("base64");

    assert.throws(() => readEvent(encoded("%%%%"), open), {
      status: 400,
      code: "malformed-request",
      detail: "The body is not base64 text, padded and without line breaks.",
    });
    // Three images of 1000 bytes in base64, and 1024 bytes of JSON around each.
    assert.throws(() => readEvent(encoded(spaces), open), {
      status: 413,
      code: "body-too-large",
      detail: "The body has 20000 bytes; at most 7074 are taken.",
    });
  });

  it("takes a body for a health event only where it says true", () => {
    for (const body of ['{"health":"true"}', '{"health":1}', '{"warmer":null}'])
      assert.throws(() => readEvent({ ...rest, body }, open), { code: "malformed-request" });
  });

  it("names the image of a batch that is wrong", () => {
    const text = Buffer.from("hello dog").toString("base64");
    assert.throws(() => readEvent({ images: [image, text] }, open), {
      status: 415,
      detail: "Image 1: The image is neither JPEG nor PNG.",
    });
  });

  const types: readonly [accept: string, top: number | undefined][] = [
    ["text/html, application/vnd.sagemaker-ops.labels+json;q=0.9, */*;q=0.1", 3],
    ["Application/Vnd.Sagemaker-Ops.Labels+JSON", 3],
    ["application/vnd.sagemaker-ops.labels+json; q=0.0, application/json", undefined],
    ["application/vnd.sagemaker-ops.labels+json-seq", undefined],
    ["*/*", undefined],
  ];
  for (const [accept, top] of types) {
    it(`answers with ${top === undefined ? "logits" : "labels"} to Accept: ${accept}`, () => {
      const event = url({
        headers: { "content-type": "image/jpeg", accept },
        body: image,
        isBase64Encoded: true,
      });
      assert.deepEqual(readEvent(event, open), { ...classified, top });
    });
  }

  it("refuses a version of an S3 object, as another one would be classified", () => {
    const s3 = { bucket: "pictures", key: "dog.jpg", versionId: "v1" };
    assert.throws(() => readEvent({ s3 }, open), { code: "malformed-request" });
  });

  it("answers HEAD as it does GET, where it tells of health", () => {
    const event = url({ rawPath: "/health", requestContext: { http: { method: "HEAD" } } });
    assert.deepEqual(readEvent(event, open), { kind: "health" });
  });

  it("refuses all that is not configured", () => {
    const cases: readonly [unknown, string][] = [
      [{ url: "https://example.com/dog.jpg" }, "url-not-accepted"],
      [{ s3: "s3://pictures/dog.jpg" }, "object-not-accepted"],
      [{ images: [image, image] }, "too-many-images"],
      [{ ...rest, httpMethod: "OPTIONS" }, "method-not-allowed"],
    ];
    for (const [event, code] of cases) assert.throws(() => readEvent(event, settings), { code });
  });

  it("leaves preflights of a Function URL to its configuration", () => {
    const event = url({
      requestContext: { domainName: "abc.lambda-url.us-east-1.on.aws", http: { method: "OPTIONS" } },
    });
    assert.throws(() => readEvent(event, open), { code: "method-not-allowed" });
  });

  it("keeps no text of a body that is not JSON, as the parser's error would", () => {
    const event = url({ headers: { "content-type": "application/json" }, body: '{"image": secret' });
    assert.throws(() => readEvent(event, open), { code: "malformed-request", cause: undefined });
  });

  it("gives five labels for a wish by media type where there are more classes", () => {
    assert.deepEqual(readEvent(labelled, { ...open, classCount: 6 }), { ...classified, top: 5 });
  });

  it("takes an image of exactly the limit", () => {
    const full = Buffer.concat([jpeg, Buffer.alloc(993)]);
    assert.equal(full.length, 1000);
    assert.equal(readEvent({ image: full.toString("base64") }, open).kind, "classify");
  });

  it("either reads any event or refuses it with a client error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record(
            {
              image: fc.anything(),
              images: fc.anything(),
              url: fc.anything(),
              s3: fc.anything(),
              top: fc.anything(),
              queryStringParameters: fc.anything(),
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
            return ["health", "classify", "preflight"].includes(readEvent(event, open).kind);
          } catch (error) {
            return error instanceof Problem && error.status >= 400 && error.status < 500;
          }
        },
      ),
    );
  });
});

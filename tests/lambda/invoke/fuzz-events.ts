import fc from "fast-check";
import { jpeg, png } from "./fake-endpoint";

const bytes = fc.oneof(
  fc.constantFrom(jpeg, png, Buffer.alloc(0)),
  fc.tuple(fc.constantFrom(jpeg, png), fc.uint8Array({ maxLength: 70 })).map((parts) => Buffer.concat(parts)),
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
);
const base64 = fc.oneof(
  bytes.map((buffer) => buffer.toString("base64")),
  fc.string({ maxLength: 20 }),
);
const oddity = fc.oneof({ weight: 3, arbitrary: fc.anything() }, fc.jsonValue(), fc.constant(undefined));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: arbitrary as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: oddity });
const url = fc.oneof(
  fc.webUrl(),
  fc.constantFrom(
    "https://images.example.org/dog.jpg",
    "https://inside.example.org/",
    "https://93.184.215.14/",
  ),
  fc.string({ maxLength: 30 }),
);
const s3 = fc.oneof(
  fc.record({
    bucket: maybe(fc.constantFrom("pictures", "other")),
    key: maybe(fc.string({ unit: "binary" })),
  }),
  fc.string({ maxLength: 20 }).map((key) => `s3://pictures/${key}`),
);
const one = fc.oneof(
  fc.record({ image: maybe(base64) }),
  fc.record({ url: maybe(url) }),
  fc.record({ s3: maybe(s3) }),
);
const top = maybe(fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constantFrom("1", "3", "many")));
const direct = fc.oneof(
  one,
  fc.tuple(one, fc.record({ top })).map(([source, wish]) => ({ ...source, ...wish })),
  fc.record({ images: maybe(fc.array(fc.oneof(one, base64), { maxLength: 6 })), top }),
  fc.record({ body: maybe(base64), isBase64Encoded: maybe(fc.boolean()) }),
  fc.record({ health: fc.anything() }),
);
const headers = fc.dictionary(
  fc.constantFrom("content-type", "Content-Type", "accept", "origin", "x-correlation-id", "__proto__"),
  maybe(
    fc.constantFrom(
      "application/json",
      "image/jpeg",
      "application/vnd.sagemaker-ops.labels+json",
      "https://app.example.org",
      "id-1",
      "a\r\nb",
    ),
  ),
);
const http = fc
  .record({
    method: maybe(fc.constantFrom("POST", "GET", "OPTIONS", "post", "PUT")),
    payload: fc.oneof(
      base64,
      direct.map((event) => jsonOf(event)),
    ),
    headers: maybe(headers),
    isBase64Encoded: maybe(fc.boolean()),
    path: maybe(fc.constantFrom("/", "/health")),
    query: maybe(fc.dictionary(fc.constantFrom("top", "a"), maybe(fc.constantFrom("2", "x")))),
    version: fc.constantFrom("1", "2", "url"),
  })
  .map(({ method, payload, path, query, version, ...rest }) => ({
    ...rest,
    body: payload,
    rawPath: path,
    queryStringParameters: query,
    ...(version === "1"
      ? { httpMethod: method, requestContext: null }
      : {
          version: "2.0",
          requestContext: {
            http: { method },
            domainName: version === "url" ? "a.lambda-url.us-east-1.on.aws" : "a.execute-api.amazonaws.com",
          },
        }),
  }));
/** What is left of the time, in milliseconds: mostly enough, else next to nothing, or too little to begin. */
export const remaining = fc.oneof(
  { weight: 12, arbitrary: fc.constant(5000) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 249, 250, 251, 253, 256) },
);
/** What may reach the function: most of it nearly right, in each of its forms. */
export const event = fc.oneof(
  { weight: 4, arbitrary: direct },
  { weight: 4, arbitrary: http },
  fc.anything(),
);

/** Events may hold what JSON cannot: such a body is text all the same. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch (error) {
    return String(error);
  }
}

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";
import fc from "fast-check";
import { type Answer, createClient, createHandler } from "../../../lambda/invoke/core";
import { FetchRefused, type FetchRefusedCode } from "../../../lambda/invoke/fetch/refused";
import { imageType } from "../../../lambda/invoke/images";
import { context, jpeg, png, settings, testClient } from "./fake-endpoint";

/** All of them in CI; FUZZ_EVENTS sets another number. */
const events = Number(process.env.FUZZ_EVENTS ?? (process.env.CI === "true" ? 100_000 : 5000));

const maxImageBytes = 64;
const configured = {
  ...settings,
  maxImageBytes,
  maxFetchBytes: maxImageBytes,
  maxBatch: 4,
  allowedOrigins: ["https://app.example.org"],
  imageHosts: ["*"],
  imageBuckets: ["pictures"],
};

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
const url = fc.oneof(fc.webUrl(), fc.string({ maxLength: 30 }));
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
const event = fc.oneof({ weight: 4, arbitrary: direct }, { weight: 4, arbitrary: http }, fc.anything());

/** Of what the endpoint answers, most is good: else little is seen behind it. */
const answers: readonly [number, string, Record<string, string>][] = [
  ...Array.from({ length: 6 }, (): [number, string, Record<string, string>] => [
    200,
    "[[1, -2.5, 3e-9]]",
    {},
  ]),
  [200, "[[1,2]]", {}],
  [200, "\u0000<html>", {}],
  [200, "", {}],
  [400, '{"message":"x"}', { "x-amzn-errortype": "ValidationError" }],
  [400, "{}", { "x-amzn-errortype": "ThrottlingException" }],
  [424, '{"OriginalStatusCode":400}', { "x-amzn-errortype": "ModelError" }],
  [530, "<", {}],
  [503, "", {}],
  [504, "<html>", {}],
  [999, "[]", { "x-amzn-errortype": "__proto__" }],
];
const refusals: readonly FetchRefusedCode[] = ["host-not-allowed", "fetch-timeout", "image-too-large"];

describe("the invoke function", () => {
  it(`answers any of ${events} events in the form that a proxy takes, and sends the endpoint images only`, async function () {
    this.timeout(600_000);
    let calls = 0;
    let turn = 0;
    const wrong: string[] = [];
    const client = createClient({
      ...testClient("http://127.0.0.1:1"),
      requestHandler: {
        handle: async ({ method, path, body }: HttpRequest) => {
          turn += 1;
          if (method === "GET") {
            const [statusCode, content] = turn % 2 === 0 ? [200, jpeg] : [404, Buffer.from("<Error/>")];
            return {
              response: new HttpResponse({ statusCode, headers: {}, body: Readable.from([content]) }),
            };
          }
          calls += 1;
          const image = body as Uint8Array;
          if (path !== `/endpoints/${settings.endpointName}/invocations`) wrong.push(path);
          if (imageType(image) === undefined || image.length > maxImageBytes)
            wrong.push(Buffer.from(image).toString("hex"));
          if (turn % 17 === 0) throw Object.assign(new Error("cut"), { code: "ECONNRESET" });
          const [statusCode, text, fields] = answers[turn % answers.length] ?? [200, "", {}];
          return {
            response: new HttpResponse({
              statusCode,
              headers: { "content-type": "application/json", ...fields },
              body: Readable.from([Buffer.from(text)]),
            }),
          };
        },
      },
    });
    const lines: string[] = [];
    const handler = createHandler({
      client,
      settings: configured,
      write: (line) => {
        lines[0] = line;
      },
      s3Endpoint: "http://127.0.0.1:1",
      fetchImage: async () => {
        turn += 1;
        if (turn % 3 === 0) throw new FetchRefused(refusals[turn % refusals.length] ?? "fetch-failed", "why");
        return turn % 3 === 1 ? png : Buffer.alloc(70, jpeg);
      },
    });
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on("unhandledRejection", note);
    const statuses = new Map<number, number>();
    try {
      await fc.assert(
        fc.asyncProperty(event, async (any) => {
          const answer = await handler(any, context());
          statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
          assertProxyAnswer(answer);
          if (lines[0] !== undefined) JSON.parse(lines[0]);
          assert.deepEqual(wrong, []);
        }),
        { numRuns: events },
      );
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", note);
    }

    assert.deepEqual(rejections, []);
    // Without these, the events would not reach what they are to try.
    for (const status of [200, 204, 400, 405, 413, 415, 422, 429, 500, 502, 503, 504])
      assert.ok(statuses.has(status), `no answer ${status} in ${JSON.stringify([...statuses])}`);
    assert.ok(calls > events / 20, `${calls} calls`);
  });
});

function assertProxyAnswer(answer: Answer): void {
  const { statusCode, headers, body } = answer;
  assert.deepEqual(Object.keys(answer), ["statusCode", "headers", "body"]);
  assert.ok(Number.isInteger(statusCode) && statusCode >= 200 && statusCode <= 599, `${statusCode}`);
  for (const [name, value] of Object.entries(headers)) {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.match(value, /^[\x20-\x7e]*$/);
  }
  if (statusCode === 204) {
    assert.equal(body, "");
    return;
  }
  const value = JSON.parse(body) as Record<string, unknown>;
  if (statusCode === 200) return;
  assert.equal(headers["content-type"], "application/problem+json");
  assert.deepEqual([value.status, value.requestId, value.type], [statusCode, "request-1", "about:blank"]);
  assert.notEqual(value.code, "internal", body);
}

/** Events may hold what JSON cannot: such a body is text all the same. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch (error) {
    return String(error);
  }
}

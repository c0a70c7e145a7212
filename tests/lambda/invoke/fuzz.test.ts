import assert from "node:assert/strict";
import { Duplex, Readable } from "node:stream";
import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";
import fc from "fast-check";
import { type Answer, createClient, createHandler } from "../../../lambda/invoke/core";
import { fetchImage } from "../../../lambda/invoke/fetch/fetch-image";
import type { Network } from "../../../lambda/invoke/fetch/network";
import { FetchRefused, type FetchRefusedCode } from "../../../lambda/invoke/fetch/refused";
import { imageType } from "../../../lambda/invoke/images";
import { context, jpeg, png, settings, testClient } from "./fake-endpoint";
import { event, remaining } from "./fuzz-events";

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
/** What hosts send to a download; the last but one leads to the first address of the network itself. */
const hostAnswers: readonly Buffer[] = [
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${jpeg.length}\r\n\r\n`), jpeg]),
  Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), png, Buffer.alloc(100)]),
  Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<html>"),
  Buffer.from("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
  Buffer.from("HTTP/1.1 302 Found\r\nlocation: https://inside.example.org/\r\n\r\n"),
  Buffer.from("\u0000 SSH-2.0\r\n\r\n"),
];

/** A network without sockets: connections that answer, say nothing, or are cut, and names that lead inside or nowhere. */
function fakeNetwork(turn: () => number, silent: () => boolean): Network {
  return {
    resolve: async (hostname) => {
      if (silent()) return new Promise(() => {});
      if (hostname === "inside.example.org") return ["10.0.0.1"];
      if (turn() % 7 === 0) throw Object.assign(new Error("queryA ESERVFAIL"), { code: "ESERVFAIL" });
      return turn() % 5 === 0 ? [] : ["93.184.215.14", "2600::1"];
    },
    connect: () => {
      const cut = turn() % 6 === 0;
      const answer = hostAnswers[turn() % hostAnswers.length];
      const quiet = silent();
      return new Duplex({
        read() {},
        write(_, __, done) {
          done();
          if (cut) this.destroy(Object.assign(new Error("cut"), { code: "ECONNRESET" }));
          else if (!quiet) {
            this.push(answer);
            this.push(null);
          }
        },
      });
    },
  };
}

const refusals: readonly FetchRefusedCode[] = ["host-not-allowed", "fetch-timeout", "image-too-large"];

describe("the invoke function", () => {
  it(`answers any of ${events} events in the form that a proxy takes, and sends the endpoint images only`, async function () {
    this.timeout(600_000);
    let calls = 0;
    let turn = 0;
    // With next to no time, half of what is asked never answers.
    let hurried = false;
    const silent = () => hurried && turn % 2 === 0;
    const wrong: string[] = [];
    const client = createClient({
      ...testClient("http://127.0.0.1:1"),
      requestHandler: {
        handle: async (
          { method, path, body }: HttpRequest,
          { abortSignal }: { readonly abortSignal: AbortSignal },
        ) => {
          turn += 1;
          if (silent()) return aborted(abortSignal);
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
    const network = fakeNetwork(
      () => turn,
      () => silent(),
    );
    const lines: string[] = [];
    const handler = createHandler({
      client,
      settings: configured,
      write: (line) => lines.push(line),
      s3Endpoint: "http://127.0.0.1:1",
      fetchImage: async (url, limits) => {
        turn += 1;
        if (turn % 2 === 0) return fetchImage(url, limits, network);
        if (turn % 3 === 0)
          throw new FetchRefused(refusals[Math.floor(turn / 3) % refusals.length] ?? "fetch-failed", "why");
        return turn % 3 === 1 ? png : Buffer.alloc(70, jpeg);
      },
    });
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on("unhandledRejection", note);
    const statuses = new Map<number, number>();
    const codes = new Set<string>();
    try {
      await fc.assert(
        fc.asyncProperty(event, remaining, async (any, milliseconds) => {
          hurried = milliseconds < 5000;
          lines.length = 0;
          const answer = await handler(any, context(milliseconds));
          statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
          codes.add(String(JSON.parse(answer.body === "" ? "{}" : answer.body).code));
          assertProxyAnswer(answer);
          assertLogged(answer, lines);
          assert.deepEqual(wrong, []);
        }),
        { numRuns: events },
      );
      // What is left over of the last events, such as connections that are being closed, may still reject.
      await new Promise((resolve) => setTimeout(resolve, 500));
    } finally {
      process.off("unhandledRejection", note);
    }

    assert.deepEqual(rejections, []);
    // Without these, the events would not reach what they are to try.
    for (const status of [200, 204, 400, 405, 413, 415, 422, 429, 500, 502, 503, 504])
      assert.ok(statuses.has(status), `no answer ${status} in ${JSON.stringify([...statuses])}`);
    for (const code of ["fetch-failed", "fetch-timeout", "address-not-public", "endpoint-timeout"])
      assert.ok(codes.has(code), `no answer ${code} in ${JSON.stringify([...codes])}`);
    assert.ok(calls > events / 40, `${calls} calls`);
  });
});

/** As the SDK's own transport ends: with an error, once the signal comes. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

/** One line for each answer, but for health events and preflights. */
function assertLogged({ statusCode, body }: Answer, lines: readonly string[]): void {
  const silent = statusCode === 204 || body === '{"status":"ok","model":"breeds"}';
  assert.equal(lines.length, silent ? 0 : 1, `${statusCode} ${body}`);
  for (const line of lines) assert.equal(JSON.parse(line).statusCode, statusCode);
}

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

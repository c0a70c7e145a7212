import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { HttpRequest } from "@smithy/core/protocols";
import { createClient } from "../../../lambda/invoke/core";
import { readObject } from "../../../lambda/invoke/s3-object";
import { type Respond, type SeenRequest, startRuntime, until } from "../../support/runtime-server";
import { context, jpeg, testClient, withEndpoint } from "./fake-endpoint";

const signal = new AbortController().signal;

/** Signature version 4 written out after its specification, with nothing of the SDK's. */
function signatureOf({ method, url, headers }: SeenRequest): string {
  const authorization = headers.authorization ?? "";
  const field = (name: string) => new RegExp(`${name}=([^, ]+)`).exec(authorization)?.[1] ?? "";
  const [, date = "", region = "", service = ""] = field("Credential").split("/");
  const names = field("SignedHeaders").split(";");
  const canonical = [
    method,
    url,
    "",
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    names.join(";"),
    headers["x-amz-content-sha256"],
  ].join("\n");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const text = [
    "AWS4-HMAC-SHA256",
    headers["x-amz-date"],
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonical),
  ].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(hmac, "AWS4secret-key");
  return createHmac("sha256", key).update(text).digest("hex");
}

async function read(key: string, respond: Respond, maxBytes = 1000) {
  const { endpoint, seen, close } = await startRuntime(respond);
  const client = createClient(testClient(endpoint));
  try {
    const bytes = await readObject({ client, bucket: "pictures", key, maxBytes, signal, endpoint });
    return { bytes, seen };
  } finally {
    client.destroy();
    await close();
  }
}

describe("readObject", () => {
  it("signs its GET as S3 wants it", async () => {
    const { bytes, seen } = await read("a b/é+(1)'!*~.jpg", (response) => response.end(jpeg));
    const [request] = seen as [SeenRequest];

    assert.deepEqual(Buffer.from(bytes), jpeg);
    assert.equal(request.method, "GET");
    assert.equal(request.url, "/pictures/a%20b/%C3%A9%2B%281%29%27%21%2A~.jpg");
    assert.match(
      request.headers.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, /,
    );
    assert.equal(request.headers["x-amz-security-token"], "session-token");
    assert.ok(request.headers.authorization?.endsWith(`Signature=${signatureOf(request)}`));
  });

  for (const [bucket, region, url] of [
    ["pictures", "eu-west-1", "https://pictures.s3.eu-west-1.amazonaws.com/k/dog.jpg"],
    [
      "pictures.example.org",
      "eu-west-1",
      "https://s3.eu-west-1.amazonaws.com/pictures.example.org/k/dog.jpg",
    ],
    ["pictures", "cn-north-1", "https://pictures.s3.cn-north-1.amazonaws.com.cn/k/dog.jpg"],
  ] as const) {
    it(`asks ${url}`, async () => {
      const asked: string[] = [];
      const client = createClient({
        ...testClient("http://127.0.0.1:1"),
        region,
        requestHandler: {
          handle: async ({ protocol, hostname, path }: HttpRequest) => {
            asked.push(`${protocol}//${hostname}${path}`);
            throw new Error("nothing is sent");
          },
        },
      });

      await assert.rejects(readObject({ client, bucket, key: "k/dog.jpg", maxBytes: 1, signal }));
      assert.deepEqual(asked, [url]);
    });
  }

  it("reads up to the limit and stops above it, whether the length is declared or not", async () => {
    const inPieces = (bytes: number) => (response: ServerResponse) => {
      response.write(Buffer.alloc(900));
      response.end(Buffer.alloc(bytes - 900));
    };

    assert.equal((await read("k", (response) => response.end(Buffer.alloc(1000)))).bytes.length, 1000);
    assert.equal((await read("k", inPieces(1000))).bytes.length, 1000);
    await assert.rejects(
      read("k", (response) => response.end(Buffer.alloc(1001))),
      { name: "Problem", status: 413 },
    );
    await assert.rejects(read("k", inPieces(1001)), { name: "TooLong" });
  });
});

describe("an S3 reference in a request", () => {
  const failures: readonly [string, (response: ServerResponse) => void, number, string, number][] = [
    [
      "an object that does not exist",
      (r) => r.writeHead(404).end("<Error>secret</Error>"),
      400,
      "object-not-readable",
      1,
    ],
    [
      "an object that may not be read",
      (r) => r.writeHead(403).end("<Error>secret</Error>"),
      400,
      "object-not-readable",
      1,
    ],
    [
      "an object that is encrypted with its owner's key",
      (r) => r.writeHead(400).end("<Error>secret</Error>"),
      400,
      "object-not-readable",
      1,
    ],
    ["a bucket of another region", (r) => r.writeHead(301).end(), 500, "misconfigured", 1],
    [
      "an overloaded S3",
      (r) => r.writeHead(503).end("<Error>SlowDown</Error>"),
      503,
      "storage-unavailable",
      1,
    ],
    [
      "an S3 that speaks no HTTP",
      (r) => void r.socket?.end("secret SSH-2.0 banner\r\n\r\n"),
      503,
      "storage-unavailable",
      1,
    ],
    ["connections that are cut", (r) => void r.socket?.resetAndDestroy(), 503, "storage-unavailable", 2],
    [
      "an object that breaks off",
      (r) =>
        void r.writeHead(200, { "content-length": "100" }).write("abc", () => r.socket?.resetAndDestroy()),
      503,
      "storage-unavailable",
      2,
    ],
    ["an object that is too large", (r) => r.end(Buffer.alloc(1001)), 413, "image-too-large", 1],
    [
      "an object that is too large and does not say so",
      (r) => {
        r.write(Buffer.alloc(900));
        r.end(Buffer.alloc(101));
      },
      413,
      "image-too-large",
      1,
    ],
    ["an object that is no image", (r) => r.end("hello"), 415, "unsupported-image", 1],
    ["an object that never comes", () => undefined, 504, "fetch-timeout", 1],
    ["an object that stops halfway", (r) => void r.writeHead(200).write("abc"), 504, "fetch-timeout", 1],
  ];
  for (const [title, respond, status, code, attempts] of failures) {
    it(`is answered ${status} ${code} for ${title}, without a call of the endpoint`, async () => {
      const storage = await startRuntime(respond);
      try {
        await withEndpoint(
          (response) => response.writeHead(200).end("[[1,2,3]]"),
          async ({ handler, seen, lines }) => {
            const answer = await handler({ s3: "s3://pictures/dog.jpg" }, context(650));

            assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [status, code], answer.body);
            assert.doesNotMatch(answer.body, /secret|127\.0\.0\.1|pictures/);
            assert.equal(answer.headers["retry-after"], status === 503 ? "1" : undefined);
            assert.equal(storage.seen.length, attempts);
            assert.equal(seen.length, 0);
            const line = JSON.parse(lines[0] ?? "");
            assert.equal(line.DownloadMilliseconds.length, 1);
            assert.equal("ModelMilliseconds" in line, false);
            assert.deepEqual(line.sources, ["s3"]);
            assert.equal("cause" in line, status !== 413 && status !== 415);
            // Nothing is read on; a connection whose answer was read to its end is kept.
            const kept = code === "unsupported-image" ? 1 : 0;
            await until(() => storage.connections().open === kept);
          },
          { settings: { imageBuckets: ["pictures"] }, services: { s3Endpoint: storage.endpoint } },
        );
      } finally {
        await storage.close();
      }
    });
  }

  it("is read once more over a new connection, where all died while the environment was frozen", async () => {
    const used = new Map<unknown, number>();
    const storage = await startRuntime((response) => {
      const { socket } = response;
      used.set(socket, (used.get(socket) ?? 0) + 1);
      if (used.get(socket) === 2) socket?.resetAndDestroy();
      else response.end(jpeg);
    });
    try {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler, lines }) => {
          const reference = { s3: "s3://pictures/dog.jpg" };
          const images = [reference, reference, reference];
          assert.equal((await handler({ images }, context())).statusCode, 200);
          assert.equal(storage.connections().open, 3);

          assert.equal((await handler(reference, context())).statusCode, 200);
          assert.equal(JSON.parse(lines[1] ?? "").Retries, 1);
        },
        {
          settings: { imageBuckets: ["pictures"], maxBatch: 3 },
          services: { s3Endpoint: storage.endpoint },
        },
      );
    } finally {
      await storage.close();
    }
  });

  it("reaches the endpoint as the object's bytes, over connections that are kept", async () => {
    const storage = await startRuntime((response) => response.end(jpeg));
    try {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler, seen, connections }) => {
          for (let call = 0; call < 5; call++) {
            const answer = await handler({ s3: { bucket: "pictures", key: "dog.jpg" } }, context());
            assert.equal(answer.body, "[[1,2,3]]");
          }

          assert.ok(seen.every(({ body }) => body.equals(jpeg)));
          assert.deepEqual([connections().opened, storage.connections().opened], [1, 1]);
        },
        {
          // The limit of what is fetched holds, and not that of an image in an event.
          settings: { imageBuckets: ["pictures"], maxImageBytes: jpeg.length - 1 },
          services: { s3Endpoint: storage.endpoint },
        },
      );
    } finally {
      await storage.close();
    }
  });
});

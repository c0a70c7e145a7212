import assert from "node:assert/strict";
import fc from "fast-check";
import { redact } from "../../../lambda/invoke/redact";
import { awsError, context, jpeg, withEndpoint } from "./fake-endpoint";

describe("redact", () => {
  const table: readonly [string, string, string][] = [
    [
      "the query of a URL",
      "GET https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&x=1 failed",
      "GET https://b.s3.amazonaws.com/[redacted] failed",
    ],
    ["the path of a URL", "https://example.org/people/ada.jpg", "https://example.org/[redacted]"],
    ["the user of a URL", "https://user:p@ss@example.org/a", "https://example.org/[redacted]"],
    [
      "an escaped path",
      String.raw`{"u":"https:\/\/example.org\/ada"}`,
      String.raw`{"u":"https:\/\/example.org/[redacted]`,
    ],
    [
      "a percent-encoded URL",
      "to https%3A%2F%2Fexample.org%2Fada x",
      "to https%3A%2F%2Fexample.org/[redacted] x",
    ],
    ["a path behind a port", "http://[::1]:8080/ada", "http://[::1]:8080/[redacted]"],
    ["a key in a bucket", "s3://pictures/ada.jpg", "s3://pictures/[redacted]"],
    ["a fragment", "see https://example.org#token=1", "see https://example.org/[redacted]"],
    ["nothing of a URL that is scheme and host", "https://example.org:8443", "https://example.org:8443"],
    [
      "headers of a canonical request",
      "'POST\nauthorization:AWS4 x y\nhost:h\nx-amz-security-token:IQoJ/abc==\n'",
      "'POST\nauthorization:[redacted]\nhost:h\nx-amz-security-token:[redacted]\n'",
    ],
    ["a field of JSON", '{"Authorization": "Bearer abc", "a": 1}', '{"Authorization": "[redacted]", "a": 1}'],
    ...["x-api-key", "Cookie", "set-cookie", "Credential", "Signature", "X-Amz-Signature"].map(
      (name): [string, string, string] => [
        `what authorises in ${name}`,
        `${name}: a b=c/d\nhost: h`,
        `${name}: [redacted]\nhost: h`,
      ],
    ),
    ["a long run of base64", `bad ${"Ab1/".repeat(20)}==`, "bad [redacted]"],
    ["a bearer's token", "said Bearer abc.def.ghi to it", "said [redacted] to it"],
    ["a JSON Web Token", "got eyJhbGciOiJI.eyJzdWIi.dBjftJeZ4C x", "got [redacted] x"],
    ["the id of an access key", "key ASIAIOSFODNN7EXAMPLE of", "key [redacted] of"],
    ["a password", "user=ada password=hunter2 at", "user=ada password=[redacted] at"],
    [
      "nothing else",
      "AccessDenied on arn:aws:sagemaker:us-east-1:1:endpoint/e",
      "AccessDenied on arn:aws:sagemaker:us-east-1:1:endpoint/e",
    ],
  ];
  for (const [title, text, expected] of table) {
    it(`removes ${title}`, () => {
      assert.equal(redact(text), expected);
    });
  }

  it("reads no further than 4000 characters, however few are left of them", () => {
    assert.equal(redact(`${"a".repeat(3997)} b c d`), "[redacted] b ");
  });

  it("leaves nothing of a query or a path wherever the URL stands", () => {
    fc.assert(
      fc.property(fc.string(), fc.webUrl(), fc.string(), (before, url, after) => {
        assert.doesNotMatch(redact(`${before} ${url}?key=SECRETVALUE ${after}`), /SECRETVALUE/);
        assert.doesNotMatch(redact(`${before} ${url}/SECRETVALUE ${after}`), /SECRETVALUE/);
      }),
    );
  });
});

describe("the log of the invoke function", () => {
  it("has nothing of the image, the payload, the queries of URLs, or what authorises", async () => {
    const secret = "SECRETSECRET";
    const image = Buffer.concat([jpeg, Buffer.from(secret.repeat(10))]).toString("base64");
    const http = (fields: object) => ({
      version: "2.0",
      rawQueryString: `token=${secret}`,
      queryStringParameters: { token: secret },
      cookies: [`session=${secret}`],
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}`, "x-api-key": secret },
      requestContext: { http: { method: "POST" } },
      body: JSON.stringify({ image }),
      ...fields,
    });
    const events: readonly unknown[] = [
      http({}),
      http({ body: `{"image": "${secret}` }),
      http({ body: secret }),
      { image },
      { image: secret },
      { [secret]: secret },
      { url: `https://user:${secret}@example.org/dog.jpg?signature=${secret}` },
      { s3: `s3://pictures/${secret}` },
      { image, top: secret },
    ];
    const answers: readonly ((r: import("node:http").ServerResponse) => unknown)[] = [
      (r) => r.writeHead(200).end(`[[1,2,3]]`),
      (r) => r.writeHead(200).end(secret),
      (r) => r.writeHead(504).end(`<html>${secret}`),
      (r) =>
        awsError(r, 403, "InvalidSignatureException", {
          message: `The Canonical String should have been 'POST\nx-amz-security-token:${secret}\n'`,
        }),
      (r) => awsError(r, 424, "ModelError", { OriginalStatusCode: 500, OriginalMessage: image }),
      (r) =>
        awsError(r, 424, "ModelError", {
          message: `Received server error (500) from primary with message "cannot identify image b'${secret}'"`,
          OriginalStatusCode: 500,
          OriginalMessage: `cannot identify image b'${secret}' [[255,216]]`,
        }),
    ];
    for (const respond of answers) {
      await withEndpoint(
        respond,
        async ({ handler, lines, endpoint }) => {
          for (const event of events) await handler(event, context());

          assert.equal(lines.length, events.length, endpoint);
          for (const line of lines) {
            assert.doesNotMatch(line, /SECRET/);
            assert.equal(line.includes(image.slice(0, 24)), false, line);
            assert.doesNotMatch(line, /session-token|secret-key|AKIDEXAMPLE/);
          }
        },
        {
          settings: { imageHosts: ["*"], imageBuckets: ["pictures"] },
          services: {
            s3Endpoint: "http://127.0.0.1:1",
            fetchImage: async (url) => {
              throw new Error(`cannot fetch ${url}`);
            },
          },
        },
      );
    }
  });
});

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { withShortTimers } from "../support/short-timers";
import { digest, invokeTools, jpeg, logits, png, type Service } from "./invoke-tools";

describe("sagemaker-ops invoke --endpoint", () => {
  const { folder, dog, labels, serve, runJson, failureIn } = invokeTools();
  const runtime = (respond: (response: ServerResponse) => void) => serve((_, response) => respond(response));
  const answer = (response: ServerResponse) =>
    response
      .writeHead(200, {
        "content-type": "application/json",
        "x-amzn-sagemaker-custom-attributes": `model-sha256=${digest}`,
      })
      .end(logits);
  const at = ({ origin }: Service) => ({ AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: origin });

  it("sends the image itself, signed, and prints one JSON object", async () => {
    const service = await runtime(answer);

    const { status, json } = await runJson(
      [dog, "--endpoint", "breeds", "--labels", labels, "--top", "2"],
      at(service),
    );

    assert.equal(status, 0);
    const [request] = service.seen;
    assert.deepEqual(
      [request?.method, request?.url, request?.body, request?.headers["content-type"]],
      ["POST", "/endpoints/breeds/invocations", jpeg, "image/jpeg"],
    );
    assert.match(
      request?.headers.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=test\/\d+\/us-east-1\/sagemaker\//,
    );
    const { latencyMilliseconds, perSecond, inputs, ...rest } = json;
    assert.deepEqual(rest, {
      target: { kind: "endpoint", title: "endpoint breeds" },
      repeat: 1,
      concurrency: 1,
      requests: 1,
      answered: 1,
      failed: 0,
      notSent: 0,
      models: [digest],
      failures: [],
    });
    const [input] = inputs as { medianMilliseconds: number; predictions: { probability: number }[] }[];
    assert.deepEqual(
      input?.predictions.map((label) => ({ ...label, probability: label.probability.toFixed(6) })),
      [
        { index: 1, label: "Collie", probability: "0.700000" },
        { index: 2, label: "Poodle", probability: "0.200000" },
      ],
    );
    assert.deepEqual(Object.keys(latencyMilliseconds as object), ["p50", "p90", "p99", "max"]);
    assert.equal(typeof perSecond, "number");
  });

  it("ends with 1 when some requests fail, and tells them apart from the others", async () => {
    let requests = 0;
    const service = await runtime((response) => {
      requests += 1;
      if (requests % 2 === 0) answer(response);
      else
        response
          .writeHead(424, { "content-type": "application/json", "x-amzn-errortype": "ModelError" })
          .end(JSON.stringify({ OriginalStatusCode: 500, OriginalMessage: "out of memory" }));
    });

    const { status, json } = await runJson([dog, "--endpoint", "breeds", "--repeat", "6"], at(service));

    assert.equal(status, 1);
    assert.deepEqual([json.requests, json.answered, json.failed], [6, 3, 3]);
    assert.deepEqual(json.failures, [
      {
        code: "model-error",
        cause: "The model answered with status 500: out of memory.",
        next: "Look at the log group /aws/sagemaker/Endpoints/breeds.",
        requests: 3,
        inputs: [dog],
      },
    ]);
  });

  it("stops at the first refusal of permission, with 3", async () => {
    const service = await runtime((response) =>
      response
        .writeHead(403, { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" })
        .end("{}"),
    );

    const { status, json } = await runJson([dog, "--endpoint", "breeds", "--repeat", "50"], at(service));

    assert.equal(status, 3);
    assert.deepEqual([json.requests, json.notSent, service.seen.length], [1, 49, 1]);
    assert.equal(failureIn(json)?.next, "Allow sagemaker:InvokeEndpoint on it.");
  });

  it("says that a name is wrong, and sends no more", async () => {
    const service = await runtime((response) =>
      response
        .writeHead(400, { "content-type": "application/json", "x-amzn-errortype": "ValidationError" })
        .end(JSON.stringify({ Message: "Endpoint breeds of account 123456789012 not found." })),
    );

    const { status, json } = await runJson([dog, "--endpoint", "breeds", "--repeat", "3"], at(service));

    assert.deepEqual([status, json.requests, json.notSent], [1, 1, 2]);
    assert.equal(failureIn(json)?.cause, "There is no endpoint breeds in this region and account.");
  });

  it("ends with 3 without credentials, without a region and without a connection", async () => {
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

    const outcomes = [
      await runJson([dog, "--endpoint", "breeds"], none),
      await runJson([dog, "--endpoint", "breeds"], { AWS_REGION: "" }),
      await runJson([dog, "--endpoint", "breeds"], {
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: "http://127.0.0.1:1",
      }),
    ];

    assert.deepEqual(
      outcomes.map(({ status, json }) => [status, failureIn(json)?.code]),
      [
        [3, "no-credentials"],
        [3, "no-region"],
        [3, "not-reached"],
      ],
    );
  });

  it("gives up on an answer that stalls behind its headers, 70 s after it asked", async () => {
    const service = await runtime((response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" }).write("[[");
    });

    const { status, json } = await withShortTimers(70_000, () =>
      runJson([dog, "--endpoint", "breeds"], at(service)),
    );

    assert.deepEqual([status, failureIn(json)?.code, service.seen.length], [1, "timeout", 1]);
  });

  it("tells the digest of the artifact, and not that of a manifest", async () => {
    const service = await runtime((response) =>
      response
        .writeHead(200, {
          "content-type": "application/json",
          "x-amzn-sagemaker-custom-attributes": `manifest-sha256=${digest}`,
        })
        .end(logits),
    );

    const { json } = await runJson([dog, "--endpoint", "breeds"], at(service));

    assert.deepEqual([json.answered, json.models], [1, []]);
  });

  it("tells of each image what it is, and of what is none that it was not sent", async () => {
    const service = await runtime(answer);
    const mixed = join(folder, "mixed");
    mkdirSync(mixed);
    writeFileSync(join(mixed, "a.png"), png);
    writeFileSync(join(mixed, "b.jpg"), "no image");

    const { status, json } = await runJson([mixed, "--endpoint", "breeds"], at(service));

    assert.deepEqual(
      service.seen.map(({ headers, body }) => [headers["content-type"], body]),
      [["image/png", png]],
    );
    assert.deepEqual([status, json.answered, failureIn(json)?.code], [1, 1, "unsupported-image"]);
  });

  it("asks in the region that is named", async () => {
    const service = await runtime(answer);

    await runJson([dog, "--endpoint", "breeds", "--region", "eu-west-1"], at(service));

    assert.match(service.seen[0]?.headers.authorization ?? "", /\/eu-west-1\/sagemaker\//);
  });

  it("takes one row of finite numbers for an answer, and nothing else", async () => {
    const codes: (string | undefined)[] = [];
    for (const text of ["[[1],[2]]", "[[1e999]]", '[["a"]]', "[[]]", "[1]", "no JSON"]) {
      const service = await runtime((response) => response.writeHead(200).end(text));
      const { status, json } = await runJson([dog, "--endpoint", "breeds"], at(service));
      codes.push(`${status} ${failureIn(json)?.code}`);
    }

    assert.deepEqual(codes, Array(6).fill("1 no-logits"));
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { replyOfError } from "../../cli/core/invoke/reply";
import { createClient, createHandler } from "../../lambda/invoke/core";
import { readSettings } from "../../lambda/invoke/env";
import { invokeTools, jpeg, logits, type Service } from "./invoke-tools";

describe("sagemaker-ops invoke --function", () => {
  const { folder, dog, labels, serve, run, runJson, failureIn } = invokeTools();

  /** Lambda, with the real handler in front of a stand-in for SageMaker's runtime. */
  const lambda = async () => {
    const runtime = await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(logits),
    );
    const handler = createHandler({
      client: createClient({
        region: "us-east-1",
        endpoint: runtime.origin,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      }),
      settings: readSettings({
        ENDPOINT_NAME: "e",
        MODEL_NAME: "m",
        CLASS_COUNT: "3",
        MAX_IMAGE_BYTES: "1000",
      }),
      labels: ["zero", "one", "two"],
      write: () => {},
    });
    const service = await serve(({ body }, response) => {
      const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis: () => 5000 };
      void handler(JSON.parse(body.toString()), context).then((answer) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer)),
      );
    });
    return { service, runtime };
  };
  const at = ({ origin }: Service) => ({ AWS_ENDPOINT_URL_LAMBDA: origin });

  it("sends the event that the function reads, to the alias, and shows the function's own names", async () => {
    const { service, runtime } = await lambda();

    const { status, json } = await runJson([dog, "--function", "breeds:live", "--top", "1"], at(service));

    assert.equal(status, 0, JSON.stringify(json));
    assert.equal(service.seen[0]?.url, "/2015-03-31/functions/breeds%3Alive/invocations");
    assert.deepEqual(JSON.parse(service.seen[0]?.body.toString() ?? ""), {
      image: jpeg.toString("base64"),
      top: 1,
    });
    assert.deepEqual(runtime.seen[0]?.body, jpeg);
    const [input] = json.inputs as { predictions: { index: number; label: string }[] }[];
    assert.deepEqual(
      input?.predictions.map(({ index, label }) => [index, label]),
      [[1, "one"]],
    );
  });

  it("leaves the number of labels to a function of however few classes, and shows its own names", async () => {
    const { service } = await lambda();

    const { status, json } = await runJson([dog, "--function", "breeds"], at(service));

    assert.equal(status, 0, JSON.stringify(json));
    const [input] = json.inputs as { predictions: { index: number; label: string }[] }[];
    assert.deepEqual(
      input?.predictions.map(({ index, label }) => [index, label]),
      [
        [1, "one"],
        [2, "two"],
        [0, "zero"],
      ],
    );
  });

  it("asks for one label of each image of a folder", async () => {
    const { service } = await lambda();

    const { status, json } = await runJson([join(folder, "images"), "--function", "breeds"], at(service));

    assert.equal(status, 0, JSON.stringify(json));
    assert.deepEqual(
      service.seen.map(({ body }) => JSON.parse(body.toString()).top),
      [1, 1, 1],
    );
  });

  it("tells a function that reads no other event the URL where it looks for it, and that of S3 as such", async () => {
    const { service } = await lambda();
    const sent: unknown[] = [];
    for (const name of ["http://images.example.org/dog.jpg", "s3://breeds/dog.jpg"])
      for (const top of [[], ["--top", "2"]]) {
        const { json } = await runJson([name, "--function", "breeds", ...top], at(service));
        const { url, s3, body } = JSON.parse(service.seen.at(-1)?.body.toString() ?? "");
        sent.push([url, s3, JSON.parse(body ?? "null"), failureIn(json)?.code]);
      }

    const url = "http://images.example.org/dog.jpg";
    const s3 = "s3://breeds/dog.jpg";
    assert.deepEqual(sent, [
      [url, undefined, { url }, "url-not-accepted"],
      [url, undefined, null, "url-not-accepted"],
      [undefined, s3, { s3 }, "object-not-accepted"],
      [undefined, s3, null, "object-not-accepted"],
    ]);
  });

  it("asks in the region that is named", async () => {
    const { service } = await lambda();

    await runJson([dog, "--function", "breeds", "--region", "eu-west-1"], at(service));

    assert.match(service.seen[0]?.headers.authorization ?? "", /\/eu-west-1\/lambda\//);
  });

  it("takes for a model's digest what is one, and lets no answer steer the terminal", async () => {
    const answers = [
      undefined,
      { statusCode: 200, headers: { "x-model-sha256": "\u001b[2J" }, body: "[[1,2]]" },
      { statusCode: 400, body: JSON.stringify({ code: "x\u001b[2J", detail: "a\u001b[2J" }) },
    ];
    const texts: string[] = [];
    for (const answer of answers) {
      const service = await serve((_, response) =>
        answer === undefined ? response.writeHead(500).end() : response.end(JSON.stringify(answer)),
      );
      const { stdout } = await run([dog, "--function", "breeds\u001b[2J"], at(service));
      texts.push(stdout);
    }

    assert.match(texts[0] ?? "", /the log group \/aws\/lambda\/breeds\?\[2J\.$/m);
    assert.doesNotMatch(texts[1] ?? "", /^model/m);
    assert.match(texts[2] ?? "", /1 x x\?\[2J: a\?\[2J$/m);
    assert.doesNotMatch(texts.join("").replaceAll("\n", ""), /\p{Cc}/u);
  });

  it("prefers the names of --labels", async () => {
    const { service } = await lambda();

    const { stdout } = await run([dog, "--function", "breeds", "--labels", labels], at(service));

    assert.match(stdout, /^ {2}1 {2}Collie +70\.0 %/m);
  });

  it("sends a URL as the mission's event, and tells the function's refusal", async () => {
    const { service } = await lambda();
    const url = "https://images.example.org/dog.jpg";

    const { status, json } = await runJson([url, "--function", "breeds", "--top", "2"], at(service));

    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(service.seen[0]?.body.toString() ?? ""), { url, top: 2 });
    assert.equal(failureIn(json)?.code, "url-not-accepted");
  });

  it("tells that the function itself failed, and where its log is", async () => {
    const service = await serve((_, response) =>
      response.writeHead(200, { "x-amz-function-error": "Unhandled" }).end(
        JSON.stringify({
          errorType: "Runtime.ExitError",
          errorMessage: "Task timed out after 3.00 seconds",
        }),
      ),
    );

    const { status, json } = await runJson([dog, "--function", "breeds:live"], at(service));

    assert.equal(status, 1);
    assert.deepEqual(
      [failureIn(json)?.cause, failureIn(json)?.next],
      ["The function failed: Task timed out after 3.00 seconds", "Look at the log group /aws/lambda/breeds."],
    );
  });

  it("tells a problem that the function told as an error, with what to do about it", async () => {
    const service = await serve((_, response) =>
      response.writeHead(200, { "x-amz-function-error": "Unhandled" }).end(
        JSON.stringify({
          errorType: "endpoint-unavailable",
          errorMessage: "The endpoint is not ready. Try again later.",
          trace: [],
        }),
      ),
    );

    const { status, json } = await runJson([dog, "--function", "breeds:live"], at(service));

    const { code, cause, next } = failureIn(json) ?? {};
    assert.deepEqual(
      [status, code, cause, next],
      [
        1,
        "endpoint-unavailable",
        "The endpoint is not ready. Try again later.",
        "Try again in a minute: the endpoint is starting or scaling.",
      ],
    );
  });

  it("tells what to do about an image in S3 that the function did not get", () => {
    for (const [code, next] of [
      ["object-not-accepted", /^List the bucket in the function's image buckets/],
      ["object-not-readable", /^See that the object exists/],
      ["storage-unavailable", /^Try again in a minute/],
    ] as const) {
      const reply = replyOfError(JSON.stringify({ errorType: code, errorMessage: "No." }));

      assert.ok(reply?.kind === "failed");
      assert.equal(reply.failure.code, code);
      assert.match(reply.failure.next, next);
    }
  });

  it("tells an answer that is none of the function's", async () => {
    const codes: (string | undefined)[] = [];
    for (const payload of ["null", "not json", '{"statusCode":200,"body":"[]"}', '{"statusCode":200}']) {
      const service = await serve((_, response) => response.end(payload));
      const { status, json } = await runJson([dog, "--function", "breeds"], at(service));
      codes.push(`${status} ${failureIn(json)?.code}`);
    }

    assert.deepEqual(codes, ["1 no-answer", "1 no-answer", "1 no-labels", "1 no-answer"]);
  });
});

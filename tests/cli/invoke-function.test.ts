import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { createClient, createHandler } from "../../lambda/invoke/core";
import { readSettings } from "../../lambda/invoke/env";
import { withShortTimers } from "../support/short-timers";
import { invokeTools, jpeg, logits, type Service } from "./invoke-tools";

describe("sagemaker-ops invoke --function", () => {
  const { dog, labels, serve, run, runJson, failureIn } = invokeTools();

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

  it("sends a request once, and tells that the function is overloaded", async () => {
    const service = await serve((_, response) =>
      response.writeHead(429, { "x-amzn-errortype": "TooManyRequestsException" }).end("{}"),
    );

    const { status, json } = await runJson([dog, "--function", "breeds"], at(service));

    assert.deepEqual([status, failureIn(json)?.code, service.seen.length], [1, "throttled", 1]);
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

  const stalls: readonly [string, (response: ServerResponse) => void][] = [
    ["does not begin", () => undefined],
    [
      "stalls behind its headers",
      (response) => void response.writeHead(200, { "content-length": "1000" }).write("{"),
    ],
  ];
  for (const [title, respond] of stalls) {
    it(`gives up on an answer that ${title}, above the 900 s that a function may run`, async () => {
      const service = await serve((_, response) => respond(response));

      const { status, json } = await withShortTimers(910_000, () =>
        runJson([dog, "--function", "breeds"], at(service)),
      );

      assert.deepEqual([status, failureIn(json)?.code, service.seen.length], [1, "timeout", 1]);
    });
  }

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

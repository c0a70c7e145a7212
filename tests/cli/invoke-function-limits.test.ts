import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, it } from "mocha";
import { withShortTimers } from "../support/short-timers";
import { silentPort } from "../support/silent-port";
import { invokeTools, type Service } from "./invoke-tools";

describe("a request of sagemaker-ops invoke --function", () => {
  const { dog, serve, runJson, failureIn } = invokeTools();
  const at = ({ origin }: Service) => ({ AWS_ENDPOINT_URL_LAMBDA: origin });

  it("is sent once, which tells that the function is overloaded", async () => {
    const service = await serve((_, response) =>
      response.writeHead(429, { "x-amzn-errortype": "TooManyRequestsException" }).end("{}"),
    );

    const { status, json } = await runJson([dog, "--function", "breeds"], at(service));

    assert.deepEqual([status, failureIn(json)?.code, service.seen.length], [1, "throttled", 1]);
  });

  it("is on its way with as many others as told", async () => {
    const waiting: ServerResponse[] = [];
    const service = await serve((_, response) => {
      waiting.push(response);
      if (waiting.length === 10) for (const one of waiting) one.end('{"statusCode":200,"body":"[[1,2]]"}');
    });

    const { json } = await runJson(
      [dog, "--function", "breeds", "--repeat", "10", "--concurrency", "10"],
      at(service),
    );

    assert.equal(json.answered, 10);
  });

  it("gives up on a connection that does not come about, 5 s after it asked", async () => {
    const { port, close } = await silentPort();
    try {
      // The client sets its 5 s in two timers.
      const { status, json } = await withShortTimers(1000, () =>
        withShortTimers(4000, () =>
          runJson([dog, "--function", "breeds"], { AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}` }),
        ),
      );

      assert.deepEqual([status, failureIn(json)?.code], [1, "timeout"]);
    } finally {
      close();
    }
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
});

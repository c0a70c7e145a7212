import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, it } from "mocha";
import { startBridge } from "../../cli/core/invoke/bridge";
import { invokeTools, type Seen } from "./invoke-tools";

const attributes = "x-amzn-sagemaker-custom-attributes";

/** Does not prove that SageMaker stands so before a container. */
describe("the bridge before a serving process", () => {
  const { serve } = invokeTools();

  /** Calls a bridge as a client of SageMaker's runtime does. */
  const ask = async (serving: string, init: RequestInit = {}) => {
    const bridge = await startBridge(new URL(serving));
    try {
      const response = await fetch(`${bridge.endpoint}/endpoints/e/invocations`, { method: "POST", ...init });
      const { status, headers } = response;
      return { status, headers, text: await response.text() };
    } finally {
      await bridge.close();
    }
  };
  const answering = (respond: (response: ServerResponse, seen: Seen) => void) =>
    serve((seen, response) => respond(response, seen));

  it("hands over types and custom attributes, both ways", async () => {
    const { origin, seen } = await answering((response) =>
      response
        .writeHead(201, { "content-type": "application/x-logits", [attributes]: "model-sha256=ab" })
        .end("[[1]]"),
    );

    const { status, headers, text } = await ask(origin, {
      headers: { "content-type": "image/png", accept: "application/json", [attributes]: "correlation-id=c" },
      body: "image",
    });

    const [request] = seen;
    assert.deepEqual(
      [request?.method, request?.url, request?.body.toString()],
      ["POST", "/invocations", "image"],
    );
    assert.deepEqual(
      [request?.headers["content-type"], request?.headers.accept, request?.headers[attributes]],
      ["image/png", "application/json", "correlation-id=c"],
    );
    assert.deepEqual(
      [status, headers.get("content-type"), headers.get(attributes), text],
      [200, "application/x-logits", "model-sha256=ab", "[[1]]"],
    );
  });

  it("adds no type and no attribute that nobody gave", async () => {
    const { origin, seen } = await answering((response) => response.writeHead(200).end("[[1]]"));

    const { headers } = await ask(origin, { body: new Uint8Array([1]) });

    const sent = seen[0]?.headers ?? {};
    assert.deepEqual(
      [sent["content-type"], sent.accept, attributes in sent],
      ["application/octet-stream", "*/*", false],
    );
    assert.deepEqual(
      [headers.get("content-type"), headers.get(attributes)],
      ["application/octet-stream", null],
    );
  });

  for (const refused of [302, 400, 500])
    it(`tells an answer of ${refused} as the model's error`, async () => {
      const { origin } = await answering((response) => response.writeHead(refused).end("not so"));

      const { status, headers, text } = await ask(origin);

      assert.deepEqual([status, headers.get("x-amzn-errortype")], [424, "ModelError"]);
      assert.deepEqual(JSON.parse(text), {
        Message: "ModelError",
        OriginalStatusCode: refused,
        OriginalMessage: "not so",
      });
    });

  it("tells a process that is gone, and an answer that is cut off, as a service that is not available", async () => {
    const { origin } = await answering((response) => {
      response.writeHead(200, { "content-length": "100" }).write("[[");
      setImmediate(() => response.destroy());
    });

    for (const serving of ["http://127.0.0.1:1", origin]) {
      const { status, headers } = await ask(serving);
      assert.deepEqual([status, headers.get("x-amzn-errortype")], [503, "ServiceUnavailable"], serving);
    }
  });

  it("gives up what its caller gave up", async () => {
    const abort = new AbortController();
    let closed: Promise<unknown> | undefined;
    const { origin } = await answering((response) => {
      closed = new Promise((resolve) => response.on("close", resolve));
      abort.abort();
    });
    const bridge = await startBridge(new URL(origin));
    try {
      const call = fetch(`${bridge.endpoint}/endpoints/e/invocations`, {
        method: "POST",
        signal: abort.signal,
      });

      await assert.rejects(call, { name: "AbortError" });
      assert.ok(closed !== undefined);
      await closed;
    } finally {
      await bridge.close();
    }
  });

  it("finds a process beneath a path", async () => {
    const { origin, seen } = await answering((response) => response.writeHead(200).end("[[1]]"));

    await ask(`${origin}/pre/`);

    assert.equal(seen[0]?.url, "/pre/invocations");
  });
});

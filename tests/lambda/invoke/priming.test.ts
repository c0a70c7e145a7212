import assert from "node:assert/strict";
import { createClient, createHandler } from "../../../lambda/invoke/core";
import { prime } from "../../../lambda/invoke/priming";
import { startRuntime, until } from "../../support/runtime-server";
import { context, jpeg, settings, testClient } from "./fake-endpoint";
import { timersOf } from "./timers";

const direct = { image: jpeg.toString("base64") };

/** No limit that a slow machine could reach. */
const noHurry = 60_000;

describe("priming", () => {
  it("opens the connection of the first request, and calls no endpoint", async () => {
    const runtime = await startRuntime((response, attempt) =>
      attempt === 1 ? response.writeHead(404).end("no ping") : response.writeHead(200).end("[[1,2,3]]"),
    );
    const lines: string[] = [];
    const client = createClient(testClient(runtime.endpoint));
    const services = { client, settings, write: (line: string) => void lines.push(line) };
    try {
      assert.equal(await prime(services, noHurry), "done");
      assert.deepEqual(
        runtime.seen.map(({ method, url, headers }) => [method, url, headers.authorization]),
        [["GET", "/ping", undefined]],
      );
      assert.deepEqual(lines, []);

      const answer = await createHandler(services)(direct, context());

      assert.equal(answer.statusCode, 200);
      assert.equal(runtime.connections().opened, 1);
      assert.equal(JSON.parse(lines[0] ?? "").ColdStart, 1);
    } finally {
      client.destroy();
      await runtime.close();
    }
  });

  it("is ended by its limit, and leaves nothing open, when nobody ever answers", async () => {
    const runtime = await startRuntime(() => undefined);
    const client = createClient(testClient(runtime.endpoint));
    try {
      assert.equal(await prime({ client, settings, write: () => undefined }, 200), "late");
      await until(() => runtime.connections().open === 0);
    } finally {
      client.destroy();
      await runtime.close();
    }
  });

  it("has a limit of 500 ms", async () => {
    const runtime = await startRuntime((response) => response.writeHead(404).end());
    const client = createClient(testClient(runtime.endpoint));
    try {
      const [first] = await timersOf(() => prime({ client, settings, write: () => undefined }));

      assert.equal(first, 500);
    } finally {
      client.destroy();
      await runtime.close();
    }
  });

  it("fails nothing when there is no network, and when there are no credentials", async () => {
    const offline = createClient(testClient("http://127.0.0.1:1"));
    const nameless = createClient({
      ...testClient("http://127.0.0.1:1"),
      credentials: async () => {
        throw new Error("none");
      },
    });
    for (const client of [offline, nameless]) {
      assert.equal(await prime({ client, settings, write: () => undefined }, noHurry), "failed");
      client.destroy();
    }
  });
});

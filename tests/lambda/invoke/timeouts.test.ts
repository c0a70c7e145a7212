import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { until } from "../../support/runtime-server";
import { withShortTimers } from "../../support/short-timers";
import { silentPort } from "../../support/silent-port";
import { context, jpeg, withEndpoint } from "./fake-endpoint";
import { timersOf } from "./timers";

const direct = { image: jpeg.toString("base64") };

/** Time that is kept back to answer in, and time for a busy machine. */
const answerMilliseconds = 250;
const slackMilliseconds = 1500;

describe("the time limits of the invoke function", () => {
  const slow: readonly [string, (response: ServerResponse) => void][] = [
    ["never answers", () => undefined],
    [
      "sends its headers byte by byte",
      (response) => drip(response, "HTTP/1.1 200 OK\r\nx-slow: 1".split("")),
    ],
    [
      "sends its body byte by byte",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const timer = setInterval(() => response.write(" "), 20);
        response.once("close", () => clearInterval(timer));
      },
    ],
    [
      "stops within its body",
      (response) => {
        response.writeHead(200, { "content-length": "1000" }).write("[[1,");
      },
    ],
    [
      "stops within the body of an error",
      (response) => {
        response.writeHead(500, { "content-length": "1000" }).write("{");
      },
    ],
  ];
  for (const [title, respond] of slow) {
    it(`end a call to an endpoint that ${title}: 504, one attempt, connection closed`, async () => {
      await withEndpoint(respond, async ({ handler, seen, connections }) => {
        const started = performance.now();
        const answer = await handler(direct, context(650));
        const milliseconds = performance.now() - started;

        assert.deepEqual(
          [answer.statusCode, JSON.parse(answer.body).code],
          [504, "endpoint-timeout"],
          answer.body,
        );
        assert.equal(seen.length, 1);
        assert.ok(milliseconds >= 390, `gave up after ${milliseconds} ms`);
        assert.ok(milliseconds < 650 - answerMilliseconds + slackMilliseconds, `took ${milliseconds} ms`);
        await until(() => connections().open === 0);
      });
    });
  }

  /** The two limits are minutes: where one is set, the timer of the test's own comes in its place. */
  const shortened: readonly [string, number, (response: ServerResponse) => void][] = [
    ["does not begin to answer within 65 s", 65_000, () => undefined],
    [
      "sends nothing behind its headers for 70 s, which the client's own limits do not end",
      70_000,
      (response) => void response.writeHead(200, { "content-length": "1000" }).write("[[1,"),
    ],
  ];
  for (const [title, limit, respond] of shortened) {
    it(`end a call to an endpoint that ${title}, though the function has time left`, async () => {
      await withEndpoint(respond, async ({ handler, seen, connections }) => {
        const answer = await withShortTimers(limit, () => handler(direct, context(900_000)));

        assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [504, "endpoint-timeout"]);
        assert.equal(seen.length, 1);
        await until(() => connections().open === 0);
      });
    });
  }

  it("end a call on a connection that fell silent after a good answer, and leave it for a new one", async () => {
    await withEndpoint(
      (response, attempt) => {
        if (attempt !== 2) response.writeHead(200).end("[[1,2,3]]");
      },
      async ({ handler, seen, connections }) => {
        assert.equal((await handler(direct, context())).statusCode, 200);
        const silent = await handler(direct, context(650));
        assert.deepEqual([silent.statusCode, connections().opened, seen.length], [504, 1, 2]);

        assert.equal((await handler(direct, context())).statusCode, 200);
        assert.equal(connections().opened, 2);
      },
    );
  });

  it("end a connection on which nothing is ever read or said, as when TLS is expected", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.pause()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      await withEndpoint(
        () => undefined,
        async ({ handler }) => {
          const answer = await handler(direct, context(650));

          assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [504, "endpoint-timeout"]);
        },
        { client: { endpoint: `https://127.0.0.1:${port}` } },
      );
    } finally {
      // Paused, they do not see that the other side is gone.
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("end a connection that does not come about, and try once more", async () => {
    const { port, close } = await silentPort();
    try {
      await withEndpoint(
        () => undefined,
        async ({ handler, lines }) => {
          const answer = await handler(direct, context(10_000));

          assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [504, "endpoint-timeout"]);
          const line = JSON.parse(lines[0] ?? "");
          assert.equal(line.Retries, 1);
          assert.match(line.cause.message, /did not establish a connection/);
          assert.ok(line.ServedMilliseconds < 8000, `took ${line.ServedMilliseconds} ms`);
        },
        { client: { endpoint: `http://127.0.0.1:${port}` } },
      );
    } finally {
      close();
    }
  });

  it("leave time for the answer: nothing is called when none is left", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, seen }) => {
        assert.equal((await handler(direct, context(200))).statusCode, 504);
        assert.equal(seen.length, 0);
      },
    );
  });

  it("are those of an API Gateway, where the event came through one, but for a function with less time left", async () => {
    const deadlines: number[] = [];
    const body = JSON.stringify({ url: "https://example.org/dog.jpg" });
    const event = { httpMethod: "POST", headers: { "content-type": "application/json" }, body };
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler }) => {
        const before = Date.now();
        const timers = await timersOf(async () => {
          await handler(event, context(60_000));
          await handler(event, context(10_000));
          await handler(JSON.parse(body), context(60_000));
        });
        const after = Date.now();

        for (const milliseconds of [28_500, 9750, 59_750])
          assert.ok(timers.includes(milliseconds), `${milliseconds} in ${timers}`);
        // A download has three seconds of it.
        assert.equal(deadlines.length, 3);
        for (const deadline of deadlines)
          assert.ok(deadline >= before + 3000 && deadline <= after + 3000, `${deadline - before} ms`);
      },
      {
        settings: { imageHosts: ["*"] },
        services: {
          fetchImage: async (_, { deadline }) => {
            deadlines.push(deadline);
            return jpeg;
          },
        },
      },
    );
  });

  it("leave no timer behind: an environment is frozen with nothing to do", async () => {
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler }) => {
        await handler(direct, context());
        const before = timers();
        for (let call = 0; call < 20; call++) await handler(direct, context());
        await new Promise((resolve) => setImmediate(resolve));

        assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
      },
    );
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

/** Writes past the response object, which would send its headers at once. */
function drip(response: ServerResponse, pieces: readonly string[]): void {
  const rest = [...pieces];
  const timer = setInterval(() => {
    const piece = rest.shift();
    if (piece !== undefined) response.socket?.write(piece);
  }, 20);
  response.socket?.once("close", () => clearInterval(timer));
}

import assert from "node:assert/strict";
import type { Services } from "../../../lambda/invoke/core";
import { context, jpeg, withEndpoint } from "./fake-endpoint";

const image = jpeg.toString("base64");

/** The fields of the log lines of a few events, each a health event or an image. */
async function logged(services: Partial<Services>, events: readonly unknown[]) {
  return withEndpoint(
    (response) => response.writeHead(200).end("[[1,2,3]]"),
    async ({ handler, lines }) => {
      for (const event of events) await handler(event, context());
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    { services },
  );
}

describe("the log line of a request", () => {
  it("counts a cold start at the first request that is logged, and not at a health event before it", async () => {
    const lines = await logged({}, [{ health: true }, { image }, { health: true }, { image }]);

    assert.deepEqual(
      lines.map(({ ColdStart }) => ColdStart),
      [1, 0],
    );
  });

  it("counts a request that failed as the first", async () => {
    const lines = await logged({}, [{ image: "%%%%" }, { image }]);

    assert.deepEqual(
      lines.map(({ ColdStart, statusCode }) => [ColdStart, statusCode]),
      [
        [1, 400],
        [0, 200],
      ],
    );
  });

  it("counts no cold start in an environment that was provisioned: nobody waited for it", async () => {
    const lines = await logged({ provisioned: true }, [{ image }, { image }]);

    assert.deepEqual(
      lines.map(({ ColdStart }) => ColdStart),
      [0, 0],
    );
  });

  it("takes a short word of the caller's as correlation id, and nothing else", async () => {
    const ids = ["a.b:c_d-e", "x".repeat(64), "x".repeat(65), "a,b", "a b", ""];

    const lines = await logged(
      {},
      ids.map((id) => ({
        httpMethod: "POST",
        headers: { "x-correlation-id": id },
        body: image,
        isBase64Encoded: true,
      })),
    );

    assert.deepEqual(
      lines.map(({ correlationId }) => correlationId),
      ["a.b:c_d-e", "x".repeat(64), ...Array(4).fill("request-1")],
    );
  });

  it("tells the version that ran where it is a published one", async () => {
    const versions = ["13", "$LATEST", undefined, "13\n"];

    const told: unknown[] = [];
    for (const version of versions) told.push((await logged({ version }, [{ image }]))[0]?.Version);

    assert.deepEqual(told, ["13", undefined, undefined, undefined]);
  });
});

import assert from "node:assert/strict";
import { fetchImage } from "../../../lambda/invoke/fetch/fetch-image";
import { startRuntime, until } from "../../support/runtime-server";
import { withShortTimers } from "../../support/short-timers";
import { awsError, context, jpeg, png, withEndpoint } from "./fake-endpoint";
import { recordingNetwork, startHost } from "./fetch/loopback";
import { timersOf } from "./timers";

const image = jpeg.toString("base64");
const downloadMilliseconds = 3000;

describe("a download of the invoke function", () => {
  it("ends with the batch that it belongs to: nothing is waited for once another image has failed", async () => {
    const host = await startHost(() => undefined);
    const { network, asked } = recordingNetwork(host.port, {});
    let downloads = 0;
    try {
      await withEndpoint(
        (response) => void until(() => host.requests.length === 1).then(() => awsError(response, 503, "X")),
        async ({ handler, seen }) => {
          const url = "https://images.example.org/dog.jpg";
          const answer = await handler({ images: [image, { url }] }, context(600_000));

          assert.equal(answer.statusCode, 503);
          assert.match(JSON.parse(answer.body).detail, /^Image 0: /);
          assert.deepEqual([seen.length, asked, downloads], [1, ["images.example.org"], 0]);
          await until(() => host.sockets.every(({ closed }) => closed));
        },
        {
          settings: { maxBatch: 2, imageHosts: ["*"] },
          services: {
            // Without a limit of its own, so that the batch's end alone can end it.
            fetchImage: async (url, limits) => {
              downloads += 1;
              try {
                return await fetchImage(url, { ...limits, deadline: Date.now() + 120_000 }, network);
              } finally {
                downloads -= 1;
              }
            },
          },
        },
      );
    } finally {
      await host.close();
    }
  });

  it("ends with its batch where it comes from S3", async () => {
    const s3 = await startRuntime(() => undefined);
    try {
      await withEndpoint(
        (response) => void until(() => s3.seen.length === 1).then(() => awsError(response, 503, "X")),
        async ({ handler }) => {
          // Its own limit never comes, so that the batch's end alone can end it.
          await timersOf(async () => {
            const images = [image, { s3: "s3://pictures/dog.jpg" }];
            const answer = await handler({ images }, context(600_000));

            assert.equal(answer.statusCode, 503);
            assert.match(JSON.parse(answer.body).detail, /^Image 0: /);
          }, downloadMilliseconds);
          await until(() => s3.connections().open === 0);
        },
        { settings: { maxBatch: 2, imageBuckets: ["pictures"] }, services: { s3Endpoint: s3.endpoint } },
      );
    } finally {
      await s3.close();
    }
  });

  it("from S3 is over after 3 s, though the function has time left", async () => {
    const s3 = await startRuntime(() => undefined);
    try {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler }) => {
          const event = { s3: "s3://pictures/dog.jpg" };
          const answer = await withShortTimers(downloadMilliseconds, () => handler(event, context(600_000)));

          assert.deepEqual([answer.statusCode, JSON.parse(answer.body).code], [504, "fetch-timeout"]);
        },
        { settings: { imageBuckets: ["pictures"] }, services: { s3Endpoint: s3.endpoint } },
      );
    } finally {
      await s3.close();
    }
  });

  it("is not begun where the batch is over, nor connected to when its name has been looked up", async () => {
    const over = new AbortController();
    const { network, asked, connections } = recordingNetwork(1, {});
    const limits = { hosts: ["*"], maxBytes: 1000, deadline: Date.now() + 600_000, signal: over.signal };
    const url = "https://images.example.org/dog.jpg";
    const resolve = async (hostname: string, signal: AbortSignal) => {
      const addresses = await network.resolve(hostname, signal);
      over.abort();
      return addresses;
    };

    await assert.rejects(fetchImage(url, limits, { ...network, resolve }), { code: "fetch-timeout" });
    await assert.rejects(fetchImage(url, limits, network), { code: "fetch-timeout" });

    assert.deepEqual([asked.length, connections], [1, []]);
  });

  it("counts a second attempt at S3 among the retries", async () => {
    const s3 = await startRuntime((response, attempt) => {
      if (attempt === 1) response.socket?.resetAndDestroy();
      else response.writeHead(200).end(png);
    });
    try {
      await withEndpoint(
        (response) => response.writeHead(200).end("[[1,2,3]]"),
        async ({ handler, lines }) => {
          const answer = await handler({ s3: "s3://pictures/dog.png" }, context());

          assert.equal(answer.statusCode, 200);
          assert.equal(JSON.parse(lines[0] ?? "").Retries, 1);
        },
        { settings: { imageBuckets: ["pictures"] }, services: { s3Endpoint: s3.endpoint } },
      );
    } finally {
      await s3.close();
    }
  });

  it("tells operators by which code it failed, and not of which host", async () => {
    const cause = Object.assign(new Error("queryA ENOTFOUND secret.example.org"), { code: "ENOTFOUND" });
    const { network } = recordingNetwork(1, {});
    const resolve = async () => {
      throw cause;
    };
    await withEndpoint(
      (response) => response.writeHead(200).end("[[1,2,3]]"),
      async ({ handler, lines }) => {
        const answer = await handler({ url: "https://secret.example.org/dog.jpg" }, context());

        assert.equal(JSON.parse(answer.body).code, "fetch-failed");
        const line = JSON.parse(lines[0] ?? "");
        assert.deepEqual([line.cause.causedBy, line.sources], ["ENOTFOUND", ["url"]]);
        assert.doesNotMatch(lines[0] ?? "", /secret/);
      },
      {
        settings: { imageHosts: ["*"] },
        services: { fetchImage: (url, limits) => fetchImage(url, limits, { ...network, resolve }) },
      },
    );
  });
});

import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { type FetchLimits, fetchImage } from "../../../../lambda/invoke/fetch/fetch-image";
import type { Network } from "../../../../lambda/invoke/fetch/network";
import { FetchRefused } from "../../../../lambda/invoke/fetch/refused";
import { selfSigned } from "./certificate";
import { type Dns, type Host, jpeg, listen, publicAddress, recordingNetwork, startHost } from "./loopback";

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

const url = "https://images.example.org/dogs/1.jpg?size=large";
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);

function limits(overrides: Partial<FetchLimits> = {}): FetchLimits {
  return { hosts: ["*"], maxBytes: 1000, deadline: Date.now() + 10_000, ...overrides };
}

async function refusal(promise: Promise<unknown>): Promise<FetchRefused> {
  const outcome = await promise.catch((error: unknown) => error);
  assert.ok(outcome instanceof FetchRefused, `gave ${String(outcome)}`);
  return outcome;
}

/** Settles once a server's side of a connection is closed, in order or by a reset. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    socket.on("error", () => {}).on("close", () => resolve());
  });
}

/** Against a real TLS server on loopback. Does not prove that the public internet, or Lambda's resolver, is reached. */
describe("fetchImage", () => {
  let host: Host | undefined;
  afterEach(async () => {
    await host?.close();
    host = undefined;
  });

  const serve = async (respond: Respond, dns: Dns = {}) => {
    host = await startHost(respond);
    return { host, ...recordingNetwork(host.port, dns) };
  };

  /** The refusal of one answer, with proof that the connection it came on is closed. */
  const refusalOf = async (respond: Respond, overrides: Partial<FetchLimits> = {}) => {
    const { network, host } = await serve(respond);
    const refused = await refusal(fetchImage(url, limits(overrides), network));
    await Promise.all(host.sockets.map(closing));
    return refused;
  };

  for (const [type, image] of [
    ["JPEG", jpeg],
    ["PNG", png],
  ] as const) {
    it(`gives the bytes of a ${type}, whatever the type that the host claims and the pieces it sends`, async () => {
      const { network } = await serve((_, response) => {
        response.writeHead(200, { "content-type": "text/html", "content-encoding": "Identity" });
        // The rest comes apart from what is too short to tell the type.
        response.write(image.subarray(0, 4), () => setTimeout(() => response.end(image.subarray(4)), 20));
      });

      assert.deepEqual(Buffer.from(await fetchImage(url, limits(), network)), image);
    });
  }

  it("connects to the vetted address under the original name, and asks for no compression", async () => {
    const { network, host, connections } = await serve((_, response) => response.end(jpeg));

    await fetchImage(url, limits(), network);

    const [request] = host.requests;
    assert.deepEqual(connections, [{ address: publicAddress, hostname: "images.example.org" }]);
    assert.equal(host.requests.length, 1);
    assert.deepEqual(
      [request?.method, request?.url, request?.headers],
      [
        "GET",
        "/dogs/1.jpg?size=large",
        {
          host: "images.example.org",
          accept: "image/jpeg, image/png",
          "accept-encoding": "identity",
          "user-agent": "sagemaker-ops",
          connection: "close",
        },
      ],
    );
    assert.equal((host.sockets[0] as { servername?: string } | undefined)?.servername, "images.example.org");
  });

  it("prefers an IPv4 address, and takes an IPv6 address where there is no other", async () => {
    const dns = { "images.example.org": [["2600::1", publicAddress], ["2600::1"]] };
    const { network, connections } = await serve((_, response) => response.end(jpeg), dns);

    await fetchImage(url, limits(), network);
    await fetchImage(url, limits(), network);

    assert.deepEqual(
      connections.map(({ address }) => address),
      [publicAddress, "2600::1"],
    );
  });

  describe("holds the host to its certificate", () => {
    it("refuses one for another name, before anything is sent", async () => {
      const { network, host } = await serve((_, response) => response.end(jpeg));

      const { code, detail } = await refusal(fetchImage("https://other.example.com/", limits(), network));

      assert.deepEqual([code, host.requests.length], ["fetch-failed", 0]);
      assert.equal(detail, "The image could not be fetched from the host.");
    });

    it("refuses one of an authority that is not trusted", async () => {
      const { host } = await serve((_, response) => response.end(jpeg));
      const { network } = recordingNetwork(host.port, {}, selfSigned(["images.example.org"]).cert);

      const { code } = await refusal(fetchImage(url, limits(), network));

      assert.deepEqual([code, host.requests.length], ["fetch-failed", 0]);
    });

    it("refuses one without the address, where the URL gives an address", async () => {
      const { network, host, connections } = await serve((_, response) => response.end(jpeg));

      const { code } = await refusal(fetchImage(`https://${publicAddress}/`, limits(), network));

      assert.deepEqual([code, host.requests.length, connections.length], ["fetch-failed", 0, 1]);
    });
  });

  describe("follows redirects", () => {
    it("up to three, relative or absolute, each resolved and connected to anew", async () => {
      const redirects: readonly (readonly [number, string])[] = [
        [301, "/b"],
        [303, "https://cdn.example.net/c"],
        [308, "//images.example.org/d?e"],
      ];
      const { network, host, asked, connections } = await serve((_, response) => {
        const [status, location] = redirects[host.requests.length - 1] ?? [200, undefined];
        if (location === undefined) response.end(jpeg);
        else response.writeHead(status, { location }).end();
      });

      const bytes = await fetchImage(url, limits(), network);

      assert.deepEqual(Buffer.from(bytes), jpeg);
      assert.deepEqual(
        host.requests.map(({ headers, url: path }) => `${headers.host}${path}`),
        [
          "images.example.org/dogs/1.jpg?size=large",
          "images.example.org/b",
          "cdn.example.net/c",
          "images.example.org/d?e",
        ],
      );
      assert.deepEqual(asked, [
        "images.example.org",
        "images.example.org",
        "cdn.example.net",
        "images.example.org",
      ]);
      assert.equal(connections.length, 4);
    });

    it("without reading the body of the redirect", async () => {
      const { network, host } = await serve((request, response) => {
        if (request.url === "/image") response.end(jpeg);
        // Never ended: whoever reads on, waits.
        else response.writeHead(307, { location: "/image" }).write("x".repeat(100_000));
      });

      assert.deepEqual(Buffer.from(await fetchImage(url, limits(), network)), jpeg);
      await Promise.all(host.sockets.map(closing));
    });

    it("and refuses one without a location", async () => {
      const { code } = await refusalOf((_, response) => response.writeHead(301).end());

      assert.equal(code, "fetch-failed");
    });
  });

  describe("refuses an answer", () => {
    for (const status of [201, 204, 206, 304, 400, 404, 500]) {
      it(`with status ${status}`, async () => {
        const { code, detail } = await refusalOf((_, response) => response.writeHead(status).end());

        assert.deepEqual([code, detail], ["fetch-failed", `The host answered with status ${status}.`]);
      });
    }

    for (const encoding of ["gzip", "br", "deflate", "zstd", "identity, gzip", "x"]) {
      it(`with content encoding ${encoding}`, async () => {
        const { code } = await refusalOf((_, response) =>
          response.writeHead(200, { "content-encoding": encoding }).end(jpeg),
        );

        assert.equal(code, "fetch-failed");
      });
    }

    it("that announces too many bytes, without waiting for them", async () => {
      const { code, detail } = await refusalOf((_, response) =>
        response.writeHead(200, { "content-length": "1001" }).flushHeaders(),
      );

      assert.deepEqual(
        [code, detail],
        ["image-too-large", "The image is larger than 1000 bytes, the most that is taken."],
      );
    });

    it("that sends too many bytes, without reading to their end", async () => {
      const { code } = await refusalOf((_, response) => {
        response.write(jpeg);
        response.write(Buffer.alloc(1000 - jpeg.length + 1));
      });

      assert.equal(code, "image-too-large");
    });

    it("that is text, as soon as its first bytes tell, without reading to its end", async () => {
      const { code } = await refusalOf((_, response) => {
        response.writeHead(200, { "content-type": "image/jpeg" }).write("<!doctype html>");
      });

      assert.equal(code, "unsupported-image");
    });

    it("that is empty, or shorter than any signature", async () => {
      for (const body of ["", "\xff\xd8"]) {
        const { code } = await refusalOf((_, response) => response.end(body, "latin1"));
        await host?.close();

        assert.equal(code, "unsupported-image");
      }
    });

    it("that ends before its announced length", async () => {
      const { code } = await refusalOf((_, response) => {
        response.writeHead(200, { "content-length": "500" }).write(jpeg, () => response.socket?.end());
      });

      assert.equal(code, "fetch-failed");
    });

    it("that ends before its last chunk", async () => {
      const { code } = await refusalOf((_, response) => {
        response.writeHead(200).write(jpeg, () => response.socket?.end());
      });

      assert.equal(code, "fetch-failed");
    });

    for (const [what, text] of [
      ["is no HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
      ["has endless headers", `HTTP/1.1 200 OK\r\n${"x-padding: 0123456789\r\n".repeat(2000)}`],
      ["switches protocols", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
      [
        "has two lengths",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n\xff\xd8\xff\xe0",
      ],
      [
        "has a length and chunks",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\n\xff\xd8\xff\r\n0\r\n\r\n",
      ],
    ] as const) {
      it(`that ${what}`, async () => {
        const { code } = await refusalOf((_, response) => response.socket?.write(text, "latin1"));

        assert.equal(code, "fetch-failed");
      });
    }

    it("that is a reset connection", async () => {
      const { code } = await refusalOf((_, response) => response.socket?.destroy());

      assert.equal(code, "fetch-failed");
    });
  });

  it("takes an image of exactly the largest size, announced or not", async () => {
    const image = Buffer.concat([jpeg, Buffer.alloc(990)]);
    for (const headers of [{ "content-length": "1000" }, { "transfer-encoding": "chunked" }]) {
      const { network } = await serve((_, response) => response.writeHead(200, headers).end(image));

      assert.equal((await fetchImage(url, limits(), network)).length, 1000);
      await host?.close();
    }
  });

  describe("ends at the deadline", () => {
    const soon = () => ({ deadline: Date.now() + 150 });

    it("when it has passed, without asking for anything", async () => {
      const { network, asked } = await serve((_, response) => response.end(jpeg));

      const { code } = await refusal(fetchImage(url, limits({ deadline: Date.now() - 1 }), network));

      assert.deepEqual([code, asked], ["fetch-timeout", []]);
    });

    it("while the name is resolved, and tells the resolver", async () => {
      let ended = false;
      const network: Network = {
        resolve: (_, signal) => {
          signal.addEventListener("abort", () => {
            ended = true;
          });
          return new Promise(() => {});
        },
        connect: () => assert.fail("connected without an address"),
      };

      const { code } = await refusal(fetchImage(url, limits(soon()), network));

      assert.deepEqual([code, ended], ["fetch-timeout", true]);
    });

    it("in the TLS handshake, and closes the connection", async () => {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => sockets.push(socket.resume()));
      const { network } = recordingNetwork(await listen(silent));

      const { code } = await refusal(fetchImage(url, limits(soon()), network));

      assert.equal(code, "fetch-timeout");
      assert.equal(sockets.length, 1);
      await Promise.all(sockets.map(closing));
      await new Promise((resolve) => silent.close(resolve));
    });

    it("while the host keeps silent, and closes the connection", async () => {
      const { code } = await refusalOf(() => {}, soon());

      assert.equal(code, "fetch-timeout");
    });

    for (const [what, first, drop] of [
      ["headers", "HTTP/1.1 200 OK\r\n", "x: y\r\n"],
      ["body", "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n\xff\xd8\xff\xe0", "\0"],
      ["interim answers", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"],
    ] as const) {
      it(`while ${what} drip, and closes the connection`, async () => {
        const { code } = await refusalOf((_, { socket }) => {
          socket?.write(first, "latin1");
          const drip = setInterval(() => socket?.write(drop, "latin1"), 10);
          socket?.on("close", () => clearInterval(drip));
        }, soon());

        assert.equal(code, "fetch-timeout");
      });
    }

    it("over all redirects together", async () => {
      const { code } = await refusalOf(
        (_, response) => setTimeout(() => response.writeHead(302, { location: "/next" }).end(), 70),
        soon(),
      );

      assert.equal(code, "fetch-timeout");
    });
  });

  it("tells callers neither address nor cause, and keeps the cause for the log", async () => {
    const network: Network = {
      resolve: () => Promise.reject(new Error("queryA ESERVFAIL images.example.org at 10.0.0.2")),
      connect: () => assert.fail("connected without an address"),
    };

    const { code, detail, cause } = await refusal(fetchImage(url, limits(), network));

    assert.deepEqual([code, detail], ["fetch-failed", "The image could not be fetched from the host."]);
    assert.match(String(cause), /ESERVFAIL/);
  });
});

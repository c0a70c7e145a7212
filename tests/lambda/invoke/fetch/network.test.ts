import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { addressesOf, connectionOptions } from "../../../../lambda/invoke/fetch/network";

const typeA = 1;

interface Answer {
  /** https://www.iana.org/assignments/dns-parameters/: 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN. */
  readonly code: number;
  readonly addresses?: readonly (readonly number[])[];
}

/** A name server on loopback; no answer from `respond` is no answer on the wire. */
async function withNameServer<T>(
  respond: (type: number) => Answer | undefined,
  use: (resolver: Resolver, questions: number[]) => Promise<T>,
): Promise<T> {
  const questions: number[] = [];
  const server: Socket = createSocket("udp4", (query, { port }) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const type = question.readUInt16BE(question.length - 4);
    questions.push(type);
    const answer = respond(type);
    if (answer === undefined) return;
    const records = (answer.addresses ?? []).map((bytes) =>
      // A pointer to the question's name, the type, class IN, 60 s, the address.
      Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes]),
    );
    const header = Buffer.concat([
      query.subarray(0, 2),
      Buffer.of(0x81, 0x80 | answer.code, 0, 1, 0, records.length, 0, 0, 0, 0),
    ]);
    server.send(Buffer.concat([header, question, ...records]), port);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  try {
    return await use(resolver, questions);
  } finally {
    await new Promise<void>((resolve) => server.close(resolve));
  }
}

const never = new AbortController().signal;
const ipv6 = [0x26, 0x06, ...Array(13).fill(0), 1];

/** Against a name server on loopback; does not prove what the resolver of a Lambda environment answers. */
describe("addressesOf", () => {
  it("gives the addresses of both families, asked for once each", async () => {
    const [addresses, questions] = await withNameServer(
      (type) => ({
        code: 0,
        addresses:
          type === typeA
            ? [
                [93, 184, 215, 14],
                [8, 8, 8, 8],
              ]
            : [ipv6],
      }),
      async (resolver, asked) => [await addressesOf("images.example.org", never, resolver), asked] as const,
    );

    assert.deepEqual([...addresses].sort(), ["2606::1", "8.8.8.8", "93.184.215.14"]);
    assert.equal(questions.length, 2);
  });

  it("takes a name with addresses of one family alone", async () => {
    const addresses = await withNameServer(
      (type) => ({ code: 0, addresses: type === typeA ? [[8, 8, 8, 8]] : [] }),
      (resolver) => addressesOf("images.example.org", never, resolver),
    );

    assert.deepEqual(addresses, ["8.8.8.8"]);
  });

  it("gives nothing for a name that does not exist", async () => {
    const addresses = await withNameServer(
      () => ({ code: 3 }),
      (resolver) => addressesOf("absent.example.org", never, resolver),
    );

    assert.deepEqual(addresses, []);
  });

  it("fails where the name servers fail", async () => {
    await assert.rejects(
      withNameServer(
        () => ({ code: 2 }),
        (resolver) => addressesOf("broken.example.org", never, resolver),
      ),
      { code: "ESERVFAIL" },
    );
  });

  it("asks for nothing more once it has failed", async () => {
    let other: Promise<unknown> = Promise.resolve();
    await withNameServer(
      (type) => (type === typeA ? { code: 2 } : undefined),
      async (resolver) => {
        const resolve6 = resolver.resolve6.bind(resolver);
        Object.assign(resolver, {
          resolve6: (hostname: string) => {
            const asked = resolve6(hostname);
            other = asked;
            return asked;
          },
        });

        await assert.rejects(addressesOf("half.example.org", never, resolver), { code: "ESERVFAIL" });
        await assert.rejects(other, { code: "ECANCELLED" });
      },
    );
  });

  it("ends with its signal where nobody answers", async () => {
    const abort = new AbortController();
    await assert.rejects(
      withNameServer(
        () => {
          abort.abort();
          return undefined;
        },
        (resolver) => addressesOf("silent.example.org", abort.signal, resolver),
      ),
      { code: "ECANCELLED" },
    );
  });
});

describe("connectionOptions", () => {
  it("names the address to connect to, and the host for SNI and the certificate", () => {
    const { checkServerIdentity, ...rest } = connectionOptions({
      address: "93.184.215.14",
      hostname: "images.example.org",
    });

    assert.deepEqual(rest, {
      host: "93.184.215.14",
      port: 443,
      servername: "images.example.org",
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
      ALPNProtocols: ["http/1.1"],
    });
    assert.equal(typeof checkServerIdentity, "function");
  });

  it("sends no SNI for an address", () => {
    assert.equal("servername" in connectionOptions({ address: "8.8.8.8", hostname: "8.8.8.8" }), false);
  });
});

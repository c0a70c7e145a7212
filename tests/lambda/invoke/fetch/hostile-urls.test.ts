import assert from "node:assert/strict";
import { fetchImage } from "../../../../lambda/invoke/fetch/fetch-image";
import { FetchRefused } from "../../../../lambda/invoke/fetch/refused";
import corpus from "../../../fixtures/hostile-urls.json";
import { type Dns, type Host, jpeg, recordingNetwork, startHost } from "./loopback";

interface HostileUrl {
  readonly url: string;
  readonly code: string;
  /** @default ["*"], the list that leaves everything to the other checks */
  readonly hosts?: readonly string[];
  readonly dns?: Dns;
  /** `Location` of the first answer, the second, … After the last one comes an image. */
  readonly redirects?: readonly string[];
  /** Connections to public addresses that are made before the refusal. @default 0 */
  readonly connections?: number;
}

const categories = corpus as readonly { readonly category: string; readonly cases: readonly HostileUrl[] }[];

/**
 * Whatever is not refused gets an image from the test's server and so fails its test. The sockets are real and on loopback;
 * where they were meant to go is recorded and judged by IANA's registries, written down apart from the product's.
 */
describe("fetchImage against hostile URLs", () => {
  let host: Host;
  let redirects: string[] = [];
  before(async () => {
    host = await startHost((_, response) => {
      const location = redirects.shift();
      if (location === undefined) response.writeHead(200).end(jpeg);
      // Header values go out as Latin-1, control characters included: written by hand, as an attacker would.
      else response.socket?.end(Buffer.from(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\n\r\n`, "latin1"));
    });
  });
  after(() => host.close());

  it("has at least 200 of them, each written once", () => {
    const all = categories.flatMap(({ cases }) => cases.map((one) => JSON.stringify(one)));

    assert.ok(all.length >= 200, `${all.length} URLs`);
    assert.equal(new Set(all).size, all.length);
  });

  for (const { category, cases } of categories) {
    it(`refuses ${category} (${cases.length})`, async () => {
      for (const one of cases) {
        redirects = [...(one.redirects ?? [])];
        const recorded = recordingNetwork(host.port, one.dns);
        const limits = { hosts: one.hosts ?? ["*"], maxBytes: 1000, deadline: Date.now() + 10_000 };

        const outcome = await fetchImage(one.url, limits, recorded.network).catch((error: unknown) => error);

        const about = JSON.stringify(one).slice(0, 300);
        assert.ok(outcome instanceof FetchRefused, `${about} gave ${String(outcome)}`);
        assert.equal(outcome.code, one.code, `${about}: ${outcome.message}`);
        assert.deepEqual(recorded.slips(), [], about);
        assert.equal(recorded.connections.length, one.connections ?? 0, about);
        assert.doesNotMatch(outcome.detail, /\d+\.\d+\.\d+|::|169|10\.0|example\.net/, about);
      }
    });
  }

  it("asks a rebinding resolver once, and connects to what it vetted", async () => {
    const dns = { "rebind.example.org": [["93.184.215.14"], ["127.0.0.1"]] };
    const recorded = recordingNetwork(host.port, dns);
    const limits = { hosts: ["*"], maxBytes: 1000, deadline: Date.now() + 10_000 };

    const bytes = await fetchImage("https://rebind.example.org/dog.jpg", limits, recorded.network);

    assert.deepEqual(Buffer.from(bytes), jpeg);
    assert.deepEqual(recorded.asked, ["rebind.example.org"]);
    assert.deepEqual(recorded.connections, [{ address: "93.184.215.14", hostname: "rebind.example.org" }]);
  });

  it("names every connection that should not be, when there is one", () => {
    const recorded = recordingNetwork(host.port);
    recorded.network.connect({ address: "169.254.169.254", hostname: "images.example.org" }).destroy();

    assert.deepEqual(recorded.slips(), ["169.254.169.254"]);
  });
});

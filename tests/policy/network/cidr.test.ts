import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { readCidr } from "../../../policy/network/cidr";

describe("readCidr", () => {
  for (const [text, family, prefix, isPrivate] of [
    ["0.0.0.0/0", 4, 0, false],
    [" 128.0.0.0/1 ", 4, 1, false],
    ["203.0.113.7/32", 4, 32, false],
    ["10.0.0.0/8", 4, 8, true],
    ["10.0.0.0/7", 4, 7, false],
    ["172.31.255.255/12", 4, 12, true],
    ["172.32.0.0/16", 4, 16, false],
    ["192.168.1.0/24", 4, 24, true],
    ["192.0.0.0/8", 4, 8, false],
    ["100.64.0.0/10", 4, 10, true],
    ["::/0", 6, 0, false],
    ["0::/0", 6, 0, false],
    ["2001:db8::/32", 6, 32, false],
    ["fd00::/8", 6, 8, true],
    ["fc00::/6", 6, 6, false],
    ["fe80::/10", 6, 10, true],
    ["::1/128", 6, 128, false],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(readCidr(text), { kind: "range", family, prefix, private: isPrivate });
    });
  }

  for (const text of [
    "",
    "0.0.0.0",
    "0.0.0.0/",
    "0.0.0.0/33",
    "::/129",
    "10.0.0/8",
    "a.b.c.d/0",
    "1.2.3.4/0/0",
    "0.0.0.0/-1",
  ]) {
    it(`takes ${JSON.stringify(text)} for no CIDR block`, () => {
      assert.deepEqual(readCidr(text), { kind: "malformed" });
    });
  }

  it("calls no range private that holds a public address", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), fc.integer({ min: 0, max: 32 }), (bytes, prefix) => {
        const block = readCidr(`${bytes.join(".")}/${prefix}`);
        assert.ok(block.kind === "range");
        // The first and the last address of the range, each judged by itself.
        const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
        const size = 2 ** (32 - prefix);
        const first = Math.floor(value / size) * size;
        const alone = [first, first + size - 1].map((address) => {
          const host = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
          const read = readCidr(`${host}/32`);
          return read.kind === "range" && read.private;
        });
        if (block.private) assert.deepEqual(alone, [true, true]);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void readCidr(text)));
  });
});

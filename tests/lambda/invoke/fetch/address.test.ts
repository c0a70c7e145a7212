import assert from "node:assert/strict";
import fc from "fast-check";
import { isPublicAddress } from "../../../../lambda/invoke/fetch/address";
import { shouldBePublic, specialIpv4, specialIpv6 } from "./public-internet";

const ipv4 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
const groups = (values: readonly number[]) => values.map((value) => value.toString(16)).join(":");
const numberOf = (address: string) =>
  address.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);

const group = fc.integer({ min: 0, max: 0xffff });
const privateIpv4 = fc
  .tuple(fc.constantFrom(...specialIpv4), fc.nat(0xffff_ffff))
  .map(([[network, prefix], random]) => numberOf(network) + (random % 2 ** (32 - prefix)));

function disagreements(addresses: Iterable<string>): string[] {
  return [...addresses].filter((address) => isPublicAddress(address) !== shouldBePublic(address));
}

describe("isPublicAddress", () => {
  it("agrees with IANA's registry at both ends of every special IPv4 range, and next to them", () => {
    const edges = specialIpv4.flatMap(([network, prefix]) => {
      const first = numberOf(network);
      const last = first + 2 ** (32 - prefix) - 1;
      return [first - 1, first, first + 1, last - 1, last, last + 1];
    });

    assert.deepEqual(disagreements(edges.filter((edge) => edge >= 0 && edge < 2 ** 32).map(ipv4)), []);
  });

  it("agrees with it at both ends of every /16 of the IPv4 space", () => {
    const ends = Array.from({ length: 65_536 }, (_, index) => [index * 65_536, index * 65_536 + 65_535]);

    assert.deepEqual(disagreements(ends.flat().map(ipv4)), []);
  });

  it("agrees with it anywhere in the IPv4 and IPv6 space", () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.array(group, { minLength: 8, maxLength: 8 }), (value, parts) => {
        assert.deepEqual(disagreements([ipv4(value), groups(parts)]), []);
      }),
      { numRuns: 2000 },
    );
  });

  it("agrees with it in and around the special ranges of global unicast", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...specialIpv6.map(([network]) => network)),
        fc.array(group, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 0, max: 0x2ff }),
        (network, rest, drift) => {
          const [first = 0, second = 0] = network.split(":").map((part) => Number.parseInt(part || "0", 16));
          const head = [first, (second + drift) & 0xffff];

          assert.deepEqual(
            disagreements([groups([...head, 0x8000, ...rest]), groups([...head, 0, ...rest])]),
            [],
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("refuses every IPv6 form that carries a special IPv4 address", () => {
    fc.assert(
      fc.property(privateIpv4, group, (value, random) => {
        const [high, low] = [value >>> 16, value & 0xffff];
        const carriers = [
          [0, 0, 0, 0, 0, 0, high, low],
          [0, 0, 0, 0, 0, 0xffff, high, low],
          [0, 0, 0, 0, 0xffff, 0, high, low],
          [0x64, 0xff9b, 0, 0, 0, 0, high, low],
          [0x64, 0xff9b, 1, random, 0, 0, high, low],
          [0x2002, high, low, random, 0, 0, 0, 1],
          [0x2001, 0, random, random, 0, random, high ^ 0xffff, low ^ 0xffff],
        ];

        assert.deepEqual(
          [...carriers.map(groups), `::ffff:${ipv4(value)}`, `::${ipv4(value)}`].filter(isPublicAddress),
          [],
        );
      }),
      { numRuns: 1000 },
    );
  });

  for (const [what, address] of [
    ["the metadata service", "169.254.169.254"],
    ["the metadata service over IPv6", "fd00:ec2::254"],
    ["the credentials of a container", "169.254.170.2"],
    ["loopback over IPv6", "::1"],
    ["the unspecified address", "::"],
    ["loopback in IPv4-compatible form", "::7f00:1"],
    ["multicast", "ff02::1"],
    ["site-local", "fec0::1"],
    ["an address with a zone", "2600::1%eth0"],
    ["an octal form", "010.8.8.8"],
    ["a short form", "8.8"],
    ["a decimal form", "134744072"],
    ["a name", "example.org"],
    ["nothing", ""],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(isPublicAddress(address), false));
  }

  for (const address of ["8.8.8.8", "1.1.1.1", "223.255.255.255", "2600::1", "2a00:1450:4001:830::200e"]) {
    it(`takes ${address}`, () => assert.equal(isPublicAddress(address), true));
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { privateSubnetCidrs, subnetCidr } from "../../infra/rules/cidr";

describe("subnetCidr", () => {
  const table: [cidrBlock: string, newBits: number, index: number, expected: string][] = [
    ["10.20.0.0/16", 2, 0, "10.20.0.0/18"],
    ["10.20.0.0/16", 2, 1, "10.20.64.0/18"],
    ["10.20.0.0/16", 2, 3, "10.20.192.0/18"],
    ["10.20.0.0/24", 2, 2, "10.20.0.128/26"],
    ["192.168.0.0/16", 8, 255, "192.168.255.0/24"],
    ["10.0.0.0/16", 12, 1, "10.0.0.16/28"],
    ["255.255.0.0/16", 2, 3, "255.255.192.0/18"],
    ["10.20.3.4/16", 2, 1, "10.20.64.0/18"],
    ["10.20.0.0/16", 0, 0, "10.20.0.0/16"],
  ];
  for (const [cidrBlock, newBits, index, expected] of table) {
    it(`finds part ${index} of ${cidrBlock} by ${newBits} bits: ${expected}`, () => {
      assert.equal(subnetCidr(cidrBlock, newBits, index), expected);
    });
  }

  const refused: [cidrBlock: string, newBits: number, index: number, message: RegExp][] = [
    ["10.20.0.0", 2, 0, /"10\.20\.0\.0" is not an IPv4 range/],
    ["10.256.0.0/16", 2, 0, /is not an IPv4 range/],
    ["10.20.0.0/33", 2, 0, /is not an IPv4 range/],
    ["fd00::/16", 2, 0, /is not an IPv4 range/],
    ["10.20.0.0/27", 2, 0, /at most 28 bits/],
    ["10.20.0.0/16", -1, 0, /at most 28 bits/],
    ["10.20.0.0/16", 2, 4, /no part 4, only 0 to 3/],
    ["10.20.0.0/16", 2, -1, /no part -1/],
    ["10.20.0.0/16", 2, 0.5, /no part 0\.5/],
  ];
  for (const [cidrBlock, newBits, index, message] of refused) {
    it(`refuses part ${index} of ${cidrBlock} by ${newBits} bits`, () => {
      assert.throws(() => subnetCidr(cidrBlock, newBits, index), { name: "RangeError", message });
    });
  }
});

describe("privateSubnetCidrs", () => {
  /** First and last address of a range, computed apart from the code under test. */
  function bounds(cidr: string): [first: bigint, last: bigint] {
    const [address = "", bits = ""] = cidr.split("/");
    const first = address.split(".").reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
    return [first, first + (1n << (32n - BigInt(bits))) - 1n];
  }
  const octet = fc.integer({ min: 0, max: 255 });
  const vpcCidr = fc
    .tuple(octet, octet, octet, octet, fc.integer({ min: 16, max: 24 }))
    .map(([a, b, c, d, bits]) => `${a}.${b}.${c}.${d}/${bits}`);

  it("gives parts that lie in the VPC, do not overlap and stay put when a zone is added", () => {
    fc.assert(
      fc.property(vpcCidr, (cidrBlock) => {
        const [vpcFirst, vpcLast] = bounds(subnetCidr(cidrBlock, 0, 0));
        const three = privateSubnetCidrs(cidrBlock, 3);
        assert.deepEqual(privateSubnetCidrs(cidrBlock, 2), three.slice(0, 2));
        const ranges = three.map(bounds);
        for (const [index, [first, last]] of ranges.entries()) {
          assert.ok(first >= vpcFirst && last <= vpcLast);
          const next = ranges[index + 1];
          assert.ok(next === undefined || last < next[0]);
        }
      }),
    );
  });
});

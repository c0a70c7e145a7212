import { isIPv4, isIPv6 } from "node:net";

export type CidrBlock =
  | { readonly kind: "range"; readonly family: 4 | 6; readonly prefix: number; readonly private: boolean }
  | { readonly kind: "malformed" };

/**
 * How much of the address space a CIDR block holds, and whether all of it is private: RFC 1918, the carriers' 100.64.0.0/10, loopback,
 * link-local, and IPv6 unique-local. Bits after the prefix are ignored. Never throws.
 */
export function readCidr(text: string): CidrBlock {
  const [address = "", length = "", ...rest] = text.trim().split("/");
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (family === undefined || rest.length > 0 || !(prefix <= (family === 4 ? 32 : 128))) {
    return { kind: "malformed" };
  }
  const isPrivate = family === 4 ? isPrivateIpv4(address, prefix) : isPrivateIpv6(address, prefix);
  return { kind: "range", family, prefix, private: isPrivate };
}

const PRIVATE_IPV4 = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
] as const;

// By the first 16 bits: unique-local fc00::/7 and link-local fe80::/10.
const PRIVATE_IPV6 = [
  [0xfc00, 7],
  [0xfe80, 10],
] as const;

function isPrivateIpv4(address: string, prefix: number): boolean {
  return PRIVATE_IPV4.some(
    ([start, bits]) => prefix >= bits && sameStart(number(address), number(start), 32, bits),
  );
}

function isPrivateIpv6(address: string, prefix: number): boolean {
  // "::1" has no first group, which is zero then.
  const first = Number.parseInt(address.split(":")[0] || "0", 16);
  return PRIVATE_IPV6.some(([start, bits]) => prefix >= bits && sameStart(first, start, 16, bits));
}

function number(address: string): number {
  return address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function sameStart(left: number, right: number, width: number, bits: number): boolean {
  const size = 2 ** (width - bits);
  return Math.floor(left / size) === Math.floor(right / size);
}

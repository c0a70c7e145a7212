import { z } from "zod";

/**
 * IPv4 range with its host bits cleared. The provider refuses any other spelling of the range, for VPCs and for
 * security group rules, instead of clearing the bits itself.
 */
export function ipv4Range(example: string) {
  return z.cidrv4({ error: `must be an IPv4 range such as ${example}` }).superRefine((range, context) => {
    const cleared = networkOf(range);
    if (cleared !== undefined && cleared !== range) {
      context.addIssue({
        code: "custom",
        message: "has address bits beyond its prefix",
        params: { allowed: cleared, fix: `Write ${cleared}, or the prefix you meant.` },
      });
    }
  });
}

/** Bits of the prefix: 16 of `10.20.0.0/16`. */
export function prefixBits(range: string): number {
  return Number(range.split("/")[1]);
}

/** Whether a range has an address in common with another. */
export function overlaps(one: string, other: string): boolean {
  const bits = Math.min(prefixBits(one), prefixBits(other));
  return cleared(addressOf(one), bits) === cleared(addressOf(other), bits);
}

function networkOf(range: string): string | undefined {
  const bits = prefixBits(range);
  const address = addressOf(range);
  if (!Number.isInteger(address) || !Number.isInteger(bits)) return undefined;
  const network = cleared(address, bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".")}/${bits}`;
}

function cleared(address: number, bits: number): number {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) * size;
}

function addressOf(range: string): number {
  const octets = (range.split("/")[0] ?? "").split(".").map(Number);
  return octets.length === 4 ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : Number.NaN;
}

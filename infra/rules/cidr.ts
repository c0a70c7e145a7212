/** An IPv4 range: its first address as a number and the length of its prefix in bits. */
interface Range {
  readonly first: number;
  readonly bits: number;
}

/**
 * The `index`-th of the `2 ** newBits` equal parts of an IPv4 range, as `cidrsubnet` of Terraform counts them:
 * `subnetCidr("10.20.0.0/16", 2, 1)` is `10.20.64.0/18`.
 *
 * @throws RangeError for a malformed range, a part smaller than /28 (the smallest subnet of a VPC) or an index
 * outside 0 to `2 ** newBits - 1`.
 */
export function subnetCidr(cidrBlock: string, newBits: number, index: number): string {
  const { first, bits } = parse(cidrBlock);
  const subnetBits = bits + newBits;
  if (!Number.isInteger(newBits) || newBits < 0 || subnetBits > 28) {
    throw new RangeError(
      `"${cidrBlock}" cannot be split by ${newBits} bits: a subnet has a prefix of at most 28 bits`,
    );
  }
  const parts = 2 ** newBits;
  if (!Number.isInteger(index) || index < 0 || index >= parts) {
    throw new RangeError(
      `"${cidrBlock}" split by ${newBits} bits has no part ${index}, only 0 to ${parts - 1}`,
    );
  }
  return `${format(first + index * 2 ** (32 - subnetBits))}/${subnetBits}`;
}

/**
 * Ranges of the private subnets, one per zone. The VPC is always split in four, whatever the number of zones, so that
 * a zone added later takes a free quarter and moves no other.
 */
export function privateSubnetCidrs(cidrBlock: string, zoneCount: number): string[] {
  return Array.from({ length: zoneCount }, (_, index) => subnetCidr(cidrBlock, 2, index));
}

function parse(cidrBlock: string): Range {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidrBlock);
  const [bits = Number.NaN] = match === null ? [] : [Number(match[5])];
  const octets = (match ?? []).slice(1, 5).map(Number);
  if (match === null || bits > 32 || octets.some((octet) => octet > 255)) {
    throw new RangeError(`"${cidrBlock}" is not an IPv4 range such as 10.20.0.0/16`);
  }
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  // AWS clears the host bits too: 10.20.3.4/16 is 10.20.0.0/16.
  const size = 2 ** (32 - bits);
  return { first: Math.floor(address / size) * size, bits };
}

function format(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

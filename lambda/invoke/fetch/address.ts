import { isIP } from "node:net";
import { parse } from "ipaddr.js";

/**
 * Whether an address, as a resolver writes it, belongs to the public internet. Everything else is refused: private,
 * loopback, link-local (the metadata services at 169.254.169.254 and fd00:ec2::254 are link-local and unique local),
 * carrier-grade NAT, multicast, documentation, benchmarks, reserved, and every form that carries an IPv4 address inside an
 * IPv6 one (mapped, NAT64, 6to4, Teredo).
 *
 * ipaddr.js knows the ranges of IANA's special-purpose registries and calls the rest "unicast". Three things are added:
 *
 * - Its IPv6 table lists exceptions, so that what it does not list passes: IPv4-compatible `::/96` (`::7f00:1` is
 *   127.0.0.1), `100:0:0:1::/64`, and all space that was never handed out. Global unicast is `2000::/3` alone.
 *   Source: https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
 * - It reads octal, hexadecimal and short IPv4 forms, and `::127.0.0.1` as a mapped address. A resolver writes none of
 *   them; only what Node takes for an address is read at all.
 * - It ignores a zone (`%eth0`), which picks an interface of this machine.
 *
 * An address alone does not tell everything: a NAT64 prefix that a network chose for itself, or a VPC that uses public
 * ranges as its own, look public. Only the network's routes and security groups can refuse those.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || text.includes("%")) return false;
  const address = parse(text);
  return (
    address.range() === "unicast" && (address.kind() === "ipv4" || isGlobalUnicast(address.toByteArray()))
  );
}

/** 2000::/3: the first three bits are 001. */
function isGlobalUnicast([first = 0]: readonly number[]): boolean {
  return first >> 5 === 1;
}

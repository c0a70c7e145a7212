import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, checkServerIdentity, connect } from "node:tls";

export interface Destination {
  /** Vetted address; the connection goes there and nowhere else. */
  readonly address: string;
  /** Name, or address, that the URL gave: for SNI and the certificate. */
  readonly hostname: string;
}

/** The two things a download does outside this process. Tests put their own in place of it. */
export interface Network {
  /**
   * Every IPv4 and IPv6 address of a name; empty when it has none.
   *
   * @param signal ends the lookup.
   */
  resolve(hostname: string, signal: AbortSignal): Promise<readonly string[]>;
  /** An encrypted connection to port 443; it emits `error` unless the certificate is good for the host. */
  connect(destination: Destination): Duplex;
}

/** The network itself. */
export const network: Network = {
  resolve: (hostname, signal) => addressesOf(hostname, signal),
  connect: (destination) => connect(connectionOptions(destination)),
};

/** Nothing is left to defaults or to NODE_TLS_REJECT_UNAUTHORIZED. */
export function connectionOptions({ address, hostname }: Destination): ConnectionOptions {
  return {
    host: address,
    port: 443,
    // SNI takes names only (RFC 6066, section 3).
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    // Node's own check would compare the certificate with `host`, which is the address.
    checkServerIdentity: (_, certificate) => checkServerIdentity(hostname, certificate),
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
  };
}

/**
 * Asks DNS itself and not `dns.lookup`: that runs in one of four threads, and cannot be ended. A name whose servers never
 * answer would hold a thread for many seconds after the call, and a few of them would keep the function from resolving its
 * own endpoint. It also reads the hosts file and search domains, which no public name needs.
 */
export async function addressesOf(
  hostname: string,
  signal: AbortSignal,
  resolver: Resolver = new Resolver(),
): Promise<readonly string[]> {
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const answers = await Promise.all([
      resolver.resolve4(hostname).catch(noneIfAbsent),
      resolver.resolve6(hostname).catch(noneIfAbsent),
    ]);
    return answers.flat();
  } finally {
    signal.removeEventListener("abort", cancel);
    // One of the two may have failed while the other is still being asked for.
    resolver.cancel();
  }
}

/** A name with addresses of one family has none of the other, which is an error to the resolver. */
function noneIfAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENODATA" || error.code === "ENOTFOUND") return [];
  throw error;
}

import { isIP } from "node:net";
import { within } from "../attempts";
import { isPublicAddress } from "./address";
import { exchange } from "./exchange";
import { type Network, network as publicNetwork } from "./network";
import { FetchRefused } from "./refused";
import { readRedirect, readTarget, type Target } from "./target";

export interface FetchLimits {
  /** Hosts that may be fetched from: names, `*.example.org` for every name below one, `*` for every public host. */
  readonly hosts: readonly string[];
  /** Largest image, in bytes. */
  readonly maxBytes: number;
  /** When it must be over, with every redirect, in milliseconds since 1970. */
  readonly deadline: number;
  /** Ends it earlier: nobody waits for the image any more. @default - only the deadline does */
  readonly signal?: AbortSignal;
}

const maxRedirects = 3;

/**
 * Downloads a JPEG or PNG from a URL that a stranger may have written: https on port 443, from a listed host, at public
 * addresses only. A name is resolved once and the connection goes to an address of that answer, so that a second answer
 * cannot lead elsewhere; every redirect is held to all of it again.
 *
 * @throws FetchRefused for everything that can go wrong; its `detail` is fit for callers.
 */
export async function fetchImage(
  url: string,
  limits: FetchLimits,
  network: Network = publicNetwork,
): Promise<Uint8Array> {
  const timeLeft = limits.deadline - Date.now();
  if (timeLeft <= 0 || limits.signal?.aborted === true) throw timedOut();
  return within(
    timeLeft,
    async (signal) => {
      try {
        return await follow(url, limits, network, signal);
      } catch (error) {
        if (error instanceof FetchRefused) throw error;
        if (signal.aborted) throw timedOut(error);
        throw new FetchRefused("fetch-failed", "The image could not be fetched from the host.", {
          cause: error,
        });
      }
    },
    limits.signal,
  );
}

async function follow(
  url: string,
  { hosts, maxBytes }: FetchLimits,
  network: Network,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let target = readTarget(url, hosts);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const address = await vettedAddress(target, network, signal);
    signal.throwIfAborted();
    const connection = network.connect({ address, hostname: target.hostname });
    const answer = await exchange(connection, target, maxBytes, signal);
    if (answer.kind === "image") return answer.bytes;
    target = readRedirect(answer.location, target, hosts);
  }
  throw new FetchRefused("too-many-redirects", `The URL redirects more than ${maxRedirects} times.`);
}

/**
 * The address to connect to. One that is not public among several is enough to refuse the host: whoever controls its name
 * would otherwise only have to try again. IPv4 comes first, as a function has no route to IPv6 unless its VPC gives one.
 */
async function vettedAddress({ hostname }: Target, network: Network, signal: AbortSignal): Promise<string> {
  const addresses =
    isIP(hostname) === 0 ? await ended(network.resolve(hostname, signal), signal) : [hostname];
  if (!addresses.every(isPublicAddress))
    throw new FetchRefused("address-not-public", "The URL's host is not on the public internet.");
  const address = addresses.find((candidate) => isIP(candidate) === 4) ?? addresses[0];
  if (address === undefined) throw new FetchRefused("fetch-failed", "The URL's host does not exist.");
  return address;
}

/** What a promise gives, unless the signal comes first. */
function ended<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

function timedOut(cause?: unknown): FetchRefused {
  return new FetchRefused("fetch-timeout", "The image could not be fetched in time.", { cause });
}

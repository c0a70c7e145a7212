import { isIP } from "node:net";
import { FetchRefused } from "./refused";

/** One hop of a download. */
export interface Target {
  /** Host name in lower case, or an address without brackets: for the host list, the certificate and `Host`. */
  readonly hostname: string;
  /** As it stands in `Host`: with the brackets of an IPv6 address. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  /** What a relative redirect stands on. */
  readonly href: string;
}

/** As long as the common web servers take. */
const maxUrlLength = 8000;

/** At least two labels: a single one would be looked up in the search domains of the network that the function runs in. */
const hostName =
  /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Where a URL points, after every check that needs no network.
 *
 * One parser reads it, Node's (WHATWG): it brings decimal, octal, hexadecimal, short and full-width forms of an address to
 * one form, and everything after works with its result alone. What it would silently drop or replace (spaces, tabs, line
 * breaks, backslashes, other alphabets) is refused beforehand.
 *
 * @param hosts see `FetchLimits.hosts`.
 * @throws FetchRefused url-not-accepted, not-https or host-not-allowed.
 */
export function readTarget(text: string, hosts: readonly string[]): Target {
  if (text.length > maxUrlLength) throw notAccepted(`The URL is longer than ${maxUrlLength} characters.`);
  if (!/^[!-[\]-~]+$/.test(text))
    throw notAccepted(
      "The URL may hold visible ASCII characters other than a backslash; percent-encode the rest, and write host names in Punycode.",
    );
  const url = parseUrl(text);
  if (url.protocol !== "https:") throw new FetchRefused("not-https", "Only https URLs are fetched.");
  if (url.username !== "" || url.password !== "") throw notAccepted("The URL must not carry credentials.");
  if (url.port !== "") throw notAccepted("Only port 443 is fetched from.");
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(hostname) === 0 && !hostName.test(hostname))
    throw notAccepted("The URL's host is not a full host name, such as images.example.org.");
  if (!isListed(hostname, hosts))
    throw new FetchRefused("host-not-allowed", "Images are not fetched from this host.");
  return { hostname, host: url.host, path: url.pathname + url.search, href: url.href };
}

/**
 * Where a redirect leads; it is held to the same checks as the first URL.
 *
 * @throws FetchRefused as `readTarget` does.
 */
export function readRedirect(location: string, from: Target, hosts: readonly string[]): Target {
  // Before it is joined: parsing drops what the checks are to see.
  if (!/^[!-[\]-~]*$/.test(location))
    throw notAccepted("The host redirects to a URL with characters that are not accepted.");
  return readTarget(parseUrl(location, from.href).href, hosts);
}

function parseUrl(text: string, base?: string): URL {
  try {
    return new URL(text, base);
  } catch (cause) {
    throw new FetchRefused("url-not-accepted", "This is not an absolute URL.", { cause });
  }
}

function isListed(hostname: string, hosts: readonly string[]): boolean {
  return hosts.some((entry) => {
    const listed = entry.toLowerCase();
    if (listed === "*") return true;
    return listed.startsWith("*.") ? hostname.endsWith(listed.slice(1)) : hostname === listed;
  });
}

function notAccepted(detail: string): FetchRefused {
  return new FetchRefused("url-not-accepted", detail);
}

/** Stable codes of the reasons why a URL gave no image. */
export type FetchRefusedCode =
  /** Not a plain absolute URL, or with credentials, another port, or a name that is no public host name. */
  | "url-not-accepted"
  /** Another scheme than https, in the URL or in a redirect. */
  | "not-https"
  /** The list of hosts does not have it. */
  | "host-not-allowed"
  /** The host, or one of its addresses, is not of the public internet. */
  | "address-not-public"
  | "too-many-redirects"
  | "image-too-large"
  | "unsupported-image"
  /** The deadline passed: while resolving, connecting, or reading. */
  | "fetch-timeout"
  /** The name does not resolve, the connection or the certificate failed, or the answer is none to use. */
  | "fetch-failed";

/** Why a URL gave no image. What it came from is its `cause`, and is for the log alone. */
export class FetchRefused extends Error {
  override readonly name = "FetchRefused";

  constructor(
    readonly code: FetchRefusedCode,
    /** One sentence for the caller: no address, and nothing of the cause. */
    readonly detail: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, options);
  }
}

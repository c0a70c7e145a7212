/**
 * A text of somebody else's, such as an error's message, without what a log must not keep: queries of URLs, which carry
 * signatures; values of headers that authorise; and long runs of base64, which are images or tokens.
 */
export function redact(text: string): string {
  return text
    .slice(0, 4000)
    .replace(/(https?:\/\/)[^\s/@]+@/gi, "$1")
    .replace(/(https?:\/\/[^\s?#]*)[?#]\S*/gi, "$1?[redacted]")
    .replace(secretHeaders, "$1[redacted]")
    .replace(/[A-Za-z0-9+/_-]{65,}={0,2}/g, "[redacted]")
    .slice(0, 500);
}

/** As in a canonical request, which AWS sends back when a signature does not match: one header per line. */
const secretHeaders =
  /((?:x-amz-security-token|authorization|x-api-key|cookie|credential|signature|x-amz-credential|x-amz-signature)["']?\s*[:=]\s*["']?)[^\n"']+/gi;

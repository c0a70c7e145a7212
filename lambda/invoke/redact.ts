/**
 * A text of somebody else's, such as an error's message, without what a log must not keep: of URLs all but scheme and
 * host, as signatures stand in queries, and names of people and files in paths; values of headers that authorise; and long runs of base64, which are images or tokens.
 */
export function redact(text: string): string {
  return text
    .slice(0, 4000)
    .replace(urls, (_, scheme: string, rest: string) => scheme + hostOf(rest))
    .replace(secretHeaders, "$1[redacted]")
    .replace(credentials, "[redacted]")
    .replace(/[A-Za-z0-9+/_-]{65,}={0,2}/g, "[redacted]")
    .slice(0, 500);
}

/** As in a canonical request, which AWS sends back when a signature does not match: one header per line. */
const secretHeaders =
  /((?:x-amz-security-token|authorization|x-api-key|cookie|credential|signature|x-amz-credential|x-amz-signature)["']?\s*[:=]\s*["']?)[^\n"']+/gi;

/** A bearer's token, a JSON Web Token, the id of an access key, and what a name before it calls a password or token. */
const credentials =
  /\bbearer\s+\S+|\beyJ[\w-]+\.[\w-]+\.[\w-]*|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|(?<=\b(?:password|passwd|secret|token)["']?\s?[=:]\s?)\S+/gi;

/** With the scheme's colon and slashes as they are, escaped as in JSON, or percent-encoded. */
const urls = /\b([a-z][a-z0-9+.-]{0,20}(?::|%3a)(?:\\?\/|%2f){2})(\S*)/gi;

/** Behind the last `@` of what stands before a path, a query or a fragment; quotes and brackets end a host too. */
function hostOf(rest: string): string {
  const host = /^(?:[^/?#\\]*@)?((?:\[[0-9a-f:.]*\]|[\w.-]+)(?::\d{1,5})?)?/i.exec(rest)?.[1] ?? "";
  return host === rest ? host : `${host}/[redacted]`;
}

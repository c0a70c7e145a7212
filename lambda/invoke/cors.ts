import { httpEvent, objectOf } from "./http-event";

/** Headers that a page may send: what a signed request and a request with a correlation id carry. */
const allowedHeaders = [
  "authorization",
  "content-type",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-api-key",
  "x-correlation-id",
].join(", ");

const preflightSeconds = 3600;

/** CORS headers of every answer to the event, of failures too: without them a page cannot read why. */
export function corsHeaders(event: unknown, allowed: readonly string[]): Record<string, string> {
  if (allowed.length === 0) return {};
  const http = httpEvent(objectOf(event) ?? {});
  // The configuration of a Function URL adds its own; browsers refuse an answer that has the header twice.
  if (http?.front === "function-url") return {};
  const exposed = { "access-control-expose-headers": "x-model-sha256, retry-after" };
  if (allowed.includes("*")) return { "access-control-allow-origin": "*", ...exposed };
  const origin = http?.header("origin") ?? "";
  return allowed.includes(origin)
    ? { "access-control-allow-origin": origin, ...exposed, vary: "origin" }
    : { vary: "origin" };
}

/** What a preflight is told beside the origin. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": allowedHeaders,
  "access-control-max-age": String(preflightSeconds),
};

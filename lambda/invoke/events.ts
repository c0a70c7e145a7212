import { Problem } from "./errors";
import { decodeBase64, decodeImage, type Image } from "./images";

export type Request = { readonly kind: "health" } | { readonly kind: "classify"; readonly image: Image };

type Fields = Readonly<Record<string, unknown>>;

/** An event of a Function URL, an HTTP API (payload 2.0) or a REST API (proxy integration), brought to one form. */
interface HttpEvent {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** JSON around a base64 image is a little longer than the image. */
const jsonOverheadBytes = 1024;

/**
 * What an event asks for. Direct calls send `{"image": "<base64>"}`, or `{"body": "<base64>", "isBase64Encoded": true}`;
 * over HTTP the body is the image itself, or such an object with content type application/json. A health request,
 * `{"health": true}` or GET …/health, keeps an environment warm and calls nothing.
 *
 * @throws Problem with what is wrong.
 */
export function readEvent(event: unknown, maxImageBytes: number): Request {
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw new Problem(400, "malformed-request", "The event is not a JSON object.");
  const fields = event as Fields;
  const http = httpEvent(fields);
  if (http !== undefined) return readHttp(http, maxImageBytes);
  if (fields.health === true || fields.warmer === true) return { kind: "health" };
  if (typeof fields.body === "string" && fields.isBase64Encoded === true)
    return { kind: "classify", image: decodeImage(fields.body, maxImageBytes) };
  return readObject(fields, maxImageBytes);
}

function readObject(fields: Fields, maxImageBytes: number): Request {
  if ("url" in fields) {
    throw new Problem(
      400,
      "url-not-accepted",
      'The service does not fetch addresses. Send the image itself: {"image": "<base64 of a JPEG or PNG>"}.',
    );
  }
  const { image } = fields;
  if (typeof image !== "string")
    throw new Problem(400, "malformed-request", 'Expected {"image": "<base64 of a JPEG or PNG>"}.');
  return { kind: "classify", image: decodeImage(image, maxImageBytes) };
}

function readHttp(http: HttpEvent, maxImageBytes: number): Request {
  if (http.method === "GET" && /(?:^|\/)health\/?$/.test(http.path)) return { kind: "health" };
  if (http.method !== "POST") {
    throw new Problem(405, "method-not-allowed", "Send the image with POST.", {
      headers: { allow: "POST" },
    });
  }
  if (/^application\/(?:[\w.+-]+\+)?json\b/i.test(http.contentType))
    return readObject(parseObject(textOf(http, maxImageBytes)), maxImageBytes);
  if (http.isBase64Encoded) return { kind: "classify", image: decodeImage(http.body, maxImageBytes) };
  throw http.body === ""
    ? new Problem(400, "malformed-request", "The body is empty; send the image in it.")
    : new Problem(415, "unsupported-image", "The body is text; send a JPEG or PNG, or JSON with an image.");
}

function textOf({ body, isBase64Encoded }: HttpEvent, maxImageBytes: number): string {
  // Base64 twice: the gateway's around the JSON, and the JSON's around the image.
  const maxBytes = Math.ceil((maxImageBytes * 4) / 3) + jsonOverheadBytes;
  return isBase64Encoded ? decodeBase64(body, maxBytes).toString("utf8") : body;
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Problem(400, "malformed-request", "The body is not JSON.", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Problem(400, "malformed-request", "The body is not a JSON object.");
  return value as Fields;
}

function httpEvent(fields: Fields): HttpEvent | undefined {
  const context = objectOf(fields.requestContext);
  const http = objectOf(context?.http);
  const method = http?.method ?? fields.httpMethod;
  if (typeof method !== "string") return undefined;
  const path = fields.rawPath ?? fields.path;
  return {
    method: method.toUpperCase(),
    path: typeof path === "string" ? path : "",
    contentType: header(objectOf(fields.headers) ?? {}, "content-type"),
    body: typeof fields.body === "string" ? fields.body : "",
    isBase64Encoded: fields.isBase64Encoded === true,
  };
}

/** REST APIs hand headers over as the client wrote them, the others in lower case. */
function header(headers: Fields, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : "";
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

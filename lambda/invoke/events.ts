import type { Settings } from "./env";
import { malformed, Problem } from "./errors";
import { type Fields, type HttpEvent, httpEvent, objectOf } from "./http-event";
import { decodeBase64, decodeImage, type Image } from "./images";

/** Where an image comes from. Bytes are checked already; the others are still to be fetched. */
export type ImageSource =
  | { readonly kind: "bytes"; readonly image: Image }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "s3"; readonly bucket: string; readonly key: string };

export interface Classify {
  readonly kind: "classify";
  readonly sources: readonly ImageSource[];
  /** How many labels to answer with, from the likeliest on; `undefined`: the logits, as the model wrote them. */
  readonly top: number | undefined;
}

export type Request = { readonly kind: "health" } | { readonly kind: "preflight" } | Classify;

type Limits = Pick<
  Settings,
  "classCount" | "maxImageBytes" | "maxBatch" | "imageHosts" | "imageBuckets" | "allowedOrigins"
>;

/** Media type that asks for labels with probabilities in place of logits. */
export const labelsMediaType = "application/vnd.sagemaker-ops.labels+json";

/** Labels that a caller gets who asks by media type and not by number. */
const defaultTop = 5;

/** JSON around a base64 image is a little longer than the image. */
const jsonOverheadBytes = 1024;

/** How an image is given; one of them per image. */
const sourceKeys = ["image", "url", "s3"] as const;

/**
 * What an event asks for. Direct calls send `{"image": "<base64>"}`, `{"url": "https://…"}`, `{"s3": "s3://bucket/key"}`,
 * `{"s3": {"bucket", "key"}}`, `{"body": "<base64>", "isBase64Encoded": true}`, or `{"images": […]}` of the first three; over
 * HTTP the body is the image itself, or such an object with content type application/json. `top` asks for labels. A health
 * request, `{"health": true}`, `{"warmer": true}` or GET …/health, keeps an environment warm and calls nothing.
 *
 * @throws Problem with what is wrong.
 */
export function readEvent(event: unknown, limits: Limits): Request {
  const fields = objectOf(event);
  if (fields === undefined) throw malformed("The event is not a JSON object.");
  const http = httpEvent(fields);
  if (http !== undefined) return readHttp(http, limits);
  if (isHealth(fields)) return { kind: "health" };
  if (typeof fields.body === "string" && fields.isBase64Encoded === true)
    return one(bytesOf(fields.body, limits), topOf(fields.top, limits));
  return readObject(fields, limits);
}

function readHttp(http: HttpEvent, limits: Limits): Request {
  if (["GET", "HEAD"].includes(http.method) && /(?:^|\/)health\/?$/.test(http.path))
    return { kind: "health" };
  if (http.method === "OPTIONS" && limits.allowedOrigins.length > 0 && http.front === "api")
    return { kind: "preflight" };
  if (http.method !== "POST") {
    throw new Problem(405, "method-not-allowed", "Send the image with POST.", {
      headers: { allow: "POST" },
    });
  }
  const accepted = acceptsLabels(http.header("accept")) ? Math.min(defaultTop, limits.classCount) : undefined;
  const top = topOf(http.query("top"), limits) ?? accepted;
  if (/^application\/(?:[\w.+-]+\+)?json\b/i.test(http.header("content-type"))) {
    const fields = parseObject(textOf(http, limits));
    if (isHealth(fields)) return { kind: "health" };
    const request = readObject(fields, limits);
    return http.query("top") === undefined ? { ...request, top: request.top ?? top } : { ...request, top };
  }
  if (http.isBase64Encoded) return one(bytesOf(http.body, limits), top);
  throw http.body === ""
    ? malformed("The body is empty; send the image in it.")
    : new Problem(415, "unsupported-image", "The body is text; send a JPEG or PNG, or JSON with an image.");
}

/** Whether the header names the media type of labels, and not to refuse it: https://www.rfc-editor.org/rfc/rfc9110#name-accept */
function acceptsLabels(accept: string): boolean {
  return accept
    .toLowerCase()
    .split(",")
    .map((range) => range.split(";").map((part) => part.trim()))
    .some(
      ([type, ...parameters]) =>
        type === labelsMediaType && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)),
    );
}

function isHealth({ health, warmer }: Fields): boolean {
  return health === true || warmer === true;
}

function readObject(fields: Fields, limits: Limits): Classify {
  const top = topOf(fields.top, limits);
  if (!("images" in fields)) return one(readSource(fields, limits), top);
  if (sourceKeys.some((key) => key in fields)) throw malformed('Send "images" or one image, not both.');
  const { images } = fields;
  if (!Array.isArray(images) || images.length === 0)
    throw malformed('"images" must be a list of at least one image.');
  if (images.length > limits.maxBatch) {
    const most = limits.maxBatch === 1 ? "one is" : `${limits.maxBatch} are`;
    throw new Problem(
      400,
      "too-many-images",
      `The request has ${images.length} images; at most ${most} taken.`,
    );
  }
  const sources = images.map((entry: unknown, index) => {
    try {
      return typeof entry === "string" ? bytesOf(entry, limits) : readSource(objectOf(entry) ?? {}, limits);
    } catch (error) {
      throw atIndex(error, index);
    }
  });
  return { kind: "classify", sources, top };
}

/** The same problem, told with the position of the image in the batch. */
export function atIndex(error: unknown, index: number): unknown {
  if (!(error instanceof Problem)) return error;
  const { status, code, detail, cause, headers } = error;
  return new Problem(status, code, `Image ${index}: ${detail}`, { cause, headers });
}

function one(source: ImageSource, top: number | undefined): Classify {
  return { kind: "classify", sources: [source], top };
}

function bytesOf(base64: string, { maxImageBytes }: Limits): ImageSource {
  return { kind: "bytes", image: decodeImage(base64, maxImageBytes) };
}

function readSource(fields: Fields, limits: Limits): ImageSource {
  const [key, ...others] = sourceKeys.filter((name) => name in fields);
  if (others.length > 0) throw malformed('Send one of "image", "url" and "s3" for an image.');
  if (key === "url") return readUrl(fields.url, limits);
  if (key === "s3") return readReference(fields.s3, limits);
  if (typeof fields.image !== "string") throw malformed('Expected {"image": "<base64 of a JPEG or PNG>"}.');
  return bytesOf(fields.image, limits);
}

function readUrl(url: unknown, { imageHosts }: Limits): ImageSource {
  if (imageHosts.length === 0) {
    throw new Problem(
      400,
      "url-not-accepted",
      'The service does not fetch URLs. Send the image itself: {"image": "<base64 of a JPEG or PNG>"}.',
    );
  }
  if (typeof url !== "string" || url === "") throw malformed('"url" must be a text.');
  return { kind: "url", url };
}

function readReference(reference: unknown, { imageBuckets }: Limits): ImageSource {
  if (imageBuckets.length === 0)
    throw new Problem(400, "object-not-accepted", "The service does not read from S3.");
  const { bucket, key, ...others } =
    typeof reference === "string"
      ? (/^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/s.exec(reference)?.groups ?? {})
      : (objectOf(reference) ?? {});
  // Of a version, say: another one than was asked for would be classified.
  const isWhole = Object.keys(others).length === 0;
  if (
    !isWhole ||
    typeof bucket !== "string" ||
    typeof key !== "string" ||
    key === "" ||
    Buffer.byteLength(key) > 1024
  )
    throw malformed('"s3" must be "s3://bucket/key" or {"bucket", "key"}; a key has at most 1024 bytes.');
  if (!imageBuckets.includes(bucket))
    throw new Problem(400, "object-not-accepted", "The service does not read from this bucket.");
  // Whatever stands between may resolve such a path, and so leave the bucket. A lone surrogate has no UTF-8 form.
  if (key.split("/").some((part) => part === "." || part === "..") || /\p{Surrogate}/u.test(key))
    throw new Problem(400, "object-not-accepted", "The key of the S3 object is not accepted.");
  return { kind: "s3", bucket, key };
}

function topOf(value: unknown, { classCount }: Limits): number | undefined {
  if (value === undefined || value === null) return undefined;
  const top = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof top !== "number" || !Number.isInteger(top) || top < 1 || top > classCount)
    throw malformed(`"top" must be a whole number from 1 to ${classCount}.`);
  return top;
}

function textOf({ body, isBase64Encoded }: HttpEvent, { maxImageBytes, maxBatch }: Limits): string {
  // Base64 twice: the gateway's around the JSON, and the JSON's around the images.
  const maxBytes = maxBatch * (Math.ceil((maxImageBytes * 4) / 3) + jsonOverheadBytes);
  return isBase64Encoded ? decodeBase64(body, maxBytes, "body").toString("utf8") : body;
}

/** The parser's own error is no cause: it quotes the text, and with it the image, into the log. */
function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("The body is not JSON.");
  }
  const fields = objectOf(value);
  if (fields === undefined) throw malformed("The body is not a JSON object.");
  return fields;
}

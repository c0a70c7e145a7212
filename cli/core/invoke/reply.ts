import { type Label, topLabels } from "../../../lambda/invoke/labels";
import type { Failure } from "./failures";

/** What came back for one image. */
export type Reply =
  | {
      readonly kind: "answered";
      /** The likeliest first. */
      readonly labels: readonly Label[];
      /** SHA-256 of the model that answered, where it tells. */
      readonly modelSha256: string | undefined;
    }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface Reading {
  /** How many labels are shown. */
  readonly top: number;
  /** Names of the classes, by index, from a file. @default - what the function calls them, else their index */
  readonly names: readonly string[] | undefined;
}

/** The row of numbers that an endpoint answers one image with. */
export function labelsOfLogits(text: string, { top, names }: Reading): readonly Label[] | undefined {
  const row = oneRow(parsed(text));
  return row?.every((value): value is number => Number.isFinite(value)) === true && row.length > 0
    ? topLabels(row, names, top)
    : undefined;
}

/**
 * The answer of the function: `{ statusCode, headers, body }`, with labels or with logits in the body, or a problem (RFC 9457).
 * What is neither is a failure too: another function than this project's may have been named.
 */
export function replyOf(answer: unknown, reading: Reading): Reply {
  const { statusCode, headers, body } = fieldsOf(answer);
  if (statusCode === undefined || typeof body !== "string")
    return failed("no-answer", "The function's answer has no status and body.", "Is it the right function?");
  const content = parsed(body);
  if (statusCode !== 200) return failed(...problemIn(content, statusCode));
  const labels = labelsOf(content, body, reading);
  if (labels === undefined)
    return failed("no-labels", "The answer holds neither logits nor labels.", "Is it the right function?");
  const digest = fieldsOf(headers)["x-model-sha256"];
  const modelSha256 = typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
  return { kind: "answered", labels, modelSha256 };
}

function labelsOf(content: unknown, body: string, reading: Reading): readonly Label[] | undefined {
  const { predictions } = fieldsOf(content);
  if (predictions === undefined) return labelsOfLogits(body, reading);
  const row = oneRow(predictions);
  if (row?.every(isLabel) !== true || row.length === 0) return undefined;
  return row.map((label) => ({ ...label, label: reading.names?.[label.index] ?? label.label }));
}

/** What the caller can do about a problem that the function tells. */
const nextSteps: Readonly<Record<string, string>> = {
  "malformed-request":
    "Lower --top if the model has fewer classes, and see that the function is the right one.",
  "host-not-allowed": "List the host in the function's image hosts, or send the image itself.",
  "url-not-accepted": "Send the image itself, or a plain https URL.",
  "not-https": "Send the image itself, or an https URL.",
  "address-not-public": "Send the image itself: the function fetches from the public internet only.",
  "too-many-redirects": "Send the image itself, or the URL that the redirects lead to.",
  "fetch-failed": "Open the URL yourself, or send the image itself.",
  "fetch-timeout": "Try again, or send the image itself.",
  "object-not-accepted": "List the bucket in the function's image buckets, or send the image itself.",
  "object-not-readable": "See that the object exists and that the function's role may read it.",
  "storage-unavailable": "Try again in a minute, or send the image itself.",
  "image-too-large": "Send a smaller image.",
  "body-too-large": "Send fewer or smaller images in one request.",
  "unsupported-image": "Convert the image to JPEG or PNG.",
  "invalid-answer":
    "Tell the number of classes with --classes or --labels (--local), or look at the model's log.",
  throttled: "Lower --concurrency, or raise the endpoint's capacity.",
  "endpoint-unavailable": "Try again in a minute: the endpoint is starting or scaling.",
  "endpoint-timeout": "Lower --concurrency, or look at the endpoint's latency.",
  misconfigured: "Look at the function's log: its role or its endpoint's name is wrong.",
  "model-refused-input": "See that the file is a whole image, and look at the model's log.",
  "model-failed": "Look at the model's log.",
  "endpoint-failed": "Look at the endpoint's log.",
};

/**
 * A problem that the function told as an error in place of an answer, as it does for direct callers where failed calls are kept; `undefined`
 * where the payload is something else's, such as the runtime's word of a crash.
 */
export function replyOfError(payload: string): Reply | undefined {
  const { errorType, errorMessage } = fieldsOf(parsed(payload));
  if (typeof errorType !== "string" || typeof errorMessage !== "string") return undefined;
  const next = Object.hasOwn(nextSteps, errorType) ? nextSteps[errorType] : undefined;
  return next === undefined ? undefined : failed(errorType, errorMessage, next);
}

function problemIn(content: unknown, statusCode: unknown): [code: string, cause: string, next: string] {
  const { code, title, detail } = fieldsOf(content);
  if (typeof code !== "string")
    return [`status-${statusCode}`, `The function answered with status ${statusCode}.`, "Look at its log."];
  const cause = typeof detail === "string" ? detail : typeof title === "string" ? title : code;
  return [code, cause, nextSteps[code] ?? "Look at the function's log, by the request's id."];
}

/** A failure of one request alone. */
export function failed(code: string, cause: string, next: string): Reply {
  return { kind: "failed", failure: { code, cause, next, stops: false, unreachable: false } };
}

function isLabel(value: unknown): value is Label {
  const { index, label, probability } = fieldsOf(value);
  return Number.isInteger(index) && typeof label === "string" && Number.isFinite(probability);
}

/** The only row of a list of rows. */
function oneRow(rows: unknown): unknown[] | undefined {
  const row: unknown = Array.isArray(rows) && rows.length === 1 ? rows[0] : undefined;
  return Array.isArray(row) ? row : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON has none of the fields that are looked for, and is told as such.
    return undefined;
  }
}

/** Stable codes of the problems that callers see, with their titles. */
const titles = {
  "malformed-request": "The request cannot be read",
  "too-many-images": "The request has too many images",
  "answer-too-large": "The answer would be too large",
  "url-not-accepted": "The URL is not accepted",
  "not-https": "The URL is not https",
  "host-not-allowed": "The URL's host is not allowed",
  "address-not-public": "The URL's host is not public",
  "too-many-redirects": "The URL redirects too often",
  "fetch-failed": "The image could not be fetched",
  "fetch-timeout": "The image was not fetched in time",
  "object-not-accepted": "The S3 reference is not accepted",
  "object-not-readable": "The S3 object cannot be read",
  "storage-unavailable": "The storage is not available",
  "method-not-allowed": "The method is not allowed",
  "image-too-large": "The image is too large",
  "body-too-large": "The body is too large",
  "unsupported-image": "The image type is not supported",
  "model-refused-input": "The model refused the image",
  throttled: "Too many requests",
  misconfigured: "The service is misconfigured",
  internal: "The service failed",
  "model-failed": "The model failed",
  "invalid-answer": "The model's answer is invalid",
  "endpoint-failed": "The endpoint failed",
  "endpoint-unavailable": "The endpoint is not ready",
  "endpoint-timeout": "The endpoint did not answer in time",
} as const;

export type ProblemCode = keyof typeof titles;

/** Who has to act on a problem: few, so that metrics can be counted by it. */
export type ErrorClass =
  | "caller"
  | "throttled"
  | "misconfigured"
  | "model"
  | "endpoint"
  | "timeout"
  | "internal";

/** A failure as its caller may see it. What it came from is its `cause`, and goes to the log alone. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    /** One sentence for the caller: no ARN, no address, nothing of the cause. */
    readonly detail: string,
    options: { readonly cause?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.headers = options.headers ?? {};
  }

  get title(): string {
    return titles[this.code];
  }

  get errorClass(): ErrorClass {
    if (this.code === "misconfigured" || this.code === "internal") return this.code;
    if (this.status === 429) return "throttled";
    if (this.status === 504) return "timeout";
    if (this.status < 500) return "caller";
    return this.code === "model-failed" || this.code === "invalid-answer" ? "model" : "endpoint";
  }
}

/** Whether a text, such as the code of a refused download, is a code that callers know. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(titles, code);
}

/** A request that cannot be read, 400. */
export function malformed(detail: string): Problem {
  return new Problem(400, "malformed-request", detail);
}

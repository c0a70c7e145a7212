import type { Readable } from "node:stream";
import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { collect } from "./collect";
import { Problem } from "./errors";
import { tooLarge } from "./images";

export interface ObjectRequest {
  /** Lends its credentials, region and connections: S3's own client would make the archive several times larger. */
  readonly client: SageMakerRuntimeClient;
  readonly bucket: string;
  readonly key: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Address in place of S3's, for tests and emulators: scheme, host and port. @default - S3 in the client's region */
  readonly endpoint?: string | undefined;
}

/**
 * The bytes of an S3 object, by a signed GET.
 *
 * @throws Problem 400 when the object does not exist or may not be read, 413 above `maxBytes`, 500 when the bucket is in
 * another region, 503 when S3 fails; errors of the connection.
 */
export async function readObject(request: ObjectRequest): Promise<Uint8Array> {
  const { client, maxBytes, signal } = request;
  const { credentials, sha256, requestHandler } = client.config;
  const region = await client.config.region();
  const signer = new SignatureV4({ service: "s3", region, credentials, sha256, uriEscapePath: false });
  const signed = (await signer.sign(httpRequest(request, region))) as HttpRequest;
  const { response } = await requestHandler.handle(signed, { abortSignal: signal });
  const body = response.body as Readable;
  try {
    if (response.statusCode !== 200) throw refusal(response.statusCode);
    const declared = Number(response.headers["content-length"] ?? 0);
    if (declared > maxBytes) throw tooLarge(declared, maxBytes);
    return await collect(body, maxBytes);
  } finally {
    // Read to its end it is destroyed already, and the connection lives on.
    body.destroy();
  }
}

/** A name with a dot is no single label, and S3's certificate covers one. */
function httpRequest({ bucket, key, endpoint }: ObjectRequest, region: string): HttpRequest {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const inPath = endpoint !== undefined || bucket.includes(".");
  const url = new URL(endpoint ?? `https://${inPath ? "" : `${bucket}.`}s3.${region}.${suffix}`);
  return new HttpRequest({
    method: "GET",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: `/${[...(inPath ? [bucket] : []), ...key.split("/")].map(escapePart).join("/")}`,
    headers: { host: url.host },
  });
}

/** S3 wants everything escaped but letters, digits and `-._~`; encodeURIComponent leaves five more. */
function escapePart(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function refusal(status: number): Problem {
  const cause = Object.assign(new Error(`S3 answered ${status}.`), { $metadata: { httpStatusCode: status } });
  // Without the permission to list, S3 says 403 for an object that does not exist; 400 for one under a key that only its owner has.
  if (status === 400 || status === 403 || status === 404)
    return new Problem(400, "object-not-readable", "The S3 object does not exist or may not be read.", {
      cause,
    });
  if (status >= 500 || status === 429) return storageUnavailable(cause);
  return new Problem(500, "misconfigured", "The bucket cannot be read. Its operators are told.", { cause });
}

export function storageUnavailable(cause: unknown): Problem {
  return new Problem(503, "storage-unavailable", "The storage is not available. Try again later.", {
    cause,
    headers: { "retry-after": "1" },
  });
}

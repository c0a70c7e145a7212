import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { imageType } from "../images";
import { FetchRefused } from "./refused";
import type { Target } from "./target";

export type Exchanged =
  | { readonly kind: "image"; readonly bytes: Uint8Array }
  | { readonly kind: "redirect"; readonly location: string };

const redirectStatuses: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** The longest of the signatures that tell an image. */
const signatureBytes = 8;

/**
 * One request over a connection, which is closed when the promise settles: no body of a refused answer is read on.
 *
 * @throws FetchRefused image-too-large, unsupported-image or fetch-failed; what the connection or `signal` throws otherwise.
 */
export async function exchange(
  connection: Duplex,
  target: Target,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Exchanged> {
  try {
    const response = await responseTo(connection, target, signal);
    const location = redirectOf(response);
    if (location !== undefined) return { kind: "redirect", location };
    return { kind: "image", bytes: await readImage(response, maxBytes) };
  } finally {
    connection.destroy();
  }
}

function responseTo(connection: Duplex, target: Target, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({
      // No agent: nothing is pooled, and neither a proxy nor another address can come between.
      createConnection: () => connection,
      method: "GET",
      path: target.path,
      headers: {
        host: target.host,
        accept: "image/jpeg, image/png",
        // A compressed body could be small on the wire and huge in memory.
        "accept-encoding": "identity",
        "user-agent": "sagemaker-ops",
      },
      signal,
    })
      .on("response", resolve)
      .on("error", reject)
      // Without one of its own, Node ends a request that is answered with 101 in neither a response nor an error.
      .on("close", () => reject(new Error("The connection closed without an answer.")))
      .end();
  });
}

function redirectOf({ statusCode, headers }: IncomingMessage): string | undefined {
  if (redirectStatuses.includes(statusCode)) {
    if (headers.location !== undefined) return headers.location;
    throw new FetchRefused("fetch-failed", "The host redirects without saying where to.");
  }
  if (statusCode === 200) return undefined;
  throw new FetchRefused("fetch-failed", `The host answered with status ${statusCode}.`);
}

async function readImage(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const { "content-encoding": encoding = "identity", "content-length": length } = response.headers;
  if (encoding.toLowerCase() !== "identity")
    throw new FetchRefused("fetch-failed", "The host sent the image compressed, which is not accepted.");
  if (Number(length) > maxBytes) throw tooLarge(maxBytes);

  const chunks: Buffer[] = [];
  let size = 0;
  let known = false;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
    // As soon as it can be told: a page of text is not read to its end.
    if (!known && size >= signatureBytes) known = checkType(Buffer.concat(chunks));
  }
  const bytes = Buffer.concat(chunks, size);
  checkType(bytes);
  return bytes;
}

/** @throws FetchRefused unsupported-image */
function checkType(bytes: Uint8Array): true {
  if (imageType(bytes) === undefined)
    throw new FetchRefused("unsupported-image", "The URL leads to neither a JPEG nor a PNG image.");
  return true;
}

function tooLarge(maxBytes: number): FetchRefused {
  return new FetchRefused(
    "image-too-large",
    `The image is larger than ${maxBytes} bytes, the most that is taken.`,
  );
}

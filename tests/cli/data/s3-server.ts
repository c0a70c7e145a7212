import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface StoredObject {
  readonly content: Buffer;
  /** As S3 tells it: SHA-256 in base64, of parts with their number behind it; none where it was put without one. */
  readonly checksum: string | undefined;
  readonly type: string | undefined;
}

interface StoredPart {
  readonly content: Buffer;
  readonly checksum: string;
}

interface Multipart {
  readonly key: string;
  readonly at: Date;
  readonly parts: Map<number, StoredPart>;
}

/** What the server does with a request instead of its work; nothing to let it through. */
export type Fault = (request: { method: string; path: string; turn: number }) => FaultAction | undefined;

export type FaultAction =
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  | { readonly kind: "cut" }
  | { readonly kind: "damage" }
  | { readonly kind: "wait"; readonly ms: number };

export interface S3Server {
  readonly url: string;
  readonly objects: Map<string, StoredObject>;
  readonly uploads: Map<string, Multipart>;
  /** Method and path of each request, in order: "PUT dogImages/train/a.jpg". */
  readonly requests: string[];
  fault: Fault;
  close(): Promise<void>;
}

/** So small that every listing has several pages. */
const pageSize = 3;

/**
 * The few operations of S3 that an upload needs, over real HTTP, for one bucket named `data`. Checksums are compared and told as
 * S3 documents it. It knows no signatures, versions or permissions: that real S3 answers alike is not proved by it.
 */
export async function startS3Server(): Promise<S3Server> {
  const state = {
    objects: new Map<string, StoredObject>(),
    uploads: new Map<string, Multipart>(),
    requests: [] as string[],
    fault: (() => undefined) as Fault,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://s3");
    const key = decodeURIComponent(url.pathname.replace(/^\/data\/?/, ""));
    const turn = state.requests.push(`${request.method} ${key}`);
    const chunks: Buffer[] = [];
    const action = state.fault({ method: request.method ?? "", path: key, turn });
    if (action?.kind === "cut") {
      request.socket.destroy();
      return;
    }
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (action?.kind === "error") {
        answerError(response, action.status, action.code);
        return;
      }
      const body = Buffer.concat(chunks);
      if (action?.kind === "damage") body[0] = (body[0] ?? 0) ^ 1;
      setTimeout(
        () => answer(state, { request, response, url, key, body }),
        action?.kind === "wait" ? action.ms : 0,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

type State = Pick<S3Server, "objects" | "uploads">;

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly key: string;
  readonly body: Buffer;
}

function answer(state: State, call: Call): void {
  const { request, response, url, key } = call;
  const query = url.searchParams;
  if (!url.pathname.startsWith("/data")) answerError(response, 404, "NoSuchBucket");
  else if (request.method === "GET" && query.has("list-type")) answerXml(response, listing(state, query));
  else if (request.method === "GET" && query.has("uploads")) answerXml(response, uploadListing(state, query));
  else if (request.method === "GET" && query.has("uploadId")) answerXml(response, partListing(state, query));
  else if (request.method === "HEAD") head(state, key, call);
  else if (request.method === "PUT" && query.has("partNumber")) putPart(state, call);
  else if (request.method === "PUT") putObject(state, call);
  else if (request.method === "POST" && query.has("uploads")) createUpload(state, call);
  else if (request.method === "POST" && query.has("uploadId")) completeUpload(state, call);
  else if (request.method === "POST" && query.has("delete")) deleteObjects(state, call);
  else answerError(response, 501, "NotImplemented");
}

function listing({ objects }: State, query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, pageSize);
  const contents = page
    .map(
      (key) =>
        `<Contents><Key>${escaped(key)}</Key><Size>${objects.get(key)?.content.length}</Size></Contents>`,
    )
    .join("");
  const more = keys.length > pageSize;
  const next = more ? `<NextContinuationToken>${escaped(page.at(-1) ?? "")}</NextContinuationToken>` : "";
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents}</ListBucketResult>`;
}

function uploadListing({ uploads }: State, query: URLSearchParams): string {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("upload-id-marker") ?? "";
  const ids = [...uploads.keys()]
    .filter((id) => uploads.get(id)?.key.startsWith(prefix) === true && id > after)
    .sort();
  const page = ids.slice(0, pageSize);
  const items = page
    .map((id) => {
      const { key = "", at = new Date(0) } = uploads.get(id) ?? {};
      return `<Upload><Key>${escaped(key)}</Key><UploadId>${id}</UploadId><Initiated>${at.toISOString()}</Initiated><ChecksumAlgorithm>SHA256</ChecksumAlgorithm></Upload>`;
    })
    .join("");
  const more = ids.length > pageSize;
  const next = more
    ? `<NextKeyMarker>${escaped(prefix)}</NextKeyMarker><NextUploadIdMarker>${page.at(-1)}</NextUploadIdMarker>`
    : "";
  return `<ListMultipartUploadsResult><IsTruncated>${more}</IsTruncated>${next}${items}</ListMultipartUploadsResult>`;
}

function partListing({ uploads }: State, query: URLSearchParams): string {
  const { parts = new Map<number, StoredPart>() } = uploads.get(query.get("uploadId") ?? "") ?? {};
  const after = Number(query.get("part-number-marker") ?? 0);
  const numbers = [...parts.keys()].filter((number) => number > after).sort((a, b) => a - b);
  const page = numbers.slice(0, pageSize);
  const items = page
    .map((number) => {
      const { content, checksum } = parts.get(number) as StoredPart;
      return `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${md5(content)}&quot;</ETag><Size>${content.length}</Size><ChecksumSHA256>${checksum}</ChecksumSHA256></Part>`;
    })
    .join("");
  const more = numbers.length > pageSize;
  return `<ListPartsResult><IsTruncated>${more}</IsTruncated><NextPartNumberMarker>${page.at(-1) ?? 0}</NextPartNumberMarker>${items}</ListPartsResult>`;
}

function head({ objects }: State, key: string, { request, response }: Call): void {
  const object = objects.get(key);
  if (object === undefined) {
    response.writeHead(404).end();
    return;
  }
  const asked = request.headers["x-amz-checksum-mode"] === "ENABLED";
  response
    .writeHead(200, {
      "content-length": object.content.length,
      ...(asked && object.checksum !== undefined ? { "x-amz-checksum-sha256": object.checksum } : {}),
    })
    .end();
}

/** The checksum of a body; nothing, and a refusal, where the caller's differs. */
function accepted({ request, response, body }: Call): string | undefined {
  const checksum = sha256(body);
  const told = request.headers["x-amz-checksum-sha256"];
  if (told === checksum) return checksum;
  answerError(response, 400, told === undefined ? "InvalidRequest" : "BadDigest");
  return undefined;
}

function putObject({ objects }: State, call: Call): void {
  const checksum = accepted(call);
  if (checksum === undefined) return;
  objects.set(call.key, { content: call.body, checksum, type: call.request.headers["content-type"] });
  call.response.writeHead(200, { etag: `"${md5(call.body)}"`, "x-amz-checksum-sha256": checksum }).end();
}

function createUpload({ uploads }: State, { key, request, response }: Call): void {
  if (request.headers["x-amz-checksum-algorithm"] !== "SHA256") {
    answerError(response, 400, "InvalidRequest");
    return;
  }
  const id = randomUUID();
  uploads.set(id, { key, at: new Date(), parts: new Map() });
  answerXml(
    response,
    `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
  );
}

function putPart({ uploads }: State, call: Call): void {
  const upload = uploads.get(call.url.searchParams.get("uploadId") ?? "");
  if (upload === undefined) {
    answerError(call.response, 404, "NoSuchUpload");
    return;
  }
  const checksum = accepted(call);
  if (checksum === undefined) return;
  upload.parts.set(Number(call.url.searchParams.get("partNumber")), { content: call.body, checksum });
  call.response.writeHead(200, { etag: `"${md5(call.body)}"`, "x-amz-checksum-sha256": checksum }).end();
}

function completeUpload({ objects, uploads }: State, { url, key, body, response }: Call): void {
  const id = url.searchParams.get("uploadId") ?? "";
  const upload = uploads.get(id);
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) =>
    Number(number),
  );
  const parts = named.map((number) => upload?.parts.get(number));
  if (upload === undefined || parts.some((part) => part === undefined)) {
    answerError(response, 400, "InvalidPart");
    return;
  }
  const whole = parts.filter((part) => part !== undefined);
  const digests = whole.map(({ checksum }) => Buffer.from(checksum, "base64"));
  const checksum = `${sha256(Buffer.concat(digests))}-${whole.length}`;
  objects.set(key, {
    content: Buffer.concat(whole.map(({ content }) => content)),
    checksum,
    type: undefined,
  });
  uploads.delete(id);
  answerXml(
    response,
    `<CompleteMultipartUploadResult><ChecksumSHA256>${checksum}</ChecksumSHA256></CompleteMultipartUploadResult>`,
  );
}

function deleteObjects({ objects }: State, { body, response }: Call): void {
  for (const [, key = ""] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(key);
  answerXml(response, "<DeleteResult></DeleteResult>");
}

function answerXml(response: ServerResponse, xml: string): void {
  response.writeHead(200, { "content-type": "application/xml" }).end(`<?xml version="1.0"?>${xml}`);
}

function answerError(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { "content-type": "application/xml" })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test asks</Message></Error>`);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("base64");
}

function md5(content: Buffer): string {
  return createHash("md5").update(content).digest("hex");
}

import { createHash } from "node:crypto";
import type { FakeAccount, FakeVersion } from "./fake-account";
import { type Answer, type FakeRequest, type Handled, pageOf, Refusal, xml } from "./fake-aws";

/** Addresses with the bucket in the path: the SDK's way where the host is an IP address. */
export function answerS3(request: FakeRequest, account: FakeAccount): Handled | undefined {
  const { method, url } = request;
  const [, bucket = "", ...rest] = decodeURIComponent(url.pathname).split("/");
  const key = rest.join("/");
  const operation = operationOf(request, key);
  if (operation === undefined || bucket === "") return undefined;
  return {
    call: { operation, about: key === "" ? bucket : key },
    answer: () => {
      const versions = account.buckets.get(bucket);
      if (versions === undefined)
        throw new Refusal("NoSuchBucket", "The specified bucket does not exist", 404);
      return operations[operation](versions, key, request, account);
    },
    refuse: ({ code, message, status }) => ({
      status,
      headers: { "content-type": "application/xml" },
      body: method === "HEAD" ? "" : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    }),
  };
}

type Operation =
  | "ListObjectVersions"
  | "ListObjectsV2"
  | "DeleteObject"
  | "HeadObject"
  | "GetObject"
  | "PutObject"
  | "CopyObject";

function operationOf(
  { method, url: { searchParams: query }, headers }: FakeRequest,
  key: string,
): Operation | undefined {
  if (method === "GET" && key === "" && query.has("versions")) return "ListObjectVersions";
  if (method === "GET" && key === "" && query.get("list-type") === "2") return "ListObjectsV2";
  if (key === "") return undefined;
  if (method === "DELETE") return "DeleteObject";
  if (method === "HEAD") return "HeadObject";
  if (method === "GET") return "GetObject";
  if (method === "PUT") return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
  return undefined;
}

function latest(versions: readonly FakeVersion[], key: string): FakeVersion | undefined {
  const found = versions.find((one) => one.key === key);
  return found?.isMarker === true ? undefined : found;
}

function required(versions: readonly FakeVersion[], key: string): FakeVersion {
  const found = latest(versions, key);
  if (found === undefined) throw new Refusal("NoSuchKey", "The specified key does not exist.", 404);
  return found;
}

const sha256 = (body: Buffer) => createHash("sha256").update(body).digest("base64");
const etag = (body: Buffer) => `"${createHash("md5").update(body).digest("hex")}"`;

function put(versions: FakeVersion[], key: string, body: Buffer, { headers }: FakeRequest): FakeVersion {
  if (headers["if-none-match"] === "*" && latest(versions, key) !== undefined)
    throw new Refusal("PreconditionFailed", "At least one of the pre-conditions did not hold", 412);
  const checksum = headers["x-amz-checksum-sha256"];
  if (checksum !== undefined && checksum !== sha256(body))
    throw new Refusal("BadDigest", "The SHA256 you specified did not match the calculated checksum.");
  const version = { key, body, versionId: `w${versions.length}`, lastModified: new Date() };
  versions.unshift(version);
  return version;
}

const operations: Readonly<
  Record<
    Operation,
    (versions: FakeVersion[], key: string, request: FakeRequest, account: FakeAccount) => Answer
  >
> = {
  HeadObject: (versions, key) => {
    const { body } = required(versions, key);
    return {
      status: 200,
      headers: {
        "content-length": String(body.length),
        etag: etag(body),
        "x-amz-checksum-sha256": sha256(body),
        "x-amz-checksum-type": "FULL_OBJECT",
      },
      body: "",
    };
  },
  GetObject: (versions, key) => {
    const { body } = required(versions, key);
    return { status: 200, headers: { "content-length": String(body.length), etag: etag(body) }, body };
  },
  PutObject: (versions, key, request) => {
    const { body, versionId } = put(versions, key, request.body, request);
    return { status: 200, headers: { etag: etag(body), "x-amz-version-id": versionId }, body: "" };
  },
  CopyObject: (versions, key, request, account) => {
    const [from = "", ...path] = decodeURIComponent(String(request.headers["x-amz-copy-source"])).split("/");
    const source = required(account.buckets.get(from) ?? [], path.join("/"));
    if (request.headers["x-amz-copy-source-if-match"] !== etag(source.body))
      throw new Refusal("PreconditionFailed", "At least one of the pre-conditions did not hold", 412);
    const { body, versionId } = put(versions, key, source.body, request);
    return xml(
      `<CopyObjectResult><ETag>${etag(body)}</ETag><LastModified>2026-11-21T00:00:00.000Z</LastModified><ChecksumSHA256>${sha256(body)}</ChecksumSHA256></CopyObjectResult>`,
      { "x-amz-version-id": versionId },
    );
  },
  ListObjectVersions: (versions, _key, { url: { searchParams: query } }) => {
    const marker = query.get("version-id-marker") ?? undefined;
    const under = versions.filter(({ key }) => key.startsWith(query.get("prefix") ?? ""));
    const { items, next } = pageOf(under, marker);
    return xml(
      `<ListVersionsResult><IsTruncated>${next !== undefined}</IsTruncated>${
        next === undefined
          ? ""
          : `<NextKeyMarker>${items.at(-1)?.key}</NextKeyMarker><NextVersionIdMarker>${next}</NextVersionIdMarker>`
      }${items
        .map((one) => {
          const element = one.isMarker === true ? "DeleteMarker" : "Version";
          const size = one.isMarker === true ? "" : `<Size>${one.body.length}</Size>`;
          return `<${element}><Key>${one.key}</Key><VersionId>${one.versionId}</VersionId><LastModified>${one.lastModified.toISOString()}</LastModified>${size}</${element}>`;
        })
        .join("")}</ListVersionsResult>`,
    );
  },
  ListObjectsV2: (versions, _key, { url: { searchParams: query } }) => {
    const seen = new Set<string>();
    const newest = versions.filter(({ key }) => !seen.has(key) && seen.add(key) !== undefined);
    const under = newest.filter(
      ({ key, isMarker }) => key.startsWith(query.get("prefix") ?? "") && isMarker !== true,
    );
    const { items, next } = pageOf(under, query.get("continuation-token") ?? undefined);
    return xml(
      `<ListBucketResult><KeyCount>${items.length}</KeyCount><IsTruncated>${next !== undefined}</IsTruncated>${
        next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`
      }${items
        .map(
          ({ key, body, lastModified }) =>
            `<Contents><Key>${key}</Key><Size>${body.length}</Size><LastModified>${lastModified.toISOString()}</LastModified></Contents>`,
        )
        .join("")}</ListBucketResult>`,
    );
  },
  DeleteObject: (versions, key, { url: { searchParams: query } }) => {
    const versionId = query.get("versionId");
    if (versionId === null) {
      const marker = `marker-${versions.length}`;
      versions.unshift({
        key,
        versionId: marker,
        lastModified: new Date(),
        body: Buffer.alloc(0),
        isMarker: true,
      });
    } else {
      const index = versions.findIndex((one) => one.key === key && one.versionId === versionId);
      if (index >= 0) versions.splice(index, 1);
    }
    return { status: 204, body: "" };
  },
};

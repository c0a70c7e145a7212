import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface FileServerOptions {
  readonly content: Buffer;
  /** @default '"v1"' */
  readonly etag?: string;
  /** Bytes after which each answer's connection is cut; one number per request, none: not cut. */
  readonly cuts?: readonly (number | undefined)[];
  /** Statuses to answer with before anything else, one per request. */
  readonly statuses?: readonly number[];
  /** A server that knows no ranges. @default false */
  readonly ignoresRanges?: boolean;
  /** Milliseconds between two pieces of an answer. @default 0 */
  readonly slowMs?: number;
}

export interface FileServer {
  readonly url: string;
  /** The Range header of every request, in order. */
  readonly ranges: readonly (string | undefined)[];
  /** Serves something else from now on. */
  change(options: FileServerOptions): void;
  close(): Promise<void>;
}

const piece = 1024;

/** One file over HTTP with ranges and If-Range (RFC 9110, section 14), and with the faults that a test asks for. */
export async function startFileServer(first: FileServerOptions): Promise<FileServer> {
  let options = first;
  let served = 0;
  const ranges: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    const { content, etag = '"v1"', cuts = [], statuses = [], ignoresRanges = false, slowMs = 0 } = options;
    ranges.push(request.headers.range);
    const turn = served++;
    const status = statuses[turn];
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const same = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
    const start = asked !== null && same && !ignoresRanges ? Number(asked[1]) : 0;
    if (start >= content.length && start > 0) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
      return;
    }
    response.writeHead(start > 0 ? 206 : 200, {
      etag,
      "content-length": content.length - start,
      ...(start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
    });
    const end = Math.min(content.length, start + (cuts[turn] ?? content.length));
    const send = (at: number) => {
      if (response.destroyed) return;
      if (at >= end) {
        // What a client has received and not read is lost with its connection.
        if (end < content.length) setTimeout(() => response.destroy(), 100);
        else response.end();
        return;
      }
      response.write(content.subarray(at, Math.min(end, at + piece)), () =>
        slowMs === 0 ? send(at + piece) : setTimeout(() => send(at + piece), slowMs),
      );
    };
    send(start);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sets/dogImages.zip`,
    ranges,
    change: (next) => {
      options = next;
      served = 0;
      ranges.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

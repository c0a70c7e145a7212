import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Respond = (response: ServerResponse, attempt: number, request: SeenRequest) => void;

export interface RuntimeServer {
  /** Address with scheme and port. */
  readonly endpoint: string;
  readonly seen: SeenRequest[];
  /** Connections that were opened, and those that are open now. */
  connections(): { readonly opened: number; readonly open: number };
  close(): Promise<void>;
}

/**
 * A local HTTP server in place of SageMaker's runtime, or of S3, whose answers a test forges: `respond` gets the request once it
 * has arrived in full, and the count of requests so far. It proves what a client makes of real bytes on a real socket; it
 * does not prove what AWS sends.
 */
export async function startRuntime(respond: Respond): Promise<RuntimeServer> {
  const seen: SeenRequest[] = [];
  let opened = 0;
  let open = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks) };
      seen.push(one);
      respond(response, seen.length, one);
    });
  });
  server.on("connection", (socket) => {
    opened += 1;
    open += 1;
    socket.on("close", () => {
      open -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    connections: () => ({ opened, open }),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/** An error as SageMaker's runtime sends it. */
export function awsError(
  response: ServerResponse,
  status: number,
  type: string,
  fields: Record<string, unknown> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type })
    .end(JSON.stringify({ Message: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/secret", ...fields }));
}

/** Waits for a condition that an event on another socket brings about. */
export async function until(condition: () => boolean, milliseconds = 5000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`It did not come about within ${milliseconds} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface FrontAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers in the emulator's place, or by way of it. */
export interface StandIn {
  /** IAM's name of the call. */
  readonly action: string;
  /** What the emulator lacks or does otherwise than AWS. */
  readonly why: string;
  readonly takes: (request: FrontRequest) => boolean;
  readonly answer: (
    request: FrontRequest,
    emulator: (request: FrontRequest) => Promise<FrontAnswer>,
  ) => Promise<FrontAnswer>;
}

export interface Front {
  readonly origin: string;
  /** Stand-ins that have answered, by action. */
  readonly used: ReadonlySet<string>;
  /** Is called at each request, before it is answered or after; what it returns says whether the caller hears of it. */
  watch: (request: FrontRequest) => "answer" | "cut before" | "cut after";
  close(): Promise<void>;
}

/** Stands before the emulator: everything goes through, but for what the stand-ins take. */
export async function startFront(emulatorOrigin: string, standIns: readonly StandIn[]): Promise<Front> {
  const used = new Set<string>();
  const emulator = (asked: FrontRequest) => forward(emulatorOrigin, asked);
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const asked = await read(incoming);
    const fate = front.watch(asked);
    if (fate === "cut before") {
      response.destroy();
      return;
    }
    const standIn = standIns.find(({ takes }) => takes(asked));
    if (standIn !== undefined) used.add(standIn.action);
    const { status, headers, body } = await (standIn?.answer(asked, emulator) ?? emulator(asked));
    if (fate === "cut after") response.destroy();
    else response.writeHead(status, withoutHops(headers)).end(body);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end(error.stack);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const front: Front = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    used,
    watch: () => "answer",
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return front;
}

async function read(incoming: IncomingMessage): Promise<FrontRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

function forward(origin: string, { method, path, headers, body }: FrontRequest): Promise<FrontAnswer> {
  return new Promise((resolve, reject) => {
    const onward = request(
      new URL(origin),
      { method, path, headers: { ...withoutHops(headers), "content-length": body.length } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer
          .on("data", (chunk: Buffer) => chunks.push(chunk))
          .on("error", reject)
          .on("end", () =>
            resolve({
              status: answer.statusCode ?? 500,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          );
      },
    );
    onward.on("error", reject).end(body);
  });
}

/** The length of a HEAD's answer tells of the object, and stays. */
function withoutHops({
  connection: _,
  "transfer-encoding": _t,
  expect: _e,
  ...headers
}: IncomingHttpHeaders) {
  return headers;
}

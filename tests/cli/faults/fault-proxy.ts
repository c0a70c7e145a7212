import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { type Protocol, protocolOf, type Refused, refusalAnswer } from "./protocols";

/** A request on its way to a service. */
export interface ProxiedCall {
  /** From 1, in the order of arrival; a second attempt has a number of its own. */
  readonly number: number;
  /** As the service's API reference names it. */
  readonly operation: string;
  readonly protocol: Protocol;
  /** Equal of two requests that ask the same. */
  readonly key: string;
  /** Address without the name of its host. */
  readonly path: string;
  /** What the service has answered. @default - nothing yet, or it was never asked */
  status?: number;
}

/**
 * What becomes of a request instead of an answer: a refusal, a connection that is cut, or nothing at all. "lost" and "done" are done by the
 * service; in place of the answer the connection is cut, or nothing comes.
 */
export type Fault = Refused | "reset" | "silence" | "lost" | "done";

export interface FaultProxy {
  readonly origin: string;
  readonly calls: ProxiedCall[];
  /** @default - every request is passed on */
  fault: (call: ProxiedCall) => Fault | undefined;
  /** Is told of a request that the service has done, before anything of the answer goes back. */
  onDone: (call: ProxiedCall) => void;
  /** Region of the buckets: a request that is signed for another one is sent away. @default us-east-1 */
  bucketRegion: string;
  /** How far the services' clock is ahead of this computer's, in seconds; a request that is signed otherwise is refused. @default 0 */
  aheadSeconds: number;
  /** Settles once the service has done everything that it was asked for. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** SigV4's limit: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const longestSkewSeconds = 300;

/** Stands between a command and the stand-in of its services: counts what is asked, and lets chosen requests fail as AWS does. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => serve(incoming, response, Buffer.concat(chunks)));
  });

  const serve = (incoming: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const { operation, protocol } = protocolOf(incoming, body);
    const call: ProxiedCall = {
      number: proxy.calls.length + 1,
      operation,
      protocol,
      key: `${incoming.method} ${incoming.url} ${operation} ${body.toString("latin1")}`,
      path: incoming.url ?? "",
    };
    proxy.calls.push(call);
    const fault = proxy.fault(call) ?? skewOf(incoming) ?? elsewhereOf(incoming);
    if (fault === "reset") {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (fault === "silence") return;
    if (typeof fault === "object") {
      const { status, headers, text } = refusalAnswer(fault, protocol, incoming.method === "HEAD");
      response.writeHead(status, { ...headers, date: serverDate().toUTCString() }).end(text);
      return;
    }
    passOn(incoming, body, response, call, fault);
  };

  const underWay = new Set<Promise<unknown>>();
  const passOn = (
    incoming: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    call: ProxiedCall,
    fault: "lost" | "done" | undefined,
  ) => {
    const { method, url, headers } = incoming;
    const onward = send(`${target}${url}`, { method, headers }, (answer) => {
      call.status = answer.statusCode ?? 500;
      proxy.onDone(call);
      if (fault !== undefined) {
        answer.resume().once("end", () => {
          if (fault === "lost") incoming.socket.resetAndDestroy();
        });
        return;
      }
      const date = proxy.aheadSeconds === 0 ? {} : { date: serverDate().toUTCString() };
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...date });
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    const done = new Promise<void>((resolve) => onward.once("close", resolve));
    underWay.add(done);
    void done.then(() => underWay.delete(done));
    onward.end(body);
  };

  const serverDate = () => new Date(Date.now() + proxy.aheadSeconds * 1000);

  const skewOf = ({ headers }: IncomingMessage): Fault | undefined => {
    if (proxy.aheadSeconds === 0) return undefined;
    const signed = String(headers["x-amz-date"]).replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      "$1-$2-$3T$4:$5:$6Z",
    );
    const skew = Math.abs(Date.parse(signed) - serverDate().getTime()) / 1000;
    return skew > longestSkewSeconds ? { kind: "skewed" } : undefined;
  };

  const elsewhereOf = ({ headers }: IncomingMessage): Fault | undefined => {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\/s3\//.exec(String(headers.authorization))?.[1];
    return region === undefined || region === proxy.bucketRegion ? undefined : { kind: "elsewhere" };
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    fault: () => undefined,
    onDone: () => {},
    bucketRegion: "us-east-1",
    aheadSeconds: 0,
    idle: async () => {
      await Promise.all(underWay);
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return proxy;
}

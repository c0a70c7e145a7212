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
}

/**
 * What becomes of a request instead of an answer: a refusal, a connection that is cut, or nothing at all; "lost" is done by the service,
 * and the connection is cut in place of the answer.
 */
export type Fault = Refused | "reset" | "silence" | "lost";

export interface FaultProxy {
  readonly origin: string;
  readonly calls: ProxiedCall[];
  /** @default - every request is passed on */
  fault: (call: ProxiedCall) => Fault | undefined;
  /** Region of the buckets: a request that is signed for another one is sent away. @default us-east-1 */
  bucketRegion: string;
  /** How far the services' clock is ahead of this computer's, in seconds; a request that is signed otherwise is refused. @default 0 */
  aheadSeconds: number;
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
    const call = {
      number: proxy.calls.length + 1,
      operation,
      protocol,
      key: `${incoming.method} ${incoming.url} ${operation} ${body.toString("latin1")}`,
    };
    proxy.calls.push(call);
    const fault = proxy.fault(call) ?? skewOf(incoming) ?? elsewhereOf(incoming);
    if (fault === "reset") {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (fault === "silence") return;
    if (fault !== undefined && fault !== "lost") {
      const { status, headers, text } = refusalAnswer(fault, protocol, incoming.method === "HEAD");
      response.writeHead(status, { ...headers, date: serverDate().toUTCString() }).end(text);
      return;
    }
    passOn(incoming, body, response, fault === "lost");
  };

  const passOn = (incoming: IncomingMessage, body: Buffer, response: ServerResponse, isLost: boolean) => {
    const { method, url, headers } = incoming;
    const onward = send(`${target}${url}`, { method, headers }, (answer) => {
      if (isLost) {
        answer.resume().once("end", () => incoming.socket.resetAndDestroy());
        return;
      }
      const date = proxy.aheadSeconds === 0 ? {} : { date: serverDate().toUTCString() };
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...date });
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
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
    bucketRegion: "us-east-1",
    aheadSeconds: 0,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return proxy;
}

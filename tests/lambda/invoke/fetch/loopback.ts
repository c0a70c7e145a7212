import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect } from "node:tls";
import { connectionOptions, type Destination, type Network } from "../../../../lambda/invoke/fetch/network";
import { type Identity, selfSigned } from "./certificate";
import { shouldBePublic } from "./public-internet";

export const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]);
export const publicAddress = "93.184.215.14";

let identity: Identity | undefined;

/** One certificate for the whole run. */
export function testIdentity(): Identity {
  identity ??= selfSigned(["images.example.org", "*.example.org", "*.example.net"]);
  return identity;
}

/** What a name resolves to, answer by answer; the last one repeats. */
export type Dns = Readonly<Record<string, readonly (readonly string[])[]>>;

export interface Recorded {
  readonly network: Network;
  /** Names asked for, in order. */
  readonly asked: string[];
  /** Connections asked for, in order. Each was made to the test's own server whatever its address. */
  readonly connections: Destination[];
  /** Addresses of connections that must never be made. */
  slips(): string[];
}

/**
 * The product's own connector, with two changes: it goes to `port` on loopback, and trusts the test's certificate. Names
 * without an entry resolve to a public address, so that a name that should have been refused is caught connecting.
 */
export function recordingNetwork(port: number, dns: Dns = {}, ca: string = testIdentity().cert): Recorded {
  const asked: string[] = [];
  const connections: Destination[] = [];
  return {
    asked,
    connections,
    slips: () => connections.map(({ address }) => address).filter((address) => !shouldBePublic(address)),
    network: {
      resolve: async (hostname) => {
        const times = asked.filter((name) => name === hostname).length;
        asked.push(hostname);
        const answers = dns[hostname] ?? [[publicAddress]];
        return answers[Math.min(times, answers.length - 1)] ?? [];
      },
      connect: (destination) => {
        connections.push(destination);
        return connect({ ...connectionOptions(destination), host: "127.0.0.1", port, ca });
      },
    },
  };
}

export interface Host {
  readonly port: number;
  readonly requests: IncomingMessage[];
  /** Encrypted connections that were accepted. */
  readonly sockets: Socket[];
  close(): Promise<void>;
}

/** A host on the internet, on loopback. */
export async function startHost(
  respond: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Host> {
  const requests: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const server = createServer(testIdentity(), (request, response) => {
    requests.push(request);
    respond(request, response);
  });
  server.on("secureConnection", (socket) => sockets.push(socket));
  const port = await listen(server);
  return {
    port,
    requests,
    sockets,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
}

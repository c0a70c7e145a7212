import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FakeAccount } from "./fake-account";
import { answerLambda } from "./fake-lambda";
import { answerLogs } from "./fake-logs";
import { callerArn } from "./fake-registry";
import { answerS3 } from "./fake-s3";
import { answerSageMaker } from "./fake-sagemaker";
import { answerServing } from "./fake-serving";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An error as the services send it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One call, as IAM would name it but for the service's prefix: `ListEndpoints`, `DeleteObject`. */
export interface Call {
  readonly operation: string;
  /** What it is about, where it is about one thing. */
  readonly about: string;
}

/** What becomes of a call: answered; refused; or the caller is dead, before or after AWS has done what it asked for. */
export type Fate = "answer" | "die before" | "die after" | Refusal;

export interface FakeAws {
  readonly origin: string;
  readonly calls: Call[];
  /** @default - every call is answered */
  fate: (call: Call, number: number) => Fate;
  close(): Promise<void>;
}

export type Handler = (request: FakeRequest, account: FakeAccount) => Handled | undefined;

const handlers: readonly Handler[] = [
  answerSageMaker,
  answerLogs,
  answerLambda,
  answerServing,
  answerS3,
  answerSts,
];

/**
 * The services in one process on loopback, for the operations that the commands use and no others. It proves what the commands do
 * with the bytes; it does not prove that AWS answers so: the forms are those of the services' API references.
 *
 * @param more handlers of further operations, asked first.
 */
export async function startFakeAws(account: FakeAccount, more: readonly Handler[] = []): Promise<FakeAws> {
  let dead = false;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = {
        method,
        url: new URL(url, "http://aws.test"),
        headers,
        body: Buffer.concat(chunks),
      };
      if (dead) response.destroy();
      else serve(request, response);
    });
  });

  const serve = (request: FakeRequest, response: ServerResponse) => {
    const handler = [...more, ...handlers]
      .map((one) => one(request, account))
      .find((one) => one !== undefined);
    if (handler === undefined) {
      response.writeHead(501).end(`No fake for ${request.method} ${request.url}`);
      return;
    }
    const { call, answer, refuse } = handler;
    fake.calls.push(call);
    const fate = fake.fate(call, fake.calls.length);
    if (fate === "die before" || fate === "die after") {
      if (fate === "die after") attempt(answer, refuse);
      dead = true;
      response.destroy();
      return;
    }
    const { status, headers, body } = fate === "answer" ? attempt(answer, refuse) : refuse(fate);
    response.writeHead(status, headers).end(body);
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeAws = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    fate: () => "answer",
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return fake;
}

/** A handler's word on a request that is its own. */
export interface Handled {
  readonly call: Call;
  readonly answer: () => Answer;
  readonly refuse: (refusal: Refusal) => Answer;
}

function attempt(answer: () => Answer, refuse: (refusal: Refusal) => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return refuse(error);
    throw error;
  }
}

/** An answer in the JSON protocols. */
export function json(content: unknown): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(content),
  };
}

export function jsonRefusal({ code, message, status }: Refusal): Answer {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message }),
  };
}

export function xml(content: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/xml", ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>${content}`,
  };
}

/** A page of a listing, small, so that every caller has to follow the tokens. */
export function pageOf<T>(
  all: readonly T[],
  token: string | undefined,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const from = token === undefined ? 0 : Number(token);
  const to = from + 3;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}

function answerSts({ body }: FakeRequest, account: FakeAccount): Handled | undefined {
  if (!body.toString().includes("Action=GetCallerIdentity")) return undefined;
  return {
    call: { operation: "GetCallerIdentity", about: "" },
    answer: () =>
      xml(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${callerArn(account)}</Arn><UserId>A</UserId><Account>${account.accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      ),
    refuse: ({ code, message, status }) => ({
      status,
      headers: { "content-type": "text/xml" },
      body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    }),
  };
}

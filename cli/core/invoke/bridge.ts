import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Bridge {
  /** Address of a SageMaker runtime that is this process. */
  readonly endpoint: string;
  close(): Promise<void>;
}

const attributes = "x-amzn-sagemaker-custom-attributes";

/**
 * Stands between the SDK's client and a serving process, as SageMaker does: `POST /endpoints/<name>/invocations` goes to the
 * process's `/invocations`, and what it refuses comes back as a ModelError with status 424.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 *
 * @param serving address of the serving process, such as `http://127.0.0.1:8080`, with or without a path.
 */
export async function startBridge(serving: URL): Promise<Bridge> {
  const server = createServer((incoming, response) => forward(serving, incoming, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What `/ping` and `/invocations` of a serving process follow: its origin, and the path that it may stand beneath. */
export function addressOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/+$/, "");
}

function forward(serving: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const {
    "content-type": type = "application/octet-stream",
    accept = "*/*",
    [attributes]: sent,
  } = incoming.headers;
  const onward = request(
    `${addressOf(serving)}/invocations`,
    {
      method: "POST",
      headers: { "content-type": type, accept, ...(sent === undefined ? {} : { [attributes]: sent }) },
    },
    (answer) => {
      const chunks: Buffer[] = [];
      answer
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("end", () => finish(answer, Buffer.concat(chunks), response))
        .on("error", (error) => unavailable(error, response));
    },
  );
  onward.on("error", (error) => unavailable(error, response));
  // When the caller gives up, so does this: the process is not left at work for nobody.
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function finish(answer: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { statusCode = 500, headers } = answer;
  if (statusCode >= 200 && statusCode < 300) {
    const returned = headers[attributes];
    response
      .writeHead(200, {
        "content-type": headers["content-type"] ?? "application/octet-stream",
        ...(returned === undefined ? {} : { [attributes]: returned }),
      })
      .end(body);
    return;
  }
  const OriginalMessage = body.toString("utf8").slice(0, 2000);
  answerError(response, 424, "ModelError", { OriginalStatusCode: statusCode, OriginalMessage });
}

function unavailable(error: Error, response: ServerResponse): void {
  if (!response.headersSent) answerError(response, 503, "ServiceUnavailable", { Message: error.message });
}

function answerError(response: ServerResponse, status: number, type: string, fields: object): void {
  response
    .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type })
    .end(JSON.stringify({ Message: type, ...fields }));
}

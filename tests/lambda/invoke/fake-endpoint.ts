import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient, createHandler, type InvocationContext } from "../../../lambda/invoke/core";
import type { Settings } from "../../../lambda/invoke/env";

export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export const settings: Settings = {
  endpointName: "sagemaker-ops-test-breeds",
  modelName: "breeds",
  classCount: 3,
  maxImageBytes: 1000,
};

export const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
export const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 9]);
export const digest = "ab".repeat(32);

export function context(remainingMilliseconds = 5000): InvocationContext {
  return {
    awsRequestId: "request-1",
    functionName: "sagemaker-ops-test-breeds",
    getRemainingTimeInMillis: () => remainingMilliseconds,
  };
}

/**
 * The function against a local HTTP server in place of SageMaker. It proves what the SDK and the function make of real
 * answers; it does not prove what SageMaker answers.
 */
export async function withEndpoint<T>(
  respond: (response: ServerResponse, attempt: number) => void,
  use: (tools: {
    readonly handler: ReturnType<typeof createHandler>;
    readonly seen: SeenRequest[];
    readonly lines: string[];
  }) => Promise<T>,
): Promise<T> {
  const seen: SeenRequest[] = [];
  const lines: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
      respond(response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = createClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  try {
    return await use({
      handler: createHandler({ client, settings, write: (line) => lines.push(line) }),
      seen,
      lines,
    });
  } finally {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
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

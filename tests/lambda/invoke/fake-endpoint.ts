import type { SageMakerRuntimeClientConfig } from "@aws-sdk/client-sagemaker-runtime";
import {
  createClient,
  createHandler,
  type InvocationContext,
  type Services,
} from "../../../lambda/invoke/core";
import type { Settings } from "../../../lambda/invoke/env";
import { type Respond, type RuntimeServer, startRuntime } from "../../support/runtime-server";

export { awsError } from "../../support/runtime-server";

export const settings: Settings = {
  endpointName: "sagemaker-ops-test-breeds",
  modelName: "breeds",
  classCount: 3,
  maxImageBytes: 1000,
  maxFetchBytes: 1000,
  maxBatch: 1,
  allowedOrigins: [],
  imageHosts: [],
  imageBuckets: [],
  classLabels: undefined,
  failOnError: false,
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

export interface Tools extends Pick<RuntimeServer, "seen" | "connections" | "endpoint"> {
  readonly handler: ReturnType<typeof createHandler>;
  readonly lines: string[];
}

export interface Overrides {
  readonly settings?: Partial<Settings>;
  readonly services?: Partial<Services>;
  readonly client?: SageMakerRuntimeClientConfig;
}

/** The function against a local HTTP server in place of SageMaker. */
export async function withEndpoint<T>(
  respond: Respond,
  use: (tools: Tools) => Promise<T>,
  overrides: Overrides = {},
): Promise<T> {
  const lines: string[] = [];
  const { endpoint, seen, connections, close } = await startRuntime(respond);
  const client = createClient({ ...testClient(endpoint), ...overrides.client });
  try {
    return await use({
      handler: createHandler({
        client,
        settings: { ...settings, ...overrides.settings },
        write: (line) => lines.push(line),
        ...overrides.services,
      }),
      endpoint,
      seen,
      connections,
      lines,
    });
  } finally {
    client.destroy();
    await close();
  }
}

export function testClient(endpoint: string): SageMakerRuntimeClientConfig {
  return {
    region: "us-east-1",
    endpoint,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret-key", sessionToken: "session-token" },
  };
}

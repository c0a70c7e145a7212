import type { Agent } from "node:http";
import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";

/** What the SDK's handler for Node tells, and another may not. */
interface NodeHandler {
  httpHandlerConfigs?(): { readonly httpAgent?: Agent; readonly httpsAgent?: Agent };
}

/**
 * Closes the client's connections on which nothing is under way. Those of an environment that was frozen for some time may all be dead,
 * and a second attempt would take the next of them.
 */
export function closeIdle({ config }: SageMakerRuntimeClient): void {
  const handler = config.requestHandler as unknown as NodeHandler;
  const { httpAgent, httpsAgent } = handler.httpHandlerConfigs?.() ?? {};
  for (const agent of [httpAgent, httpsAgent])
    for (const socket of Object.values(agent?.freeSockets ?? {}).flat()) socket?.destroy();
}

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";
import { type ClientOptions, clientConfig } from "../aws/clients";
import { ServerClock } from "./server-clock";

/** What watching jobs and reading logs asks AWS with, all in one region. */
export interface OperateClients {
  readonly sagemaker: SageMakerClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
}

/** Clients that tell the clock what time AWS has. */
export function operateClients(
  region: string,
  options: ClientOptions = {},
  clock = new ServerClock(),
): { readonly clients: OperateClients; readonly clock: ServerClock } {
  const config = clientConfig(region, options);
  const clients = {
    sagemaker: new SageMakerClient(config),
    logs: new CloudWatchLogsClient(config),
    sts: new STSClient(config),
  };
  for (const client of Object.values(clients)) listen(client, clock);
  return { clients, clock };
}

interface Stack {
  add(
    middleware: (next: Handler) => Handler,
    options: { readonly step: "deserialize"; readonly name: string; readonly priority: "low" },
  ): void;
}

type Handler = (args: unknown) => Promise<{ readonly response: unknown }>;

/** Tells `clock` the header `Date` of every answer, refusals among them. */
export function listen(
  { middlewareStack }: { middlewareStack: unknown },
  clock: Pick<ServerClock, "hear">,
): void {
  // The HTTP response is not part of a command's answer; the last step of the stack still has it.
  (middlewareStack as Stack).add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers = {} } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      clock.hear(headers.date);
      return result;
    },
    { step: "deserialize", name: "serverClock", priority: "low" },
  );
}

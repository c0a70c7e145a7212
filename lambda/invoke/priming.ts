import { Readable } from "node:stream";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { within } from "./attempts";
import { createClient, createHandler, type Services } from "./core";

/** How priming ended; the initialisation tells it in a log line of its own. */
export type Priming = "done" | "late" | "failed";

/** An initialisation that hangs or fails would break provisioned concurrency; without priming it is only slower. */
const defaultLimitMilliseconds = 500;

/** First bytes of a JPEG; no decoder sees them. */
const image = Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString("base64");

/**
 * Serves a request that reaches no endpoint, and opens the connection that the first real one will use. The time before the
 * first event runs at full speed whatever the function's memory, the time after it does not.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 *
 * @param limitMilliseconds after which it is ended.
 */
export async function prime(
  { client, settings }: Services,
  limitMilliseconds: number = defaultLimitMilliseconds,
): Promise<Priming> {
  const row = JSON.stringify([Array.from({ length: settings.classCount }, (_, index) => index / 7)]);
  let seen: HttpRequest | undefined;
  const { endpoint } = client.config;
  const rehearsal = createClient({
    ...(endpoint === undefined ? {} : { endpoint }),
    region: client.config.region,
    credentials: client.config.credentials,
    requestHandler: {
      handle: async (request: HttpRequest) => {
        seen = request;
        const headers = { "content-type": "application/json" };
        return {
          response: new HttpResponse({ statusCode: 200, headers, body: Readable.from([Buffer.from(row)]) }),
        };
      },
    },
  });
  const handler = createHandler({ client: rehearsal, settings, write: () => undefined });
  const context = {
    awsRequestId: "priming",
    functionName: "priming",
    // So that the limit is what ends it, and not the handler's own deadline with an answer.
    getRemainingTimeInMillis: () => 2 * limitMilliseconds,
  };
  return within(limitMilliseconds, async (signal): Promise<Priming> => {
    try {
      await handler({ image }, context);
      if (seen === undefined) return signal.aborted ? "late" : "failed";
      await connect(client, seen, signal);
      return "done";
    } catch {
      return signal.aborted ? "late" : "failed";
    }
  });
}

/** Any answer will do; read to its end, it leaves an open connection behind. */
async function connect(
  client: Services["client"],
  { protocol, hostname, port }: HttpRequest,
  abortSignal: AbortSignal,
): Promise<void> {
  const request = new HttpRequest({
    protocol,
    hostname,
    ...(port === undefined ? {} : { port }),
    method: "GET",
    path: "/ping",
    headers: { host: hostname },
  });
  const { response } = await client.config.requestHandler.handle(request, { abortSignal });
  for await (const _ of response.body as Readable);
}

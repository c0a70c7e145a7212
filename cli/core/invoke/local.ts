import { randomUUID } from "node:crypto";
import { createClient, createHandler } from "../../../lambda/invoke/core";
import { readSettings } from "../../../lambda/invoke/env";
import { CommandError } from "../exit-status";
import { addressOf, startBridge } from "./bridge";
import { invokeStatus } from "./outcome";
import { type Reading, replyOf } from "./reply";
import { eventFor, type Target } from "./targets";

/** What base64 leaves of the 6 MB that Lambda takes as an event: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxImageBytes = 4_500_000;
const callMilliseconds = 30_000;
const pingMilliseconds = 5_000;

/**
 * The function's own handler in this process, in front of a serving process: the same code as on Lambda, without AWS.
 *
 * @param write takes the lines that the function would log.
 * @throws CommandError, with status 3, where the process does not answer `/ping`.
 */
export async function localTarget(
  serving: URL,
  { classCount, write }: { readonly classCount: number; readonly write: (line: string) => void },
  asked: Reading,
): Promise<Target> {
  // The function refuses to name more labels than there are classes.
  const reading = { ...asked, top: Math.min(asked.top, classCount) };
  await ping(serving);
  const bridge = await startBridge(serving);
  const client = createClient({
    region: "us-east-1",
    endpoint: bridge.endpoint,
    // The bridge reads no signature; without these the SDK would look for real ones.
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const settings = readSettings({
    ENDPOINT_NAME: "local",
    MODEL_NAME: "local",
    CLASS_COUNT: String(classCount),
    MAX_IMAGE_BYTES: String(maxImageBytes),
    // The one who runs it names the URL; addresses that are not public are refused all the same.
    IMAGE_HOSTS: "*",
  });
  const handler = createHandler({ client, settings, write });
  return {
    title: `the function, in front of ${addressOf(serving)}`,
    kind: "local",
    send: async (input) => {
      const deadline = Date.now() + callMilliseconds;
      const answer = await handler(eventFor(input, reading.top), {
        awsRequestId: randomUUID(),
        functionName: "local",
        getRemainingTimeInMillis: () => deadline - Date.now(),
      });
      return replyOf(answer, reading);
    },
    close: () => {
      client.destroy();
      return bridge.close();
    },
  };
}

async function ping(serving: URL): Promise<void> {
  const start = "Start it, or name its address: --local http://127.0.0.1:8080.";
  let status: number;
  try {
    ({ status } = await fetch(`${addressOf(serving)}/ping`, {
      signal: AbortSignal.timeout(pingMilliseconds),
    }));
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    const why = code ?? (error as Error).name;
    throw new CommandError(
      `No serving process answers at ${addressOf(serving)} (${why}). ${start}`,
      invokeStatus.unreachable,
    );
  }
  if (status !== 200)
    throw new CommandError(
      `The serving process at ${addressOf(serving)} is not healthy: /ping answered with status ${status}. Look at its log.`,
      invokeStatus.unreachable,
    );
}

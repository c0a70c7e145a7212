import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { within } from "../../../lambda/invoke/attempts";
import { createClient } from "../../../lambda/invoke/core";
import { endpointMilliseconds, modelDigestOf } from "../../../lambda/invoke/endpoint";
import { labelsMediaType } from "../../../lambda/invoke/events";
import { imageType } from "../../../lambda/invoke/images";
import type { ClientOptions } from "../aws/clients";
import { CommandError } from "../exit-status";
import { failureOf, logGroupOf } from "./failures";
import { bytesOf, type Input } from "./inputs";
import { failed, labelsOfLogits, type Reading, type Reply, replyOf, replyOfError } from "./reply";

/** What answers requests. */
export interface Target {
  /** As reports name it: "endpoint breeds". */
  readonly title: string;
  readonly kind: "local" | "endpoint" | "function";
  send(input: Input): Promise<Reply>;
  close(): Promise<void> | void;
}

/**
 * The event that the function is sent for an input.
 *
 * @param top how many labels; `undefined` leaves that to the function, which alone knows how many classes there are. It can be asked so by
 * media type only, and that takes the form of a Function URL's event; a URL stands beside it for functions that know no other form.
 * @throws Unreadable
 */
export function eventFor(input: Input, top: number | undefined): Readonly<Record<string, unknown>> {
  const source = sourceOf(input);
  if (top !== undefined) return { ...source, top };
  return {
    ...(input.kind === "url" ? source : {}),
    requestContext: { http: { method: "POST" }, domainName: "invoke.lambda-url.local" },
    headers: { accept: labelsMediaType, "content-type": "application/json" },
    body: JSON.stringify(source),
  };
}

function sourceOf(input: Input): Readonly<Record<string, string>> {
  if (input.kind === "file") return { image: Buffer.from(bytesOf(input)).toString("base64") };
  return input.name.startsWith("s3://") ? { s3: input.name } : { url: input.name };
}

/** @throws CommandError for inputs that an endpoint can take none of. Among others, an image that is none is a failure of its own. */
export function checkForEndpoint(inputs: readonly Input[]): void {
  const [only, ...others] = inputs;
  if (only === undefined || others.length > 0 || imageIn(only).contentType !== undefined) return;
  throw new CommandError(
    `${only.name} is neither JPEG nor PNG, and an endpoint takes these. Convert the image.`,
  );
}

function imageIn(input: Input) {
  if (input.kind === "url")
    throw new CommandError(
      `${input.name} is a URL, and an endpoint takes images alone. Use --function, or send the image.`,
    );
  const bytes = bytesOf(input);
  return { bytes, contentType: imageType(bytes) };
}

/** How often a request is sent. @default - once: a second attempt would be part of a latency, and hide a failure */
export type Attempts = ClientOptions & { readonly maxAttempts?: number };

/**
 * Longest wait for a function's answer, to its last byte: the longest that Lambda lets a function run, 900 s, and a margin. A client's own
 * limits end once the headers are there, and an answer that stalls behind them would be waited for without end.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const functionMilliseconds = 910_000;

/** A SageMaker endpoint, called directly: the image goes out as it is. */
export function endpointTarget(
  name: string,
  region: string | undefined,
  reading: Reading,
  attempts: Attempts = {},
): Target {
  const client = createClient({ maxAttempts: 1, ...(region === undefined ? {} : { region }), ...attempts });
  return {
    title: `endpoint ${name}`,
    kind: "endpoint",
    close: () => client.destroy(),
    send: async (input) => {
      const { bytes, contentType } = imageIn(input);
      if (contentType === undefined)
        return failed("unsupported-image", "The file is neither JPEG nor PNG.", "Convert the image.");
      try {
        const command = new InvokeEndpointCommand({
          EndpointName: name,
          ContentType: contentType,
          Accept: "application/json",
          Body: bytes,
        });
        const output = await within(endpointMilliseconds, (abortSignal) =>
          client.send(command, { abortSignal }),
        );
        const labels = labelsOfLogits(output.Body?.transformToString() ?? "", reading);
        if (labels === undefined)
          return failed("no-logits", "The answer is not one row of numbers.", "Is it the right endpoint?");
        return { kind: "answered", labels, modelSha256: modelDigestOf(output.CustomAttributes) };
      } catch (error) {
        return { kind: "failed", failure: failureOf(error, { what: "endpoint", name }) };
      }
    },
  };
}

export interface FunctionCall {
  readonly region: string | undefined;
  readonly concurrency: number;
  /** Whether the function answers with as many labels as it does by itself: five, or one for each class. @default false */
  readonly ownTop?: boolean;
}

/** A Lambda function; `name` may carry an alias or a version after a colon, or be an ARN. */
export function functionTarget(
  name: string,
  { region, concurrency, ownTop = false }: FunctionCall,
  reading: Reading,
  attempts: Attempts = {},
): Target {
  const client = new LambdaClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 5000,
      httpAgent: { maxSockets: concurrency },
      httpsAgent: { maxSockets: concurrency },
    },
    ...attempts,
  });
  return {
    title: `function ${name}`,
    kind: "function",
    close: () => client.destroy(),
    send: async (input) => {
      const event = eventFor(input, ownTop ? undefined : reading.top);
      try {
        const command = new InvokeCommand({
          FunctionName: name,
          Payload: Buffer.from(JSON.stringify(event)),
        });
        const output = await within(functionMilliseconds, (abortSignal) =>
          client.send(command, { abortSignal }),
        );
        const payload = output.Payload?.transformToString() ?? "";
        if (output.FunctionError !== undefined) return replyOfError(payload) ?? functionError(payload, name);
        return replyOf(JSON.parse(payload), reading);
      } catch (error) {
        return error instanceof SyntaxError
          ? failed("no-answer", "The function's answer is not JSON.", "Is it the right function?")
          : { kind: "failed", failure: failureOf(error, { what: "function", name }) };
      }
    },
  };
}

/** The function itself failed: it did not start, ran out of time or memory, or threw. */
function functionError(payload: string, name: string): Reply {
  const message = /"errorMessage"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(payload)?.[1] ?? "no message";
  return failed(
    "function-error",
    `The function failed: ${message.slice(0, 200)}`,
    `Look at the log group ${logGroupOf({ what: "function", name })}.`,
  );
}

import type { Readable } from "node:stream";
import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from "@aws-sdk/client-sagemaker-runtime";
import { twice, within } from "./attempts";
import { collect } from "./collect";
import { closeIdle } from "./connections";
import { Problem } from "./errors";
import type { Image } from "./images";
import type { Observation } from "./observation";
import { Sha256 } from "./sha256";

/** What the model said of one image. */
export interface Prediction {
  readonly logits: readonly number[];
  /** The row as the model wrote it, from bracket to bracket. */
  readonly row: string;
  /** SHA-256 of the model that answered, where the container tells. */
  readonly modelDigest: string | undefined;
}

export interface EndpointCall {
  readonly client: SageMakerRuntimeClient;
  readonly endpointName: string;
  readonly classCount: number;
  readonly image: Image;
  readonly signal: AbortSignal;
  readonly observation: Observation;
}

/** Longest answer that is read: a few thousand classes take a tenth of it. */
const maximumAnswerBytes = 1_048_576;

/**
 * A process that calls more often at once than it has sockets waits for one. An environment of the function needs a few; a
 * load generator, or the command that calls an endpoint, needs many.
 */
const maxSockets = 1000;

/**
 * Longest that an image may wait for its answer, to the answer's last byte and with a second attempt. The endpoint's own limit is 60 s:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html. A function may have up to 900 s,
 * and should not spend them on one silent endpoint.
 */
export const endpointMilliseconds = 70_000;

/** Longest wait for the first byte of an answer. */
const requestTimeout = 65_000;

/**
 * The client of one environment.
 *
 * Without `throwOnRequestTimeout` a request that takes too long is only warned about, and with it only the wait for the headers is
 * bounded. There is no `socketTimeout`: it ends a connection on which nothing is said, and is put off for as long as one byte
 * comes now and then. Whoever calls gives a signal that comes after `endpointMilliseconds` at the latest: it ends silence and dripping.
 *
 * @param overrides with `maxAttempts` for a client that repeats as the SDK does. @default - it attempts once
 */
export function createClient(overrides: SageMakerRuntimeClientConfig = {}): SageMakerRuntimeClient {
  const client = new SageMakerRuntimeClient({
    sha256: Sha256,
    // The second attempt is made by `twice`, for the failures that are worth one; the SDK's loop takes time for a single one too.
    maxAttempts: 1,
    ...(overrides.maxAttempts === undefined ? { retryStrategy: { retry: (next, args) => next(args) } } : {}),
    // Told here, each saves a look into the shared configuration file, which no Lambda environment has.
    defaultsMode: "standard",
    useDualstackEndpoint: false,
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
    streamCollector: (stream: Readable) => collect(stream, maximumAnswerBytes),
    ...overrides,
  });
  // It copies the parameters of each call for a logger that does not log.
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}

/**
 * Sends one image to the endpoint.
 *
 * @throws Problem 502 for an answer that is not one row of logits; the SDK's errors.
 */
export async function predict(call: EndpointCall): Promise<Prediction> {
  const { client, endpointName, classCount, image, signal, observation } = call;
  const started = performance.now();
  try {
    const send = (abortSignal: AbortSignal) =>
      client.send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: image.contentType,
          Accept: "application/json",
          Body: image.bytes,
          // Reaches the container, and stands in captured data.
          CustomAttributes: `correlation-id=${observation.correlationId}`,
        }),
        { abortSignal },
      );
    const repeated = () => {
      observation.retries += 1;
      closeIdle(client);
    };
    const output = await within(
      endpointMilliseconds,
      (bounded) => twice(() => send(bounded), bounded, repeated),
      signal,
    );
    const text = output.Body?.transformToString() ?? "";
    return {
      logits: readLogits(text, classCount),
      row: text.trim().slice(1, -1).trim(),
      modelDigest: modelDigestOf(output.CustomAttributes),
    };
  } finally {
    observation.modelMilliseconds.push(performance.now() - started);
  }
}

/**
 * SHA-256 of the artifact that answered. A serving process that was not told it names the digest of its manifest instead,
 * `manifest-sha256=…`: another number for the same model, which no caller could compare with anything.
 *
 * @param customAttributes of the endpoint's answer, `model-sha256=<64 hexadecimal digits>` among others.
 */
export function modelDigestOf(customAttributes: string | undefined): string | undefined {
  return /(?<![\w-])model-sha256=([0-9a-f]{64})(?!\w)/.exec(customAttributes ?? "")?.[1];
}

/**
 * The logits of one image.
 *
 * @throws Problem 502 unless the text is a JSON list of one list of `classCount` finite numbers.
 */
export function readLogits(text: string, classCount: number): readonly number[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch (cause) {
    throw invalid("is not JSON", cause);
  }
  const row: unknown = Array.isArray(rows) && rows.length === 1 ? rows[0] : undefined;
  if (!Array.isArray(row)) throw invalid("is not a list of one list");
  if (row.length !== classCount) throw invalid(`has ${row.length} numbers, and not ${classCount}`);
  if (!row.every((value): value is number => Number.isFinite(value)))
    throw invalid("holds something that is no finite number");
  return row;
}

function invalid(what: string, cause?: unknown): Problem {
  return new Problem(502, "invalid-answer", `The model's answer ${what}.`, { cause });
}

import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from "@aws-sdk/client-sagemaker-runtime";
import type { Settings } from "./env";
import { isWorthASecondAttempt, Problem, problemOf } from "./errors";
import { readEvent } from "./events";
import type { Image } from "./images";
import { metricLine } from "./metrics";

/** What Lambda hands over beside the event; the part that is used. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text: the logits, one row per image, or a problem (RFC 9457). */
  readonly body: string;
}

export interface Services {
  readonly client: SageMakerRuntimeClient;
  readonly settings: Settings;
  /** Takes one line for the log. */
  readonly write: (line: string) => void;
}

interface Prediction {
  readonly logits: readonly number[];
  /** SHA-256 of the model that answered, where the container tells. */
  readonly modelDigest: string | undefined;
}

/** Kept back to answer in, when the endpoint does not. */
const answerMilliseconds = 250;

/**
 * The client of one environment. Without `throwOnRequestTimeout` a request that takes too long is only warned about; the
 * limit is above the endpoint's own 60 s, and each call has a shorter one of its own.
 */
export function createClient(overrides: SageMakerRuntimeClientConfig = {}): SageMakerRuntimeClient {
  return new SageMakerRuntimeClient({
    // The second attempt is made here, for the failures that are worth one.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 70_000, throwOnRequestTimeout: true },
    ...overrides,
  });
}

/** The function: reads the event, calls the endpoint, and answers every failure with a status of its own. */
export function createHandler({ client, settings, write }: Services) {
  return async (event: unknown, context: InvocationContext): Promise<Answer> => {
    const started = performance.now();
    const finish = (answer: Answer, problem?: Problem): Answer => {
      write(
        metricLine({
          functionName: context.functionName,
          requestId: context.awsRequestId,
          statusCode: answer.statusCode,
          milliseconds: performance.now() - started,
          problem,
        }),
      );
      return answer;
    };
    try {
      const request = readEvent(event, settings.maxImageBytes);
      if (request.kind === "health") return json(200, { status: "ok", model: settings.modelName });
      const { logits, modelDigest } = await predict(
        client,
        settings,
        request.image,
        context.getRemainingTimeInMillis() - answerMilliseconds,
      );
      return finish(json(200, [logits], modelDigest === undefined ? {} : { "x-model-sha256": modelDigest }));
    } catch (error) {
      const problem = problemOf(error);
      return finish(problemAnswer(problem, context.awsRequestId), problem);
    }
  };
}

async function predict(
  client: SageMakerRuntimeClient,
  settings: Settings,
  image: Image,
  milliseconds: number,
): Promise<Prediction> {
  if (milliseconds <= 0)
    throw new Problem(504, "endpoint-timeout", "There was no time left to call the endpoint.");
  const command = new InvokeEndpointCommand({
    EndpointName: settings.endpointName,
    ContentType: image.contentType,
    Accept: "application/json",
    Body: image.bytes,
  });
  const options = { abortSignal: AbortSignal.timeout(Math.floor(milliseconds)) };
  const output = await client.send(command, options).catch((error: unknown) => {
    if (!isWorthASecondAttempt(error)) throw error;
    // Within the same time: past it, this rejects at once.
    return client.send(command, options);
  });
  return {
    logits: readLogits(output.Body?.transformToString() ?? "", settings.classCount),
    modelDigest: /\b[0-9a-f]{64}\b/.exec(output.CustomAttributes ?? "")?.[0],
  };
}

/**
 * The logits of one image.
 *
 * @throws Problem 502 unless the text is a JSON list of one list of `classCount` finite numbers.
 */
export function readLogits(text: string, classCount: number): number[] {
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

function json(statusCode: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    statusCode,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

function problemAnswer(problem: Problem, requestId: string): Answer {
  const { status, title, code, detail, headers } = problem;
  return {
    ...json(status, { type: "about:blank", title, status, detail, code, requestId }),
    headers: { "content-type": "application/problem+json", ...headers },
  };
}

import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { type Answer, healthAnswer, preflightAnswer, problemAnswer, servedAnswer } from "./answer";
import { mapAtMost, within } from "./attempts";
import { corsHeaders } from "./cors";
import { type Prediction, predict } from "./endpoint";
import type { Settings } from "./env";
import { Problem } from "./errors";
import { atIndex, type Classify, readEvent } from "./events";
import { problemOf } from "./failures";
import { fetchImage as download } from "./fetch/fetch-image";
import { httpEvent, objectOf } from "./http-event";
import { metricLine } from "./metrics";
import { type Observation, observe } from "./observation";
import { type FetchImage, imageFrom } from "./sources";

export type { Answer } from "./answer";
export { createClient } from "./endpoint";

/** What Lambda hands over beside the event; the part that is used. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

export interface Services {
  readonly client: SageMakerRuntimeClient;
  readonly settings: Settings;
  /** Takes one line for the log. */
  readonly write: (line: string) => void;
  /** Names of the classes, by index. @default - a class is named by its index */
  readonly labels?: readonly string[] | undefined;
  /** @default - the download of `fetch/` */
  readonly fetchImage?: FetchImage;
  /** Address in place of S3's. @default - S3 in the client's region */
  readonly s3Endpoint?: string | undefined;
  /** Header of the X-Ray trace that the current request belongs to. @default - none */
  readonly traceHeader?: () => string | undefined;
  /** Version of the function that runs: a number, or `$LATEST`. @default - none */
  readonly version?: string | undefined;
  /** Whether the environment was initialised ahead of its requests, so that none of them waited. @default false */
  readonly provisioned?: boolean;
}

/** Kept back to answer in, when the endpoint does not. */
const answerMilliseconds = 250;

/** An API Gateway waits 29 s (REST) or 30 s (HTTP) at most: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const apiMilliseconds = 28_500;

/** Images of one request that are in the works together; each may hold its bytes in memory. */
const imagesAtOnce = 8;

type Handler = (event: unknown, context: InvocationContext) => Promise<Answer>;

/**
 * The function: reads the event, calls the endpoint, and answers every failure with a status of its own.
 *
 * @throws Error, where `settings.failOnError` says so, in place of an answer of 429, or 500 and above, to a call without an HTTP
 * envelope; its name is the problem's code.
 */
export function createHandler(services: Services): Handler {
  const { settings, write } = services;
  let coldStart = services.provisioned !== true;
  return async (event, context) => {
    const started = performance.now();
    const observation = observe(event, context, {
      coldStart,
      traceHeader: services.traceHeader?.(),
      version: services.version,
    });
    const cors = corsHeaders(event, settings.allowedOrigins);
    const finish = (answer: Answer, problem?: Problem): Answer => {
      const milliseconds = performance.now() - started;
      write(metricLine({ observation, statusCode: answer.statusCode, milliseconds, problem }));
      // What is not logged, such as a health event, is not counted, and leaves the count to the next.
      coldStart = false;
      return answer;
    };
    try {
      const request = readEvent(event, settings);
      if (request.kind === "health") return healthAnswer(settings.modelName, cors);
      if (request.kind === "preflight") return preflightAnswer(cors);
      const milliseconds = timeLeft(event, context);
      const predictions = await classify(request, services, observation, milliseconds);
      return finish(servedAnswer(predictions, request, { ...services, cors }));
    } catch (error) {
      const problem = problemOf(error);
      const answer = finish(problemAnswer(problem, context.awsRequestId, cors), problem);
      if (settings.failOnError && isForNobody(event, problem)) throw errorOf(problem);
      return answer;
    }
  };
}

/** Whether the answer would be lost on an asynchronous caller who could be helped by another attempt. */
function isForNobody(event: unknown, { status }: Problem): boolean {
  return (status >= 500 || status === 429) && httpEvent(objectOf(event) ?? {}) === undefined;
}

/** What Lambda hands to a direct caller and writes into the message of the queue: a stack would tell them of the code. */
function errorOf({ code, detail }: Problem): Error {
  const error = Object.assign(new Error(detail), { name: code });
  error.stack = `${code}: ${detail}`;
  return error;
}

function timeLeft(event: unknown, context: InvocationContext): number {
  const remaining = context.getRemainingTimeInMillis() - answerMilliseconds;
  const byApi = httpEvent(objectOf(event) ?? {})?.front === "api";
  return Math.floor(byApi ? Math.min(remaining, apiMilliseconds) : remaining);
}

function classify(
  { sources }: Classify,
  services: Services,
  observation: Observation,
  milliseconds: number,
): Promise<Prediction[]> {
  if (milliseconds <= 0)
    throw new Problem(504, "endpoint-timeout", "There was no time left to call the endpoint.");
  const { client, settings, s3Endpoint, fetchImage = download } = services;
  const { endpointName, classCount } = settings;
  const deadline = Date.now() + milliseconds;
  return within(milliseconds, (signal, abort) => {
    const tools = { client, settings, fetchImage, s3Endpoint, signal, deadline, observation };
    const classifyOne = async (source: Classify["sources"][number]) => {
      const image = await imageFrom(source, tools);
      observation.imageBytes += image.bytes.length;
      return predict({ client, endpointName, classCount, image, signal, observation });
    };
    return mapAtMost(
      sources,
      imagesAtOnce,
      (source, index) =>
        classifyOne(source).catch((error) => {
          throw sources.length === 1 ? error : atIndex(problemOf(error), index);
        }),
      () => abort.abort(),
    );
  });
}

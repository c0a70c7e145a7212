import { httpEvent, objectOf } from "./http-event";

/** What is noted of one request while it is served, for its one line in the log. */
export interface Observation {
  readonly functionName: string;
  readonly requestId: string;
  /** What the caller sent as `x-correlation-id`, else the request's id. Goes to the endpoint too. */
  readonly correlationId: string;
  /** Root of the X-Ray trace that the request belongs to. */
  readonly traceId: string | undefined;
  /** Whether it is the environment's first event. */
  readonly coldStart: boolean;
  /** How each image came: bytes, url or s3. */
  readonly sources: string[];
  imageBytes: number;
  /** Calls of the endpoint, repeated ones too. */
  attempts: number;
  /** One number per image. */
  readonly modelMilliseconds: number[];
  readonly downloadMilliseconds: number[];
}

/** It stands in a header and in logs, so it is a short word and nothing else is taken from the caller. */
const correlationId = /^[\w.:-]{1,64}$/;

export function observe(
  event: unknown,
  context: { readonly awsRequestId: string; readonly functionName: string },
  environment: { readonly coldStart: boolean; readonly traceHeader: string | undefined },
): Observation {
  const { awsRequestId: requestId, functionName } = context;
  const sent = httpEvent(objectOf(event) ?? {})?.header("x-correlation-id") ?? "";
  return {
    functionName,
    requestId,
    correlationId: correlationId.test(sent) ? sent : requestId,
    traceId: /Root=([\w-]{1,64})/.exec(environment.traceHeader ?? "")?.[1],
    coldStart: environment.coldStart,
    sources: [],
    imageBytes: 0,
    attempts: 0,
    modelMilliseconds: [],
    downloadMilliseconds: [],
  };
}

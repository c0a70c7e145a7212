import { httpEvent, objectOf } from "./http-event";

/** What is noted of one request while it is served, for its one line in the log. */
export interface Observation {
  readonly functionName: string;
  /** Number of the published version that runs. @default - none: `$LATEST`, or not on Lambda */
  readonly functionVersion: string | undefined;
  readonly requestId: string;
  /** What the caller sent as `x-correlation-id`, else the request's id. Goes to the endpoint too. */
  readonly correlationId: string;
  /** Root of the X-Ray trace that the request belongs to. */
  readonly traceId: string | undefined;
  /** Whether it is the first request that an environment logs which was not initialised ahead of its requests. */
  readonly coldStart: boolean;
  /** How each image came: bytes, url or s3. */
  readonly sources: string[];
  imageBytes: number;
  /** Second attempts, at the endpoint and at S3. */
  retries: number;
  /** One number per image. */
  readonly modelMilliseconds: number[];
  readonly downloadMilliseconds: number[];
}

/** It stands in a header and in logs, so it is a short word and nothing else is taken from the caller. */
const correlationId = /^[\w.:-]{1,64}$/;

/** Versions are numbered: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html */
const published = /^\d+$/;

export function observe(
  event: unknown,
  context: { readonly awsRequestId: string; readonly functionName: string },
  environment: {
    readonly coldStart: boolean;
    readonly traceHeader: string | undefined;
    readonly version: string | undefined;
  },
): Observation {
  const { awsRequestId: requestId, functionName } = context;
  const sent = httpEvent(objectOf(event) ?? {})?.header("x-correlation-id") ?? "";
  return {
    functionName,
    functionVersion: published.test(environment.version ?? "") ? environment.version : undefined,
    requestId,
    correlationId: correlationId.test(sent) ? sent : requestId,
    traceId: /Root=([\w-]{1,64})/.exec(environment.traceHeader ?? "")?.[1],
    coldStart: environment.coldStart,
    sources: [],
    imageBytes: 0,
    retries: 0,
    modelMilliseconds: [],
    downloadMilliseconds: [],
  };
}

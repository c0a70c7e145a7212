import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { twice, within } from "./attempts";
import { TooLong } from "./collect";
import { closeIdle } from "./connections";
import type { Settings } from "./env";
import { Problem } from "./errors";
import type { ImageSource } from "./events";
import { isWorthASecondAttempt, problemOf } from "./failures";
import type { FetchLimits } from "./fetch/fetch-image";
import { type Image, imageOf } from "./images";
import type { Observation } from "./observation";
import { readObject, storageUnavailable } from "./s3-object";

export type FetchImage = (url: string, limits: FetchLimits) => Promise<Uint8Array>;

export interface SourceTools {
  readonly client: SageMakerRuntimeClient;
  readonly settings: Settings;
  readonly fetchImage: FetchImage;
  /** @default - S3 itself */
  readonly s3Endpoint?: string | undefined;
  readonly signal: AbortSignal;
  /** When all must be over, in milliseconds since 1970. */
  readonly deadline: number;
  readonly observation: Observation;
}

/** Most that a download may take of the time there is: the endpoint needs the rest. */
const downloadMilliseconds = 3000;

/**
 * The image that a source names.
 *
 * @throws Problem with what is wrong, in words fit for callers.
 */
export async function imageFrom(source: ImageSource, tools: SourceTools): Promise<Image> {
  const { settings, observation } = tools;
  observation.sources.push(source.kind);
  if (source.kind === "bytes") return source.image;
  const started = performance.now();
  try {
    const bytes =
      source.kind === "url"
        ? await tools.fetchImage(source.url, {
            hosts: settings.imageHosts,
            maxBytes: settings.maxFetchBytes,
            deadline: Math.min(tools.deadline, Date.now() + downloadMilliseconds),
            signal: tools.signal,
          })
        : await objectBytes(source, tools);
    return imageOf(bytes, settings.maxFetchBytes);
  } finally {
    observation.downloadMilliseconds.push(performance.now() - started);
  }
}

type Reference = Extract<ImageSource, { kind: "s3" }>;

async function objectBytes({ bucket, key }: Reference, tools: SourceTools): Promise<Uint8Array> {
  const { client, settings, observation, s3Endpoint: endpoint } = tools;
  const maxBytes = settings.maxFetchBytes;
  const milliseconds = Math.min(tools.deadline - Date.now(), downloadMilliseconds);
  const repeated = () => {
    observation.retries += 1;
    closeIdle(client);
  };
  try {
    return await within(
      milliseconds,
      (signal) =>
        twice(() => readObject({ client, bucket, key, maxBytes, signal, endpoint }), signal, repeated),
      tools.signal,
    );
  } catch (error) {
    if (error instanceof TooLong)
      throw new Problem(413, "image-too-large", `The image has more than ${maxBytes} bytes.`);
    const problem = problemOf(error);
    if (problem === error || problem.code === "misconfigured") throw problem;
    if (problem.status === 504)
      throw new Problem(504, "fetch-timeout", "The S3 object was not read in time.", { cause: error });
    throw isWorthASecondAttempt(error) || problem.code === "endpoint-failed"
      ? storageUnavailable(error)
      : problem;
  }
}

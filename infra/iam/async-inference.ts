import { outputPrefixes } from "../rules/naming";
import { bucketArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/** Prefixes of one asynchronous endpoint in the output bucket, each with a slash at the end. */
export function asyncPrefixes(endpointName: string): {
  /** Callers put requests here. */
  readonly input: string;
  /** `S3OutputPath`. */
  readonly output: string;
  /** `S3FailurePath`. */
  readonly failure: string;
} {
  const base = `${outputPrefixes.async}${endpointName}/`;
  return { input: `${base}input/`, output: `${base}output/`, failure: `${base}failure/` };
}

/**
 * Reads queued requests and writes answers and failures of one asynchronous endpoint.
 *
 * Needed by asynchronous serving, where SageMaker moves the objects with the model's role (SageMaker Developer Guide,
 * asynchronous inference, prerequisites). Without it each request fails after it was accepted. Requests cannot be
 * overwritten and other endpoints' answers not read.
 */
export function answerAsynchronously(
  place: Place,
  outputBucketName: string,
  endpointName: string,
): Statement[] {
  const { input, output, failure } = asyncPrefixes(endpointName);
  return [
    allow("ReadAsyncRequests", ["s3:GetObject"], [bucketArn(place, outputBucketName, `${input}*`)]),
    allow(
      "WriteAsyncAnswers",
      ["s3:PutObject", "s3:AbortMultipartUpload"],
      [bucketArn(place, outputBucketName, `${output}*`), bucketArn(place, outputBucketName, `${failure}*`)],
    ),
  ];
}

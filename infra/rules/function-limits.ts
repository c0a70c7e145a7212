import type { ServingConfig } from "../config/schema/stack";

/**
 * Largest image in bytes that fits through the function and the endpoint.
 *
 * Lambda takes events of 6 MB, in which base64 makes an image a third larger; serverless endpoints take 4 MB.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
 */
export function maximumImageBytes(serving: ServingConfig): number {
  return serving.kind === "serverless" ? 4_000_000 : 4_500_000;
}

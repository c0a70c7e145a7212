import { allow, type Statement } from "./document";

/**
 * Sends traces to X-Ray.
 *
 * Needed by a function that Lambda traces actively. Neither action has a resource type:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
export function traceCalls(): Statement[] {
  return [allow("TraceCalls", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"])];
}

import { endpointArn, type Place } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Asks exactly one endpoint for predictions.
 *
 * Needed by the endpoint's function, which calls nothing else.
 */
export function invokeEndpoint(place: Place, endpointName: string): Statement[] {
  return [allow("InvokeEndpoint", ["sagemaker:InvokeEndpoint"], [endpointArn(place, endpointName)])];
}

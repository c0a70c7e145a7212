import { type Place, regionalArn } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Puts asynchronous calls that failed into a queue.
 *
 * Needed by the endpoint's function: Lambda sends with the function's own role.
 *
 * @param queueName absent, there is no queue and no statement.
 */
export function keepFailedCalls(place: Place, queueName: string | undefined): Statement[] {
  return queueName === undefined
    ? []
    : [allow("KeepFailedCalls", ["sqs:SendMessage"], [regionalArn(place, "sqs", queueName)])];
}

/** Whether an endpoint's rollouts watch alarms; kept in the state, so never reworded. */
export type RollbackAlarms = "watched" | "none";

export interface AlarmsFacts {
  readonly endpointName: string;
  /** As the endpoint was made. */
  readonly made: RollbackAlarms;
  /** As the program declares it now. */
  readonly wanted: RollbackAlarms;
  /** URN of the note of `made`. */
  readonly noteUrn: string;
}

/**
 * Why a protected endpoint takes no rollback alarms and gives none up, or `undefined` when nothing changes about them.
 *
 * The engine would say only that the endpoint is protected. Source of the replacement: `auto_rollback_configuration` is ForceNew in
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/endpoint.go
 */
export function alarmsMessage({ endpointName, made, wanted, noteUrn }: AlarmsFacts): string | undefined {
  if (made === wanted) return undefined;
  const added = wanted === "watched";
  return [
    `Rollback alarms cannot be ${added ? "added to" : "removed from"} endpoint ${endpointName}.`,
    `It was made ${added ? "without" : "with"} them and is now declared ${added ? "with" : "without"} them, as when serving.kind changes ${
      added ? 'from "serverless" to another kind' : 'to "serverless"'
    }.`,
    'The provider can do that only by deleting the endpoint and making it again: nobody would be answered meanwhile. This stack\'s endpoints are protected (removal.kind is "retain"), so the endpoint stays as it is.',
    "Declare the new kind as a second endpoint under another name, move the callers there, and remove this one later. To accept the outage, deploy the change once with removal { kind: destroy, reason: … }, then set removal back.",
    `If the endpoint was never made, have the note of it forgotten: pulumi state delete '${noteUrn}'`,
  ].join("\n");
}

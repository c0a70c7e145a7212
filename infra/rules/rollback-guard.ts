import { endpointLogGroupName } from "./naming";
import { consoleUrl, type Place } from "./place";

export interface RollbackFacts {
  readonly endpointName: string;
  /** Endpoint configuration that answers. */
  readonly liveConfig: string;
  /** Endpoint configuration that this update asked for. */
  readonly wantedConfig: string;
  /** SHA-256 of the model this update asked for. */
  readonly wantedDigest: string;
  readonly place: Place;
}

/**
 * What to tell when SageMaker has rolled an update back, or `undefined` when the wanted configuration answers.
 *
 * SageMaker ends such an update as InService on the old configuration, and the provider takes that for success
 * (https://github.com/hashicorp/terraform-provider-aws/issues/48997).
 */
export function rollbackMessage(facts: RollbackFacts): string | undefined {
  const { endpointName, liveConfig, wantedConfig, wantedDigest, place } = facts;
  if (liveConfig === wantedConfig) return undefined;
  return [
    `SageMaker rolled the update of endpoint ${endpointName} back.`,
    `Answering: endpoint configuration ${liveConfig}. Wanted: ${wantedConfig}, model sha256 ${wantedDigest}.`,
    "Nothing is lost: the old configuration and its model are kept, and callers are served by them.",
    `Look for the cause in the endpoint's alarms and logs: ${logsUrl(place, endpointLogGroupName(endpointName))}`,
    "Then correct the model or the configuration, and run `pulumi up --refresh`: the refresh reads back what answers, so that the update is tried again.",
  ].join("\n");
}

/** Console page of a log group. The console wants the name percent-encoded twice, with `$` in place of `%`. */
export function logsUrl(place: Place, logGroupName: string): string {
  const name = encodeURIComponent(encodeURIComponent(logGroupName)).replaceAll("%", "$");
  return consoleUrl(place, `cloudwatch/home?region=${place.region}#logsV2:log-groups/log-group/${name}`);
}

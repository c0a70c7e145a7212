import { endpointLogGroupName } from "../../../infra/rules/naming";
import type { Place } from "../../../infra/rules/place";
import { consoleUrl } from "../../../infra/rules/place";
import { logsUrl } from "../../../infra/rules/rollback-guard";
import { trainingLogGroup } from "./log-groups";

/** Where a region's console, ARNs and host names belong. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const partitions: readonly (readonly [prefix: RegExp, partition: string, dnsSuffix: string])[] = [
  [/^cn-/, "aws-cn", "amazonaws.com.cn"],
  [/^us-gov-/, "aws-us-gov", "amazonaws.com"],
];

/** @param accountId 12 digits; empty where it is not known, which pages do not need. */
export function placeOf(region: string, accountId = ""): Place {
  const [, partition = "aws", dnsSuffix = "amazonaws.com"] =
    partitions.find(([prefix]) => prefix.test(region)) ?? [];
  return { partition, dnsSuffix, region, accountId };
}

/** Console page of the log of an endpoint's containers, whether the endpoint is there or could not be made. */
export function endpointLogsUrl(place: Place, endpointName: string): string {
  return logsUrl(place, endpointLogGroupName(endpointName));
}

/** Console page of a training job or of a tuning job. */
export function jobUrl(place: Place, kind: "training" | "tuning", jobName: string): string {
  const page = kind === "training" ? "jobs" : "hyper-tuning-jobs";
  return consoleUrl(place, `sagemaker/home?region=${place.region}#/${page}/${encodeURIComponent(jobName)}`);
}

/** Console page of the log streams of one training job. */
export function jobLogsUrl(place: Place, jobName: string): string {
  // Both the name of the filter and its value are encoded as the console does: twice, with `$` in place of `%`.
  const filter = `$3FlogStreamNameFilter$3D${encodeURIComponent(encodeURIComponent(`${jobName}/`)).replaceAll("%", "$")}`;
  return `${logsUrl(place, trainingLogGroup)}${filter}`;
}

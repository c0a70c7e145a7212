import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { asked, askedIfThere } from "../aws/errors";
import type { LogEvent } from "./log-text";

/** Some streams of a log group, read as one log. */
export interface LogScope {
  readonly group: string;
  /** @default - every stream */
  readonly streamPrefix?: string;
}

export interface LogRange {
  /** Milliseconds since 1970. @default - from the beginning */
  readonly from?: number | undefined;
  /** CloudWatch's filter pattern. @default - every line */
  readonly pattern?: string;
}

/**
 * Pages of the log in the order of time, all streams together. A page may be empty while more follow: CloudWatch ends one
 * after some time of searching, too. A log that nobody has written to yet has none.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function* readLog(
  logs: CloudWatchLogsClient,
  { group, streamPrefix }: LogScope,
  { from, pattern }: LogRange = {},
): AsyncGenerator<readonly LogEvent[]> {
  let token: string | undefined;
  do {
    const command = new FilterLogEventsCommand({
      logGroupName: group,
      ...(streamPrefix === undefined ? {} : { logStreamNamePrefix: streamPrefix }),
      ...(from === undefined ? {} : { startTime: Math.max(0, Math.floor(from)) }),
      ...(pattern === undefined ? {} : { filterPattern: pattern }),
      ...(token === undefined ? {} : { nextToken: token }),
    });
    const page = await askedIfThere("logs:FilterLogEvents", () => logs.send(command), group);
    yield (page?.events ?? []).map(({ eventId, logStreamName = "", timestamp = 0, message = "" }) => ({
      ...(eventId === undefined ? {} : { id: eventId }),
      stream: logStreamName,
      at: timestamp,
      message,
    }));
    // The same token again would be asked for ever.
    token = page?.nextToken === token ? undefined : page?.nextToken;
  } while (token !== undefined);
}

/** Streams that are looked at for the last lines; those of the 20 instances that a job may have, and of its restarts. */
const mostStreams = 50;

/** The last lines of the log, oldest first, of all its streams together; none where nothing was written. */
export async function lastLines(
  logs: CloudWatchLogsClient,
  { group, streamPrefix }: LogScope,
  count: number,
): Promise<readonly LogEvent[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const command = new DescribeLogStreamsCommand({
      logGroupName: group,
      ...(streamPrefix === undefined ? {} : { logStreamNamePrefix: streamPrefix }),
      ...(token === undefined ? {} : { nextToken: token }),
    });
    const page = await askedIfThere("logs:DescribeLogStreams", () => logs.send(command), group);
    names.push(...(page?.logStreams ?? []).flatMap(({ logStreamName }) => logStreamName ?? []));
    token = page?.nextToken === token ? undefined : page?.nextToken;
  } while (token !== undefined && names.length < mostStreams);

  const events: LogEvent[] = [];
  for (const stream of names.slice(0, mostStreams)) {
    const command = new GetLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      startFromHead: false,
      limit: count,
    });
    const page = await asked("logs:GetLogEvents", () => logs.send(command), stream);
    for (const { timestamp = 0, message = "" } of page.events ?? [])
      events.push({ stream, at: timestamp, message });
  }
  return events.sort((a, b) => a.at - b.at).slice(-count);
}

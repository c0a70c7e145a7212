import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, json, jsonRefusal, Refusal } from "../prune/fake-aws";

export interface FakeLine {
  readonly group: string;
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What DescribeTrainingJob answers, beside the name. */
export interface FakeJob extends Fields {
  TrainingJobStatus: string;
}

export interface FakeTuning {
  /** What DescribeHyperParameterTuningJob answers, beside the name. */
  readonly described: Fields;
  /** Summaries as ListTrainingJobsForHyperParameterTuningJob has them. */
  readonly trials: readonly Fields[];
}

export interface FakeCall {
  readonly operation: string;
  readonly input: Fields;
  /** Id of the key that signed it. */
  readonly accessKeyId: string;
}

/** What becomes of a call: its answer; a refusal; or a connection that ends without an answer. */
export type FakeFate = "answer" | "cut" | Refusal;

export interface FakeOperate {
  readonly origin: string;
  readonly calls: FakeCall[];
  readonly jobs: Map<string, FakeJob>;
  readonly tunings: Map<string, FakeTuning>;
  readonly lines: FakeLine[];
  accountId: string;
  /** AWS's time, milliseconds since 1970. */
  now: number;
  /** Lines per page of a log, trials per page of a listing. */
  pageSize: number;
  /** Called before each answer, with the number of the call, from 1. */
  fate: (call: FakeCall, number: number) => FakeFate;
  close(): Promise<void>;
}

/**
 * SageMaker's jobs, CloudWatch Logs and STS in one process on loopback, for the operations that the commands use and no others. It
 * proves what the commands do with the bytes; it does not prove that AWS answers so: the forms are those of the API references.
 */
export async function startFakeOperate(now = Date.UTC(2026, 0, 5, 12)): Promise<FakeOperate> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const call = callOf(request, body);
      fake.calls.push(call);
      const fate = fake.fate(call, fake.calls.length);
      if (fate === "cut") {
        response.destroy();
        return;
      }
      const { status, headers, body: text } = fate === "answer" ? attempt(fake, call) : refused(call, fate);
      response.writeHead(status, { ...headers, date: new Date(fake.now).toUTCString() }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeOperate = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    jobs: new Map(),
    tunings: new Map(),
    lines: [],
    accountId: "123456789012",
    now,
    pageSize: 100,
    fate: () => "answer",
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function callOf(request: IncomingMessage, body: string): FakeCall {
  const target = String(request.headers["x-amz-target"] ?? "");
  const accessKeyId = /Credential=([^/]*)/.exec(String(request.headers.authorization))?.[1] ?? "";
  return target === ""
    ? { operation: new URLSearchParams(body).get("Action") ?? "unknown", input: {}, accessKeyId }
    : { operation: target.split(".").at(-1) ?? "", input: JSON.parse(body) as Fields, accessKeyId };
}

function refused(call: FakeCall, refusal: Refusal): Answer {
  if (call.operation !== "GetCallerIdentity") return jsonRefusal(refusal);
  return {
    status: refusal.status,
    headers: { "content-type": "text/xml" },
    body: `<ErrorResponse><Error><Code>${refusal.code}</Code><Message>${refusal.message}</Message></Error></ErrorResponse>`,
  };
}

function attempt(fake: FakeOperate, call: FakeCall): Answer {
  try {
    const answer = operations[call.operation];
    return answer === undefined
      ? { status: 501, body: `No fake for ${call.operation}` }
      : answer(fake, call.input as unknown as Input);
  } catch (error) {
    if (error instanceof Refusal) return refused(call, error);
    throw error;
  }
}

interface Input {
  readonly TrainingJobName: string;
  readonly HyperParameterTuningJobName: string;
  readonly NextToken?: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logStreamNamePrefix?: string;
  readonly filterPattern?: string;
  readonly startTime?: number;
  readonly limit: number;
  readonly nextToken?: string;
}

const operations: Readonly<Record<string, (fake: FakeOperate, input: Input) => Answer>> = {
  GetCallerIdentity: ({ accountId }) => ({
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  }),
  DescribeTrainingJob: ({ jobs }, { TrainingJobName }) => {
    const found = jobs.get(TrainingJobName);
    if (found === undefined) throw new Refusal("ValidationException", "Requested resource not found.");
    return json({ TrainingJobName, ...found });
  },
  DescribeHyperParameterTuningJob: ({ tunings }, { HyperParameterTuningJobName }) => {
    const found = tunings.get(HyperParameterTuningJobName);
    if (found === undefined)
      throw new Refusal("ResourceNotFound", "Amazon SageMaker can't find a tuning job.");
    return json({ HyperParameterTuningJobName, ...found.described });
  },
  ListTrainingJobsForHyperParameterTuningJob: (fake, { HyperParameterTuningJobName, NextToken }) => {
    const { trials = [] } = fake.tunings.get(HyperParameterTuningJobName) ?? {};
    const { items, next } = pageOf(trials, NextToken, fake.pageSize);
    return json({ TrainingJobSummaries: items, NextToken: next });
  },
  DescribeLogStreams: (fake, { logGroupName, logStreamNamePrefix, nextToken }) => {
    const names = [...new Set(linesOf(fake, logGroupName, logStreamNamePrefix).map(({ stream }) => stream))];
    const { items, next } = pageOf(names.sort(), nextToken, fake.pageSize);
    return json({ logStreams: items.map((logStreamName) => ({ logStreamName })), nextToken: next });
  },
  GetLogEvents: (fake, { logGroupName, logStreamName, limit }) => {
    const found = linesOf(fake, logGroupName, logStreamName).filter(({ stream }) => stream === logStreamName);
    return json({ events: found.slice(-limit).map(({ at, message }) => ({ timestamp: at, message })) });
  },
  FilterLogEvents: (fake, { logGroupName, logStreamNamePrefix, startTime = 0, filterPattern, nextToken }) => {
    const pattern = filterPattern === undefined ? undefined : new RegExp(filterPattern.slice(1, -1));
    const all = linesOf(fake, logGroupName, logStreamNamePrefix)
      .map((line) => ({ ...line, id: `e${fake.lines.indexOf(line)}` }))
      .filter(({ at }) => at >= startTime)
      .sort((a, b) => a.at - b.at);
    const { items, next } = pageOf(all, nextToken, fake.pageSize);
    return json({
      events: items
        .filter(({ message }) => pattern === undefined || pattern.test(message))
        .map(({ id, stream, at, message }) => ({
          eventId: id,
          logStreamName: stream,
          timestamp: at,
          message,
        })),
      nextToken: next,
    });
  },
};

function linesOf(fake: FakeOperate, group: string, prefix = ""): readonly FakeLine[] {
  const found = fake.lines.filter((line) => line.group === group);
  if (found.length === 0)
    throw new Refusal("ResourceNotFoundException", "The specified log group does not exist.");
  return found.filter(({ stream }) => stream.startsWith(prefix));
}

function pageOf<T>(all: readonly T[], token: string | undefined, size: number) {
  const from = token === undefined ? 0 : Number(token);
  const to = from + size;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}

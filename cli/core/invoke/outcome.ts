import type { Label } from "../../../lambda/invoke/labels";
import { type Interrupt, interruptStatus } from "../operate/process";
import type { Failure } from "./failures";
import type { Input } from "./inputs";
import type { Reply } from "./reply";

/** What the exit statuses of `sagemaker-ops invoke` mean beside 2, wrong arguments, and those of an interruption. */
export const invokeStatus = {
  /** Every request was answered. */
  ok: 0,
  failed: 1,
  /** No credentials, no permission, or the service cannot be reached. */
  unreachable: 3,
} as const;

/** One request that was sent. */
export interface Exchange {
  readonly input: Input;
  readonly reply: Reply;
  readonly milliseconds: number;
}

export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** All requests of one input. */
export interface InputOutcome {
  readonly name: string;
  readonly answered: number;
  readonly failed: number;
  /** Of the first answer. */
  readonly labels: readonly Label[];
  /** Median of the answers, in milliseconds. */
  readonly milliseconds: number | undefined;
}

export interface FailureGroup extends Pick<Failure, "code" | "cause" | "next"> {
  readonly requests: number;
  /** Of the first few inputs that it hit. */
  readonly inputs: readonly string[];
}

export interface Outcome {
  readonly requests: number;
  readonly answered: number;
  readonly failed: number;
  /** Requests that were not sent, as they would have failed alike; of an interrupted run also those without an answer yet. */
  readonly notSent: number;
  /** The signal that cut the run short. @default - none did */
  readonly interrupted?: Interrupt;
  /** Of the answered requests, in milliseconds; undefined when none was. */
  readonly latency: Latency | undefined;
  /** Answers per second, over the whole run. */
  readonly perSecond: number;
  /** Digests of the models that answered: more than one during a rollout. */
  readonly models: readonly string[];
  readonly inputs: readonly InputOutcome[];
  /** The most frequent first. */
  readonly failures: readonly FailureGroup[];
  readonly status: number;
}

const namedInputs = 3;

/** Brings the exchanges of a run together. */
export function outcomeOf(
  exchanges: readonly Exchange[],
  run: {
    readonly requests: number;
    readonly milliseconds: number;
    readonly interrupted?: Interrupt | undefined;
  },
): Outcome {
  const answers = exchanges.flatMap(({ reply, milliseconds }) =>
    reply.kind === "answered" ? [{ reply, milliseconds }] : [],
  );
  const failed = exchanges.length - answers.length;
  return {
    requests: exchanges.length,
    answered: answers.length,
    failed,
    notSent: run.requests - exchanges.length,
    ...(run.interrupted === undefined ? {} : { interrupted: run.interrupted }),
    latency: latencyOf(answers.map(({ milliseconds }) => milliseconds)),
    perSecond: run.milliseconds > 0 ? (answers.length * 1000) / run.milliseconds : 0,
    models: [...new Set(answers.flatMap(({ reply }) => reply.modelSha256 ?? []))].sort(),
    inputs: inputOutcomes(exchanges),
    failures: failureGroups(exchanges),
    status: run.interrupted === undefined ? statusOf(exchanges, failed) : interruptStatus[run.interrupted],
  };
}

/** The smallest value that at least `percent` of all are not above (nearest rank), so that each is one that was measured. */
export function percentile(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

function latencyOf(milliseconds: readonly number[]): Latency | undefined {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const [p50, p90, p99, max] = [50, 90, 99, 100].map((percent) => percentile(sorted, percent));
  return p50 === undefined || p90 === undefined || p99 === undefined || max === undefined
    ? undefined
    : { p50, p90, p99, max };
}

function inputOutcomes(exchanges: readonly Exchange[]): InputOutcome[] {
  return [...grouped(exchanges, ({ input }) => input.name)].map(([name, all]) => {
    const answers = all.filter(({ reply }) => reply.kind === "answered");
    const [first] = answers;
    return {
      name,
      answered: answers.length,
      failed: all.length - answers.length,
      labels: first?.reply.kind === "answered" ? first.reply.labels : [],
      milliseconds: latencyOf(answers.map(({ milliseconds }) => milliseconds))?.p50,
    };
  });
}

function failureGroups(exchanges: readonly Exchange[]): FailureGroup[] {
  const failures = exchanges.flatMap(({ input, reply }) =>
    reply.kind === "failed" ? [{ name: input.name, failure: reply.failure }] : [],
  );
  return [
    ...grouped(failures, ({ failure }) =>
      JSON.stringify([failure.code, failure.cause, failure.next]),
    ).values(),
  ]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { code, cause, next } = first.failure;
      const inputs = [...new Set(group.map(({ name }) => name))].slice(0, namedInputs);
      return [{ code, cause, next, requests: group.length, inputs }];
    })
    .sort((a, b) => b.requests - a.requests);
}

function statusOf(exchanges: readonly Exchange[], failed: number): number {
  if (exchanges.some(({ reply }) => reply.kind === "failed" && reply.failure.unreachable))
    return invokeStatus.unreachable;
  return failed > 0 ? invokeStatus.failed : invokeStatus.ok;
}

/** By key, in the order in which the keys come first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

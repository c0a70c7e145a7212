import { openSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { createClient, createHandler } from "../lambda/invoke/core";
import { readSettings } from "../lambda/invoke/env";

/**
 * Runs in the Node under test, bundled as the function is: calls a local stub as the function does, as a bare client does, with and
 * without what any handler does around it, and as a handler with a client per call does, in turns, and prints what each took. Arguments: mode and numbers; see `main`.
 */
const settings = readSettings(process.env);
const image = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(50_000, "image")]);
const event = { image: image.toString("base64") };
const context = {
  awsRequestId: "00000000-0000-0000-0000-000000000000",
  functionName: "f",
  getRemainingTimeInMillis: () => 30_000,
};

/** The log line is written as the runtime writes it, to a file that is open; what becomes of it there is no part of the request. */
const log = openSync(devNull, "w");
const write = (line: string) => void writeSync(log, `${line}\n`);
const handler = createHandler({ client: createClient(), settings, write });
const bare = new SageMakerRuntimeClient({
  // More than the default of 50, which would queue and so make the comparison easier.
  requestHandler: { httpAgent: { maxSockets: 1000 }, httpsAgent: { maxSockets: 1000 } },
});

const subjects: Readonly<Record<string, () => Promise<void>>> = {
  handler: async () => {
    const { statusCode, body } = await handler(event, context);
    if (statusCode !== 200) throw new Error(body);
  },
  bare: () => invoke(bare),
  callOnly: () => send(bare, image).then(() => undefined),
  perCall: async () => {
    const client = new SageMakerRuntimeClient({});
    await invoke(client);
    client.destroy();
  },
};

/** The least that a handler does: the image out of the event, the call, the numbers out of the answer. */
async function invoke(client: SageMakerRuntimeClient): Promise<void> {
  const { Body } = await send(client, Buffer.from(event.image, "base64"));
  JSON.parse(Body?.transformToString() ?? "");
}

/** The SDK's call and nothing else: bytes that are there already, and an answer that nobody reads numbers from. */
function send(client: SageMakerRuntimeClient, bytes: Uint8Array) {
  return client.send(
    new InvokeEndpointCommand({
      EndpointName: settings.endpointName,
      ContentType: "image/jpeg",
      Accept: "application/json",
      Body: bytes,
    }),
  );
}

interface Block {
  readonly milliseconds: number[];
  readonly cpuMs: number;
}

async function block(call: () => Promise<void>, requests: number, concurrency: number): Promise<Block> {
  const milliseconds: number[] = [];
  let left = requests;
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) {
        const started = performance.now();
        await call();
        milliseconds.push(performance.now() - started);
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return { milliseconds, cpuMs: (user + system) / 1000 };
}

async function warm(concurrency: number, names: readonly string[], rounds: number, requests: number) {
  const taken = new Map<string, Block[]>(names.map((name) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const name of turned(names, round)) {
      const call = subjects[name];
      if (call === undefined) throw new Error(`no subject ${name}`);
      const one = await block(call, requests, concurrency);
      if (round >= 0) taken.get(name)?.push(one);
    }
  }
  return Object.fromEntries(
    [...taken].map(([name, blocks]) => {
      const all = blocks.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
      const at = (share: number) => all[Math.floor((all.length - 1) * share)] ?? Number.NaN;
      const cpuMs = blocks.reduce((sum, one) => sum + one.cpuMs, 0) / all.length;
      return [name, { p50: at(0.5), p99: at(0.99), cpuMs }];
    }),
  );
}

/** Each goes first, and behind each other, as often as the others: what runs behind somebody's garbage pays for it. */
function turned<T>(all: readonly T[], round: number): readonly T[] {
  const first = ((round % all.length) + all.length) % all.length;
  const order = [...all.slice(first), ...all.slice(0, first)];
  return Math.floor(round / all.length) % 2 === 0 ? order : order.reverse();
}

async function memory(requests: number) {
  const call = subjects.handler;
  if (call === undefined || global.gc === undefined) throw new Error("run with --expose-gc");
  const samples: { requests: number; usedMiB: number; rssMiB: number }[] = [];
  const step = requests / 10;
  for (let done = 0; done < requests; done += step) {
    await block(call, step, 10);
    // Twice, with a turn between: what the first one finds unused is returned after it.
    global.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    global.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    samples.push({
      requests: done + step,
      usedMiB: (heapUsed + external) / 2 ** 20,
      rssMiB: rss / 2 ** 20,
    });
  }
  return samples;
}

function subjectsOf(mode: string): readonly string[] {
  if (mode === "perCall") return ["handler", "perCall"];
  return mode === "handler" ? ["handler"] : ["handler", "bare", "callOnly"];
}

async function main([mode = "", ...numbers]: string[]): Promise<void> {
  const [a = 1, b = 1, c = 1] = numbers.map(Number);
  const result = mode === "memory" ? await memory(a) : await warm(a, subjectsOf(mode), b, c);
  process.stdout.write(`@@${JSON.stringify(result)}\n`, () => process.exit(0));
}

void main(process.argv.slice(2));

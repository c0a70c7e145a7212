import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { CommandError } from "../exit-status";
import { readClassNames } from "../invoke/class-names";
import { localTarget } from "../invoke/local";
import type { Outcome } from "../invoke/outcome";
import { sendAll } from "../invoke/send-all";
import * as commands from "./commands";
import { runStep } from "./run-step";
import { startServing } from "./serve";

export interface PipelineOptions {
  readonly python: string;
  /** Folder for everything that is made. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Of the serving process; 0: a free one. */
  readonly port: number;
  readonly signal: AbortSignal;
  /** Writes the data set and gives the digest of its manifest. */
  readonly makeData: (folder: string) => Promise<string>;
  readonly onStep: (title: string) => void;
  /** Takes a line for people that belongs to the step. */
  readonly tell: (line: string) => void;
}

export interface Timing {
  readonly step: string;
  readonly seconds: number;
}

export interface PipelineResult {
  readonly timings: readonly Timing[];
  readonly dataDigest: string;
  readonly archiveDigest: string;
  readonly testAccuracy: { readonly single: number | undefined; readonly pair: number | undefined };
  readonly outcome: Outcome;
  readonly target: { readonly kind: "local"; readonly title: string };
  /** Of the images that were sent, one of each class: those whose likeliest label is their class. */
  readonly correct: number;
}

/** More answers than this fill a screen; each takes the model a moment. */
const mostCalls = 12;

/**
 * Data, training with one process and then with two, artifact, serving, prediction: each by the program that does it in a job or
 * in a container.
 *
 * @throws CommandError, with status 1, at the step that fails.
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  const { python, root, env, signal, onStep, tell } = options;
  const places = commands.placesIn(root);
  const timings: Timing[] = [];
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    onStep(step);
    const started = performance.now();
    const result = await work();
    timings.push({ step, seconds: (performance.now() - started) / 1000 });
    return result;
  };
  const program = (what: string, args: readonly string[], epochs = 0) =>
    runStep(
      what,
      { python, args },
      {
        env: commands.programEnvironment(env),
        signal,
        onLine: (line) => {
          const progress = commands.trainingProgress(line, epochs);
          if (progress !== undefined) tell(progress);
        },
      },
    );

  const dataDigest = await timed("make and check the images", () => options.makeData(places.data));
  mkdirSync(places.single);
  const single = await timed("train, one process", () =>
    program("The training with one process", commands.singleTraining(places), commands.epochs.single),
  );
  const port = await freePort();
  const pair = await timed("train, two processes", () =>
    program("The training with two processes", commands.pairTraining(places, port), commands.epochs.pair),
  );
  const packed = await timed("pack and verify the artifact", async () => {
    const told = await program("Packing the artifact", commands.packing(places));
    await program("Unpacking the artifact", commands.unpacking(places));
    return told;
  });
  const archiveDigest = /\bsha256=([0-9a-f]{64})\b/.exec(packed)?.[1] ?? "";
  sameData(dataDigest, places.served);

  const serving = await timed("start the serving process", () =>
    startServing(
      { python, args: commands.serving(places, options.port) },
      // As the stack does, so that each answer tells the archive that it comes from.
      { env: { ...commands.programEnvironment(env), MODEL_SHA256: archiveDigest }, signal },
    ),
  );
  try {
    const called = await timed("call it as the function does", () => callEach(places, serving.origin));
    return {
      timings,
      dataDigest,
      archiveDigest,
      testAccuracy: { single: commands.testAccuracy(single), pair: commands.testAccuracy(pair) },
      ...called,
    };
  } finally {
    await serving.stop();
  }
}

/** One test image of each class, through the function's own code. */
async function callEach(
  { data, served }: commands.Places,
  origin: URL,
): Promise<Pick<PipelineResult, "outcome" | "target" | "correct">> {
  const names = readClassNames(join(served, "class_to_idx.json"));
  const inputs = names.slice(0, mostCalls).map((name) => {
    const [image = ""] = readdirSync(join(data, "test", name)).sort();
    return { kind: "file" as const, name: `${name}/${image}`, path: join(data, "test", name, image) };
  });
  const target = await localTarget(origin, { classCount: names.length, write: () => {} }, { top: 1, names });
  try {
    const outcome = await sendAll(target, { inputs, repeat: 1, concurrency: 1 });
    const correct = outcome.inputs.filter(({ name, labels }) =>
      name.startsWith(`${labels[0]?.label}/`),
    ).length;
    return { outcome, target: { kind: "local", title: target.title }, correct };
  } finally {
    await target.close();
  }
}

/** The artifact tells which data it was trained on; what was checked here must be the same. */
function sameData(digest: string, served: string): void {
  const metrics = JSON.parse(readFileSync(join(served, "metrics.json"), "utf8")) as {
    readonly settings?: { readonly data?: unknown };
  };
  const trained = metrics.settings?.data;
  if (trained !== digest)
    throw new CommandError(
      `The artifact says that it was trained on the data ${JSON.stringify(trained)}, and the manifest of the data is ${digest}.`,
      1,
    );
}

/**
 * A port of 127.0.0.1 that nobody listens at.
 *
 * @param port the one to look at; 0: any.
 * @throws CommandError where somebody does.
 */
export function freePort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      reject(
        new CommandError(
          `127.0.0.1:${port} cannot be listened at (${code}). Choose another --port, or 0 for a free one.`,
        ),
      ),
    );
    server.listen(port, "127.0.0.1", () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found));
    });
  });
}

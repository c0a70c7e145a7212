import { Interrupted, type Interruptible } from "../operate/interruption";
import type { Interrupt } from "../operate/process";
import { type Input, Unreadable } from "./inputs";
import { type Exchange, type Outcome, outcomeOf } from "./outcome";
import { failed, type Reply } from "./reply";
import type { Target } from "./targets";

export interface Load {
  readonly inputs: readonly Input[];
  /** How often each input is sent. */
  readonly repeat: number;
  /** Requests that are on their way together. */
  readonly concurrency: number;
}

/**
 * Sends every input `repeat` times, in rounds, with `concurrency` senders that each wait for an answer before the next
 * request. After a failure that every request would meet, nothing more is sent. An interruption ends it at once, with what was measured.
 *
 * @param progress is told after each answer how many requests are done.
 */
export async function sendAll(
  target: Pick<Target, "send">,
  { inputs, repeat, concurrency }: Load,
  progress: (done: number, all: number) => void = () => {},
  interruption: Pick<Interruptible, "run"> = { run: (work) => work() },
): Promise<Outcome> {
  const requests = inputs.length * repeat;
  // By the order in which they were sent, whatever the order of the answers.
  const exchanges: (Exchange | undefined)[] = [];
  let next = 0;
  let done = 0;
  let stopped = false;
  let interrupted: Interrupt | undefined;
  const started = performance.now();
  const sender = async () => {
    while (!stopped && next < requests) {
      const index = next++;
      const input = inputs[index % inputs.length];
      if (input === undefined) return;
      const sent = performance.now();
      const reply = await target.send(input).catch(unreadable);
      if (interrupted !== undefined) return;
      exchanges[index] = { input, reply, milliseconds: performance.now() - sent };
      if (reply.kind === "failed" && reply.failure.stops) stopped = true;
      done += 1;
      progress(done, requests);
    }
  };
  try {
    await interruption.run(() =>
      Promise.all(Array.from({ length: Math.min(concurrency, requests) }, sender)),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    interrupted = error.signal;
  }
  return outcomeOf(
    exchanges.filter((exchange) => exchange !== undefined),
    { requests, milliseconds: performance.now() - started, interrupted },
  );
}

/** A file that is gone, or may not be read, takes no other's answer with it. */
function unreadable(error: unknown): Reply {
  if (!(error instanceof Unreadable)) throw error;
  return failed(
    "unreadable",
    `The file cannot be read (${error.code}).`,
    "See that it is there, and that you may read it.",
  );
}

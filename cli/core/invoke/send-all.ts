import type { Input } from "./inputs";
import { type Exchange, type Outcome, outcomeOf } from "./outcome";
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
 * request. After a failure that every request would meet, nothing more is sent.
 *
 * @param progress is told after each answer how many requests are done.
 */
export async function sendAll(
  target: Pick<Target, "send">,
  { inputs, repeat, concurrency }: Load,
  progress: (done: number, all: number) => void = () => {},
): Promise<Outcome> {
  const requests = inputs.length * repeat;
  // By the order in which they were sent, whatever the order of the answers.
  const exchanges: (Exchange | undefined)[] = [];
  let next = 0;
  let done = 0;
  let stopped = false;
  const started = performance.now();
  const sender = async () => {
    while (!stopped && next < requests) {
      const index = next++;
      const input = inputs[index % inputs.length];
      if (input === undefined) return;
      const sent = performance.now();
      const reply = await target.send(input);
      exchanges[index] = { input, reply, milliseconds: performance.now() - sent };
      if (reply.kind === "failed" && reply.failure.stops) stopped = true;
      done += 1;
      progress(done, requests);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, sender));
  return outcomeOf(
    exchanges.filter((exchange) => exchange !== undefined),
    { requests, milliseconds: performance.now() - started },
  );
}

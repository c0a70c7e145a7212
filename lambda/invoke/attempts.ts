import { Problem } from "./errors";
import { isWorthASecondAttempt } from "./failures";

/**
 * At most two attempts, within the same time: past it, nothing is repeated.
 *
 * @param repeated is told of a second attempt before it is made.
 * @throws the error of the last attempt; an AbortError when the time is over, as a connection that is closed within an answer
 * looks like one that was cut.
 */
export async function twice<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  repeated: () => void = () => undefined,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (signal.aborted || !isWorthASecondAttempt(error)) throw timely(error, signal);
  }
  repeated();
  try {
    return await attempt();
  } catch (error) {
    throw timely(error, signal);
  }
}

function timely(error: unknown, { aborted }: AbortSignal): unknown {
  if (!aborted || error instanceof Problem) return error;
  const { message } = error instanceof Error ? error : { message: "" };
  return Object.assign(new Error(`The time is over: ${message}`), { name: "AbortError" });
}

/**
 * Runs `use` with a signal that comes after `milliseconds`, or with `parent`'s. Nothing of it is left afterwards, so that an
 * environment is frozen without a timer in it.
 */
export async function within<T>(
  milliseconds: number,
  use: (signal: AbortSignal, abort: AbortController) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const abort = new AbortController();
  const end = () => abort.abort();
  const timer = setTimeout(end, milliseconds);
  if (parent?.aborted === true) end();
  parent?.addEventListener("abort", end, { once: true });
  try {
    return await use(abort.signal, abort);
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener("abort", end);
  }
}

/**
 * Maps a list with at most `limit` items in the works. After a failure nothing new is begun, `onFailure` may end what is
 * under way, and the result waits for that: no work outlives the answer.
 *
 * @throws what failed first.
 */
export async function mapAtMost<T, U>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<U>,
  onFailure: () => void,
): Promise<U[]> {
  const results: U[] = [];
  const failures: unknown[] = [];
  const entries = items.entries();
  const work = async () => {
    for (const [index, item] of entries) {
      if (failures.length > 0) return;
      try {
        results[index] = await map(item, index);
      } catch (error) {
        failures.push(error);
        onFailure();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

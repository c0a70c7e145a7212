/**
 * Runs `use` with timers of `limit` ms coming after 50, and all others as they are: a limit of minutes is seen to end what it should,
 * as it is set, without waiting for it. Timers of sockets are Node's own, and are not reached.
 */
export async function withShortTimers<T>(limit: number, use: () => Promise<T>): Promise<T> {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = ((run: () => void, milliseconds?: number, ...rest: unknown[]) =>
    Reflect.apply(original, undefined, [
      run,
      milliseconds === limit ? 50 : milliseconds,
      ...rest,
    ])) as typeof original;
  try {
    return await use();
  } finally {
    globalThis.setTimeout = original;
  }
}

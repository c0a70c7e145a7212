/**
 * For how many milliseconds timers are set while `use` runs, in order. Those of `held` milliseconds never come: what waits for nothing else
 * waits forever. Timers of sockets are Node's own, and are not seen.
 */
export async function timersOf(use: () => Promise<unknown>, held?: number): Promise<number[]> {
  const asked: number[] = [];
  const original = globalThis.setTimeout;
  globalThis.setTimeout = ((run: () => void, milliseconds = 0, ...rest: unknown[]) => {
    asked.push(milliseconds);
    return Reflect.apply(original, undefined, [
      milliseconds === held ? () => undefined : run,
      milliseconds,
      ...rest,
    ]);
  }) as typeof original;
  try {
    await use();
  } finally {
    globalThis.setTimeout = original;
  }
  return asked;
}

/** Calls that are on their way together: enough to hide their latency, few enough not to be throttled. */
const together = 6;

/** What `body` makes of each item, in the order of the items. The first failure ends it; nothing is begun after it. */
export async function inParallel<T, U>(
  items: readonly T[],
  body: (item: T) => Promise<U>,
): Promise<readonly U[]> {
  const results: U[] = new Array(items.length);
  let next = 0;
  let failed = false;
  const work = async () => {
    while (next < items.length && !failed) {
      const index = next;
      next += 1;
      try {
        results[index] = await body(items[index] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, items.length) }, work));
  return results;
}

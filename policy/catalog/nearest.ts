/**
 * The candidate with the fewest single-letter changes (Levenshtein), ties by order; `undefined` beyond `limit` changes.
 * Written out because the pack ships alone: 15 lines instead of a dependency.
 */
export function nearest(word: string, candidates: readonly string[], limit: number): string | undefined {
  // No candidate is longer than a name; this bounds the work for a hostile value.
  if (word.length > 64) return undefined;

  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = levenshtein(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

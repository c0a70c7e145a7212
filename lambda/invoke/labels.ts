/** A class and how likely it is. */
export interface Label {
  /** Position in the logits, from 0. */
  readonly index: number;
  readonly label: string;
  /** 0 to 1; over all classes they add up to 1. */
  readonly probability: number;
}

/** The `top` likeliest classes, the likeliest first; of equal ones the lower index first. */
export function topLabels(
  logits: readonly number[],
  names: readonly string[] | undefined,
  top: number,
): Label[] {
  const probabilities = softmax(logits);
  // By logit: two that differ a little may have the same probability.
  return [...logits.entries()]
    .sort(([a, left], [b, right]) => right - left || a - b)
    .slice(0, top)
    .map(([index]) => ({
      index,
      label: names?.[index] ?? String(index),
      probability: probabilities[index] ?? 0,
    }));
}

/** Without the maximum subtracted, a logit above 709 would overflow to Infinity, and the quotient to NaN. */
export function softmax(logits: readonly number[]): number[] {
  let maximum = Number.NEGATIVE_INFINITY;
  for (const logit of logits) maximum = Math.max(maximum, logit);
  const powers = logits.map((logit) => Math.exp(logit - maximum));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * The names of the classes.
 *
 * @throws Error unless the text is a JSON list of `classCount` texts.
 */
export function readLabels(text: string, classCount: number): readonly string[] {
  const names: unknown = JSON.parse(text);
  if (!Array.isArray(names) || !names.every((name): name is string => typeof name === "string"))
    throw new Error("The file of class names must be a JSON list of texts.");
  if (names.length !== classCount)
    throw new Error(`The file of class names has ${names.length} names, and CLASS_COUNT is ${classCount}.`);
  return names;
}

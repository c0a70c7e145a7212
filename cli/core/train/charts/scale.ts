/** From values to places between 0 and 1. */
export interface Scale {
  readonly place: (value: number) => number;
  /** Values worth a label, in rising order. */
  readonly ticks: readonly number[];
}

/** A scale that holds all values, with some room, and whose ticks are round. */
export function linearScale(values: readonly number[], tickCount = 5): Scale {
  const [low, high] = extent(values);
  const spare = high > low ? (high - low) * 0.05 : Math.max(Math.abs(high) * 0.1, 0.5);
  return linear(low - spare, high + spare, tickCount);
}

/** The same from zero on: of lengths, the ratio is read. */
export function zeroScale(values: readonly number[], tickCount = 4): Scale {
  const [, high] = extent(values);
  return linear(0, high > 0 ? high * 1.08 : 1, tickCount);
}

function linear(low: number, high: number, tickCount: number): Scale {
  const step = roundStep((high - low) / tickCount);
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high; index += 1)
    ticks.push(Number((index * step).toPrecision(12)));
  return { place: (value) => (value - low) / (high - low), ticks };
}

/** For positive values that lie orders of magnitude apart. */
export function logScale(values: readonly number[]): Scale {
  const [low, high] = extent(values.map(Math.log10));
  const spare = high > low ? (high - low) * 0.05 : 0.5;
  const [from, to] = [low - spare, high + spare];
  const decades: number[] = [];
  for (let power = Math.ceil(from); power <= to; power += 1) decades.push(10 ** power);
  const ticks =
    decades.length >= 2
      ? decades
      : [...new Set([10 ** low, 10 ** high])].map((one) => Number(one.toPrecision(2)));
  return { place: (value) => (Math.log10(value) - from) / (to - from), ticks };
}

/** Whole numbers from 1, such as epochs: at most about `most` labels. */
export function wholeTicks(last: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(roundStep(last / most)));
  const ticks = [1];
  for (let value = step; value <= last; value += step) if (value > 1) ticks.push(value);
  return ticks;
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return factor * power;
}

function extent(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

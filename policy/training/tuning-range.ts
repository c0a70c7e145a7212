import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { UNKNOWN } from "../values";

const SCALES = ["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"];
/** Two decades. */
const WIDE = 100;

interface NumericRange {
  readonly path: string;
  /** Known, of any shape. */
  readonly range: unknown;
  readonly integer: boolean;
  /** A learning rate or the like: to be searched by its order of magnitude. */
  readonly wide: boolean;
}

/** What is wrong with a range of numbers, which AWS takes as text. */
export function numericFindings({ path, range, integer, wide }: NumericRange): readonly Finding[] {
  const bounds = ["minValue", "maxValue"].map((name) => {
    const value = at(range, name);
    return { name: `${path}.${name}`, value, number: toNumber(value) };
  });
  const scale = at(range, "scalingType") ?? "Auto";

  const wrong = bounds.flatMap(({ name, value, number }) => {
    if (value === UNKNOWN) return [undecided(name)];
    if (number === undefined)
      return [violation(`${name} is ${shown(value)}, which is no number. Give it one.`)];
    if (integer && !Number.isInteger(number)) {
      return [
        violation(
          `${name} is ${shown(value)}, in a range of whole numbers. Give it one, or make it a continuous range.`,
        ),
      ];
    }
    return [];
  });
  const scaleFindings = SCALES.some((known) => known === scale)
    ? []
    : scale === UNKNOWN
      ? [undecided(`${path}.scalingType`)]
      : [
          violation(
            `${path}.scalingType is ${shown(scale)}; allowed are ${SCALES.join(", ")}. Choose one of them.`,
          ),
        ];

  const [low, high] = bounds.map(({ number }) => number);
  if (low === undefined || high === undefined) return [...wrong, ...scaleFindings];
  return [...wrong, ...scaleFindings, ...order(path, low, high), ...fit(path, low, high, scale, wide)];
}

function order(path: string, low: number, high: number): readonly Finding[] {
  return low < high
    ? []
    : [
        violation(
          `${path} goes from ${low} to ${high}, which is no range. Make minValue smaller than maxValue.`,
        ),
      ];
}

function fit(path: string, low: number, high: number, scale: unknown, wide: boolean): readonly Finding[] {
  if (scale === "Logarithmic" && low <= 0) {
    return [
      violation(
        `${path} is Logarithmic and begins at ${low}; AWS takes only numbers above 0. Raise minValue.`,
      ),
    ];
  }
  if (scale === "ReverseLogarithmic" && !(low >= 0 && high < 1)) {
    return [
      violation(
        `${path} is ReverseLogarithmic and goes from ${low} to ${high}; AWS takes 0 to below 1. Choose another scale.`,
      ),
    ];
  }
  if (!wide || scale === "Logarithmic" || scale === UNKNOWN) return [];
  // From zero on, a range spans any number of decades.
  if (low > 0 && high / low < WIDE) return [];
  return [
    violation(
      `${path} goes from ${low} to ${high} on the scale ${shown(scale)}: on a linear one nine trials in ten try the largest tenth. Set scalingType to "Logarithmic", with a minValue above 0.`,
    ),
  ];
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

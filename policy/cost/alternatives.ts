import type { Use } from "../catalog/instance-types";
import { cheapest, priceOf } from "../catalog/prices";
import type { UnpricedMode } from "./pricing";

interface Question {
  readonly use: Use;
  readonly region: string;
  /** Under `deny` only types with a listed price are named. */
  readonly unpriced: UnpricedMode;
  /** What is compared with the ceiling if instances cost this much an hour. @default - the hour itself */
  readonly costAt?: (hourlyUsd: number) => number;
  readonly ceiling: number;
}

/** The three cheapest types for the use that stay within the ceiling, such as `ml.m5.large 0.115, ml.c5.xlarge 0.204`. */
export function alternatives({ use, region, unpriced, costAt, ceiling }: Question): string {
  const allowed: string[] = [];
  for (const { instanceType, hourlyUsd } of typesFor(region, use, unpriced === "deny")) {
    const cost = costAt === undefined ? hourlyUsd : costAt(hourlyUsd);
    // Sorted by price, so that no later one fits either.
    if (!(cost <= ceiling) || allowed.length === 3) break;
    allowed.push(`${instanceType} ${costAt === undefined ? hourlyUsd : usd(cost)}`);
  }
  return allowed.length === 0 ? "none is within the ceiling" : allowed.join(", ");
}

type PricedTypes = ReturnType<typeof cheapest>;

// Of the price table alone, so that it is the same for every question; sorting it again for each of a thousand violations takes a second.
const known = new Map<string, PricedTypes>();

function typesFor(region: string, use: Use, isListedOnly: boolean): PricedTypes {
  const key = `${region} ${use} ${isListedOnly}`;
  const before = known.get(key);
  if (before !== undefined) return before;

  const types = cheapest(region, use).filter(
    ({ instanceType }) => !isListedOnly || priceOf({ region, use, instanceType }).kind === "priced",
  );
  // A region's name comes from somebody's program; only regions with prices are few.
  if (types.length > 0) known.set(key, types);
  return types;
}

/** An amount for a message: in cents, below a dollar to the millionth. */
export function usd(amount: number): string {
  const digits = Math.abs(amount) < 1 ? 1e6 : 100;
  return String(Math.round(amount * digits) / digits);
}

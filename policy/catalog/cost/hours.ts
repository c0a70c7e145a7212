import type { Use } from "../instance-types";
import { priceOf } from "../prices";
import type { Item, Ledger } from "./ledger";

export interface HourPrice {
  readonly usd: number;
  /** Begins with the type, so that a line reads `ml.m5.large 0.115/h (…)`. */
  readonly basis: string;
}

/** Price of the type's hour, or `undefined` after reporting why there is none. */
export function hourPrice(ledger: Ledger, item: Item, use: Use, value: unknown, what: string): HourPrice | undefined {
  const instanceType = ledger.text(item, value, `${what}: the instance type`);
  if (instanceType === undefined) {
    if (value === undefined || value === null) ledger.refuse(item, `${what}: no instance type`);
    return undefined;
  }

  const price = priceOf({ region: item.region, use, instanceType });
  if (price.kind === "unpriced") {
    ledger.refuse(item, `${what}: ${price.reason}`);
    return undefined;
  }
  const origin = price.kind === "estimated" ? `estimated: ${price.basis}` : `${price.source}, ${price.confidence}`;
  return { usd: price.hourlyUsd, basis: `${instanceType} ${price.hourlyUsd} USD/h (${origin})` };
}

// Quiet unless something deviates from one instance of a plain type.
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

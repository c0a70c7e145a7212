import { UNKNOWN } from "../../values";
import type { Use } from "../instance-types";
import { priceOf } from "../prices";
import type { Item, Ledger } from "./ledger";

export interface HourPrice {
  readonly usd: number;
  /** Begins with the type, so that a line reads `ml.m5.large 0.115/h (…)`. */
  readonly basis: string;
}

/** Price of the type's hour, or `undefined` after reporting why there is none. */
export function hourPrice(
  ledger: Ledger,
  item: Item,
  use: Use,
  value: unknown,
  what: string,
): HourPrice | undefined {
  if (value === UNKNOWN) {
    ledger.unknownUntilDeployment(item, `${what}: the instance type`);
    return undefined;
  }
  if (typeof value !== "string" || value === "") {
    ledger.refuse(item, `${what}: no instance type is given`, "unusable");
    return undefined;
  }

  const price = priceOf({ region: item.region, use, instanceType: value });
  if (price.kind === "unpriced") {
    ledger.refuse(item, `${what}: ${price.reason}`, "unpriced");
    return undefined;
  }
  if (price.kind === "estimated" && ledger.refusesEstimates) {
    ledger.refuse(
      item,
      `${what}: ${value} has only an estimated price, ${price.hourlyUsd} (${price.basis})`,
      "unpriced",
    );
  }
  const origin =
    price.kind === "estimated"
      ? `estimated: ${price.basis}`
      : `listed ${price.date}, confidence ${price.confidence}`;
  return { usd: price.hourlyUsd, basis: `${value} ${price.hourlyUsd} USD/h (${origin})` };
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

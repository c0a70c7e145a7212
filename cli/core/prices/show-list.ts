import { type Layout, wrap } from "../../../plan/report/layout";
import { instanceTypesFor, type Use } from "../../../policy/catalog/instance-types";
import { type Price, priceOf } from "../../../policy/catalog/prices";
import { plainDecimal } from "./table-text";

export interface ListedPrice {
  readonly instanceType: string;
  readonly vCpus: number;
  readonly memoryGiB: number;
  readonly gpus: number;
  readonly price: Exclude<Price, { kind: "unpriced" }>;
}

export interface PriceListing {
  readonly region: string;
  readonly use: Use;
  /** Cheapest first. */
  readonly prices: readonly ListedPrice[];
  /** Types that AWS sells for the use and that have neither a price nor an estimate here. */
  readonly unpriced: readonly string[];
}

export function priceListing(region: string, use: Use): PriceListing {
  const all = instanceTypesFor(use).map((type) => ({
    type,
    price: priceOf({ region, use, instanceType: type.name }),
  }));
  const prices = all.flatMap(({ type, price }): ListedPrice[] =>
    price.kind === "unpriced"
      ? []
      : [
          {
            instanceType: type.name,
            vCpus: type.vCpus,
            memoryGiB: type.memoryGiB,
            gpus: type.gpus?.count ?? 0,
            price,
          },
        ],
  );
  return {
    region,
    use,
    prices: prices.sort(cheapestFirst),
    unpriced: all.filter(({ price }) => price.kind === "unpriced").map(({ type }) => type.name),
  };
}

export function listingText({ region, use, prices, unpriced }: PriceListing, layout: Layout): string {
  const { paint, width } = layout;
  const cells = prices.map(({ instanceType, vCpus, memoryGiB, gpus, price }) => [
    instanceType,
    String(vCpus),
    String(memoryGiB),
    gpus === 0 ? "" : String(gpus),
    plainDecimal(price.hourlyUsd),
    price.kind === "priced" ? price.date : "estimate",
  ]);
  const header = ["type", "vCPU", "GiB", "GPU", "USD/hour", "as of"];
  const widths = header.map((_, column) =>
    Math.max(...[header, ...cells].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 || column === 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const rest =
    unpriced.length === 0
      ? []
      : ["", ...wrap(`Without a price (${unpriced.length}): ${unpriced.join(", ")}`, width)];
  return `${[
    ...wrap(`${use} in ${region}, on demand, cheapest first`, width),
    paint.bold(line(header)),
    ...cells.map((row, index) =>
      prices[index]?.price.kind === "estimated" ? paint.dim(line(row)) : line(row),
    ),
    ...rest,
  ].join("\n")}\n`;
}

function cheapestFirst(a: ListedPrice, b: ListedPrice): number {
  return a.price.hourlyUsd - b.price.hourlyUsd || (a.instanceType < b.instanceType ? -1 : 1);
}

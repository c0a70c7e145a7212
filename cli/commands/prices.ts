import { join } from "node:path";
import { terminalLayout } from "../../plan/report/layout";
import { USES, type Use } from "../../policy/catalog/instance-types";
import { priceTable } from "../../policy/catalog/price-table";
import { pricedRegions } from "../../policy/catalog/prices";
import { CommandError } from "../core/exit-status";
import { rowsInUse, type TableAge, tableAge } from "../core/prices/age";
import { agesText } from "../core/prices/show-age";
import { listingText, priceListing } from "../core/prices/show-list";
import { typesInUse } from "../core/prices/stack-use";
import { pricesStatus } from "../core/prices/status";
import { projectRoot } from "../core/project-root";

interface CheckOptions {
  readonly maxAgeDays: string;
  readonly region?: string;
  readonly json?: boolean;
}

interface ListOptions {
  readonly use: string;
  readonly region: string;
  readonly json?: boolean;
}

/** Prints how old the tables are; returns the exit status. `now` is the clock's, given so that tests need none. */
export function checkPrices({ maxAgeDays, region, json }: CheckOptions, now = new Date()): number {
  const limit = daysOf(maxAgeDays);
  const used = typesInUse(projectRoot);
  const ages = regionsOf(region).flatMap((name): TableAge[] => {
    const table = priceTable(name);
    const types = used.get(name);
    return table === undefined ? [] : [tableAge(table, now, limit, types && rowsInUse(types))];
  });
  const fresh = ages.every((age) => age.fresh);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ asOf: now.toISOString().slice(0, 10), maxAgeDays: limit, fresh, regions: ages }, undefined, 2)}\n`
      : agesText(ages, limit, terminalLayout(process.env, process.stdout)),
  );
  return fresh ? pricesStatus.ok : pricesStatus.refused;
}

/** Prints the types for a use, cheapest first; returns the exit status. */
export function listPrices({ use, region, json }: ListOptions): number {
  if (!isUse(use)) {
    throw new CommandError(`--use is ${JSON.stringify(use)}; it must be one of ${USES.join(", ")}.`);
  }
  const [name = region] = regionsOf(region);
  const listing = priceListing(name, use);
  process.stdout.write(
    json === true
      ? `${JSON.stringify(listing, undefined, 2)}\n`
      : listingText(listing, terminalLayout(process.env, process.stdout)),
  );
  return pricesStatus.ok;
}

/** Folder of the tables: `<region>.json`. */
export const tableFolder = join(projectRoot, "policy/catalog/prices");

function regionsOf(region: string | undefined): readonly string[] {
  if (region === undefined) return pricedRegions;
  if (pricedRegions.includes(region)) return [region];
  throw new CommandError(
    `--region is ${JSON.stringify(region)}, which has no price table; there are tables for ${pricedRegions.join(", ")}.`,
  );
}

function daysOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CommandError(
    `--max-age-days is ${JSON.stringify(text)}; it must be a whole number of days, 0 or more.`,
  );
}

function isUse(text: string): text is Use {
  return USES.some((use) => use === text);
}

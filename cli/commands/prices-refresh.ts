import { relative } from "node:path";
import { terminalLayout } from "../../plan/report/layout";
import { pricedRegions } from "../../policy/catalog/prices";
import type { ClientOptions } from "../core/aws/clients";
import { CommandError } from "../core/exit-status";
import { type AskPriceList, priceListClient } from "../core/prices/client";
import { type PriceQuery, priceQueries } from "../core/prices/queries";
import { refreshTable } from "../core/prices/refresh";
import { changesText, problemsText, progressLine } from "../core/prices/show-refresh";
import { pricesStatus } from "../core/prices/status";
import { readTable, writeTable } from "../core/prices/table-file";
import { tableText } from "../core/prices/table-text";
import { tableFolder } from "./prices";

export interface RefreshOptions {
  /** @default - every region that has a table */
  readonly region?: string;
  /** Sections, separated by commas. @default - all */
  readonly only?: string;
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly endpoint?: string;
  /** Folder of the tables. @default - the catalogue of the pack */
  readonly folder?: string;
}

/** What the command reads and writes of its process; tests give their own. */
export interface RefreshProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: Pick<NodeJS.WriteStream, "write">;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clientOptions?: ClientOptions;
  exitCode?: number | string | null | undefined;
}

/** Reads the Price List and rewrites the tables, each whole or not at all; returns the exit status. */
export async function refreshPrices(
  options: RefreshOptions,
  ask?: AskPriceList,
  { stdout, stderr, env, clientOptions }: RefreshProcess = process,
): Promise<number> {
  const regions = options.region === undefined ? pricedRegions : [regionName(options.region)];
  const selected = regions.map((region) => [region, selectQueries(region, options.only)] as const);
  const asking =
    ask ??
    priceListClient({
      ...(options.endpoint === undefined ? {} : { endpoint: endpointUrl(options.endpoint) }),
      ...clientOptions,
    });
  const layout = terminalLayout(env, stdout);
  let status: number = pricesStatus.ok;

  for (const [region, queries] of selected) {
    const file = `${options.folder ?? tableFolder}/${region}.json`;
    const table = readTable(file, region);
    const merged = await refreshTable(table, queries, asking, (progress) =>
      stderr.write(`${region} ${progressLine(progress)}\n`),
    );
    if (merged.problems.length > 0) {
      stderr.write(problemsText(region, merged.problems, layout));
      status = pricesStatus.refused;
      continue;
    }
    stdout.write(changesText(region, merged, layout));
    const same = tableText(merged.table) === tableText(table);
    if (options.check === true && merged.changes.length > 0) status = pricesStatus.refused;
    if (options.check === true || options.dryRun === true || same) {
      stdout.write(same ? "The file is up to date.\n" : "Nothing was written.\n");
      continue;
    }
    writeTable(file, merged.table);
    stdout.write(`Wrote ${shownPath(file)}.\n`);
    if (!pricedRegions.includes(region)) {
      stdout.write(`Import it in policy/catalog/price-table.ts; until then ${region} is unpriced.\n`);
    }
  }
  return status;
}

function selectQueries(region: string, only: string | undefined): readonly PriceQuery[] {
  const queries = priceQueries(region);
  if (only === undefined) return queries;
  const known = new Set(queries.map(({ section }) => section));
  const asked = only.split(",").map((section) => section.trim());
  const unknown = asked.filter((section) => !known.has(section));
  if (unknown.length > 0) {
    throw new CommandError(`--only names ${JSON.stringify(unknown[0])}; there are ${[...known].join(", ")}.`);
  }
  return queries.filter(({ section }) => asked.includes(section));
}

function shownPath(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith("..") ? file : fromHere;
}

function regionName(region: string): string {
  // The name becomes a file's name.
  if (/^[a-z]{2,4}(?:-[a-z]+)+-\d$/.test(region)) return region;
  throw new CommandError(
    `--region is ${JSON.stringify(region)}; it must be an AWS region such as us-east-1.`,
  );
}

function endpointUrl(endpoint: string): string {
  if (/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : "")) return endpoint;
  throw new CommandError(
    `--endpoint is ${JSON.stringify(endpoint)}; it must be a URL that starts with https://.`,
  );
}

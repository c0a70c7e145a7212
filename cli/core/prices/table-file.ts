import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { PriceTable } from "../../../policy/catalog/price-table";
import { CommandError } from "../exit-status";
import { processMark, removeAbandoned } from "../process-mark";
import { tableText } from "./table-text";

/** The table in the file; an empty one of the region where there is no file yet. */
export function readTable(file: string, region: string): PriceTable {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyTable(region);
    throw error;
  }
  const table = parse(file, text);
  if (table.region !== region) {
    throw new CommandError(
      `${file} holds the prices of "${table.region}", not of ${region}. Restore the file.`,
    );
  }
  return table;
}

/** Whole or not at all: the text goes to a file beside it, which then takes its place. Drafts of processes that were killed go. */
export function writeTable(file: string, table: PriceTable): void {
  const text = tableText(table);
  removeAbandoned(dirname(file), `${basename(file)}.`, ".tmp");
  const draft = `${file}.${processMark()}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function parse(file: string, text: string): PriceTable {
  try {
    return JSON.parse(text) as PriceTable;
  } catch (error) {
    throw new CommandError(`${file} is not valid JSON: ${(error as Error).message}. Restore the file.`);
  }
}

function emptyTable(region: string): PriceTable {
  return {
    schemaVersion: 1,
    region,
    currency: "USD",
    term: "OnDemand",
    hoursPerMonth: 730,
    note: "A missing type or component is unpriced, never zero. README.md says what the sources and confidences mean.",
    ec2LinuxOnDemand: {},
    sagemaker: {},
  };
}

import type { PriceTable, Rate } from "../../../policy/catalog/price-table";
import { type RowId, rowsOf } from "./row-id";

export interface DatedRow {
  readonly row: RowId;
  /** As the table has it; may be as coarse as a month or a year. */
  readonly date: string;
  /** Whole days; of a coarse date, from the first day it can mean, so that age is never understated. */
  readonly ageDays: number;
}

export interface TableAge {
  readonly region: string;
  readonly rows: number;
  readonly newest: DatedRow;
  readonly oldest: DatedRow;
  /** Oldest of the rows that the stacks' instance types read, and all rates; absent where no stack is in the region. */
  readonly oldestInUse?: DatedRow;
  /** Neither the newest row nor one in use is past the limit. */
  readonly fresh: boolean;
}

/** How old a table is. `inUse` says which rows a stack's costs stand on; `undefined` where no stack is in the region. */
export function tableAge(
  table: PriceTable,
  now: Date,
  maxAgeDays: number,
  inUse?: (row: RowId) => boolean,
): TableAge {
  const dated = [...rowsOf(table)].map(([row, rate]) => dateRow(row, rate, now)).sort(youngerFirst);
  const [newest] = dated;
  const oldest = dated.at(-1);
  if (newest === undefined || oldest === undefined) {
    throw new RangeError(`the price table of ${table.region} has no rows`);
  }
  const oldestInUse = inUse === undefined ? undefined : dated.findLast(({ row }) => inUse(row));
  return {
    region: table.region,
    rows: dated.length,
    newest,
    oldest,
    ...(oldestInUse === undefined ? {} : { oldestInUse }),
    fresh: newest.ageDays <= maxAgeDays && (oldestInUse?.ageDays ?? 0) <= maxAgeDays,
  };
}

function dateRow(row: RowId, { date }: Rate, now: Date): DatedRow {
  const first = `${date}${"-01-01".slice(date.length - 4)}`;
  return { row, date, ageDays: Math.floor((now.getTime() - Date.parse(`${first}T00:00:00Z`)) / 86_400_000) };
}

function youngerFirst(a: DatedRow, b: DatedRow): number {
  return a.ageDays - b.ageDays || (a.row < b.row ? -1 : 1);
}

/** Rows that costs stand on: every rate, and the rows of the instance types, whichever component and also as EC2. */
export function rowsInUse(instanceTypes: ReadonlySet<string>): (row: RowId) => boolean {
  const bare = new Set([...instanceTypes].map((name) => name.replace(/^ml\./, "")));
  return (row) => {
    const [section = "", name = ""] = row.split("/");
    if (section === "sagemaker") return instanceTypes.has(name);
    return section === "ec2LinuxOnDemand" ? bare.has(name) : true;
  };
}

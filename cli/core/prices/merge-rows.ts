import type { PriceTable, Rate } from "../../../policy/catalog/price-table";
import type { PriceQuery } from "./queries";
import { type RowId, rowsOf, withRows } from "./row-id";
import type { Problem, Selection } from "./select-rows";

/** A row whose value is new. A row that is only confirmed at a later date is no change. */
export interface Change {
  readonly row: RowId;
  /** Absent where the row is added. */
  readonly oldUsd?: number;
  readonly newUsd: number;
  /** Of the old value; absent where the row is added. */
  readonly percent?: number;
}

export interface Merged {
  readonly table: PriceTable;
  readonly changes: readonly Change[];
  /** Rows whose value held. */
  readonly confirmed: number;
  readonly problems: readonly Problem[];
}

/**
 * Puts what the queries found into the table. A row that a query owns and did not find, and a price older than the one in
 * the table, are problems; with any problem the caller must not keep the result.
 */
export function mergeRows(
  table: PriceTable,
  answers: readonly { readonly query: PriceQuery; readonly selection: Selection }[],
): Merged {
  const old = rowsOf(table);
  const problems: Problem[] = [];
  const changes: Change[] = [];
  const kept = new Map<RowId, Rate>();
  let confirmed = 0;

  for (const { query, selection } of answers) {
    problems.push(...selection.problems, ...missing(query, selection, old));
    for (const [row, rate] of selection.rows) {
      const before = old.get(row);
      const older = before === undefined ? undefined : olderThan(before, rate);
      if (older !== undefined) {
        problems.push({ kind: "older", query: query.name, message: `${row}: ${older}` });
        continue;
      }
      kept.set(row, { ...rate, ...lastingNote(row, before) });
      if (before?.value === rate.value) confirmed += 1;
      else changes.push(change(row, before, rate));
    }
  }
  return { table: withRows(table, kept), changes: changes.sort(byRow), confirmed, problems };
}

/** One problem per query: what is missing is mostly missing together, because of the query. */
function missing(query: PriceQuery, selection: Selection, old: ReadonlyMap<RowId, Rate>): Problem[] {
  const told = selection.problems.map(({ message }) => message);
  const owned = [...old.keys()].filter(query.owns);
  const lost = owned.filter(
    (row) => !selection.rows.has(row) && !told.some((message) => message.startsWith(row)),
  );
  const isEmpty = selection.rows.size === 0 && owned.length === 0 && told.length === 0;
  if (lost.length === 0 && !isEmpty) return [];

  const filters = query.filters.map(({ Field, Value }) => `${Field}=${Value}`).join(", ");
  const shown = lost.length > 6 ? [...lost.slice(0, 5), `${lost.length - 5} more`] : lost;
  const what = isEmpty ? "any price" : shown.join(", ");
  return [
    {
      kind: "missing",
      query: query.name,
      message: `no SKU for ${what} (${query.serviceCode}, ${filters})`,
    },
  ];
}

/** As text: a date that is known to the month only sorts before every day of it, so it refuses none of them. */
function olderThan(before: Rate, after: Rate): string | undefined {
  if (after.date < before.date) {
    return `the Price List's answer was published ${after.date}, the table's value is of ${before.date}`;
  }
  const [held, offered] = [before.effectiveDate, after.effectiveDate];
  if (held !== undefined && offered !== undefined && Date.parse(offered) < Date.parse(held)) {
    return `the Price List's price began to hold ${offered}, the table's ${held}`;
  }
  return undefined;
}

/** The notes of rates say what the number means; those of instance hours say where an earlier value came from. */
function lastingNote(row: RowId, before: Rate | undefined): { note?: string } {
  const isInstance = row.startsWith("sagemaker/") || row.startsWith("ec2LinuxOnDemand/");
  return isInstance || before?.note === undefined ? {} : { note: before.note };
}

function change(row: RowId, before: Rate | undefined, after: Rate): Change {
  if (before === undefined) return { row, newUsd: after.value };
  return {
    row,
    oldUsd: before.value,
    newUsd: after.value,
    percent: (after.value / before.value - 1) * 100,
  };
}

function byRow(a: Change, b: Change): number {
  return a.row < b.row ? -1 : 1;
}

import type { PriceTable } from "../../../policy/catalog/price-table";
import type { AskPriceList } from "./client";
import { type Merged, mergeRows } from "./merge-rows";
import type { PriceQuery } from "./queries";
import { type Selection, selectRows } from "./select-rows";

/** How far a refresh is: called once per question, with its answer. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly query: PriceQuery;
  readonly pages: number;
  readonly selection: Selection;
}

/**
 * Asks every question, one after the other (the API allows few at a time), and puts the answers into the table. All
 * questions are asked even after a problem, so that one run tells everything.
 */
export async function refreshTable(
  table: PriceTable,
  queries: readonly PriceQuery[],
  ask: AskPriceList,
  report: (progress: Progress) => void,
): Promise<Merged> {
  const answers: { query: PriceQuery; selection: Selection }[] = [];
  for (const [index, query] of queries.entries()) {
    const pages = await ask(query);
    const selection = selectRows(query, pages);
    answers.push({ query, selection });
    report({ done: index + 1, total: queries.length, query, pages: pages.length, selection });
  }
  return mergeRows(table, answers);
}

import type { PriceTable, Rate } from "../../../policy/catalog/price-table";

/** Where a rate stands in a table: `ec2LinuxOnDemand/m5.large`, `sagemaker/ml.m5.large/Hosting`, `ebs/gp3Storage`. */
export type RowId = string;

/** Every rate of a table by its place, in the order of the file. */
export function rowsOf(table: PriceTable): ReadonlyMap<RowId, Rate> {
  const rows = new Map<RowId, Rate>();
  const collect = (path: string, value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if ("value" in value && "unit" in value) rows.set(path, value as Rate);
    else for (const [key, item] of Object.entries(value)) collect(path === "" ? key : `${path}/${key}`, item);
  };
  collect("", table);
  return rows;
}

/** The table with these rates put in their places; sections and types are added as needed. */
export function withRows(table: PriceTable, rows: ReadonlyMap<RowId, Rate>): PriceTable {
  const copy = structuredClone(table) as unknown as Tree;
  for (const [id, rate] of rows) {
    const path = id.split("/");
    const last = path.pop() ?? "";
    let at = copy;
    for (const key of path) {
      const next = at[key] ?? {};
      at[key] = next;
      at = next as Tree;
    }
    at[last] = rate;
  }
  return copy as unknown as PriceTable;
}

interface Tree {
  [key: string]: unknown;
}

import { type Layout, truncateMiddle, wrap } from "../../../plan/report/layout";
import type { Change, Merged } from "./merge-rows";
import type { Progress } from "./refresh";
import type { RowId } from "./row-id";
import type { Problem } from "./select-rows";
import { plainDecimal } from "./table-text";

/** `[ 3/34] SageMaker Notebook: 1 page, 96 products, 91 rows`. */
export function progressLine({ done, total, query, pages, selection }: Progress): string {
  const counter = `[${String(done).padStart(String(total).length)}/${total}]`;
  const counts = [
    plural(pages, "page"),
    plural(selection.products, "product"),
    plural(selection.rows.size, "row"),
    ...(selection.problems.length === 0 ? [] : [plural(selection.problems.length, "problem")]),
  ];
  return `${counter} ${query.name}: ${counts.join(", ")}`;
}

/** What changed, as a table of old and new, then the counts. */
export function changesText(
  region: string,
  { changes, confirmed }: Merged,
  { width, paint }: Layout,
): string {
  const summary = `${region}: ${plural(changes.length, "price")} changed or added, ${confirmed} confirmed.`;
  if (changes.length === 0) return `${summary}\n`;
  const cells = changes.map(cellsOf);
  const header: Cells = ["row", "old USD", "new USD", "change"];
  const widths = [1, 2, 3].map((column) =>
    Math.max(...[header, ...cells].map((row) => row[column]?.length ?? 0)),
  );
  const numbers = widths.reduce((sum, columnWidth) => sum + 2 + columnWidth, 0);
  const names = Math.min(width - numbers, Math.max(...cells.map(([name]) => name.length)));
  const line = ([name, ...rest]: Cells) =>
    [
      truncateMiddle(name, names).padEnd(names),
      ...rest.map((cell, column) => cell.padStart(widths[column] ?? 0)),
    ].join("  ");
  const rows = cells.map((row, index) => {
    const percent = changes[index]?.percent;
    const paintRow = percent === undefined ? paint.dim : percent > 0 ? paint.red : paint.green;
    return paintRow(line(row));
  });
  return `${[paint.bold(line(header)), ...rows, "", summary].join("\n")}\n`;
}

/** Every problem with the query it belongs to; then what to do. */
export function problemsText(region: string, problems: readonly Problem[], { width, paint }: Layout): string {
  const lines = problems.flatMap(({ kind, query, message }) => {
    const [first = "", ...rest] = wrap(`${kind}: ${query}: ${message}`, width - 2, "  ");
    return [`  ${first}`, ...rest.map((line) => `  ${line}`)];
  });
  const kinds = new Set(problems.map(({ kind }) => kind));
  const steps = [...kinds].flatMap((kind) => wrap(next[kind], width - 2, "  ")).map((line) => `  ${line}`);
  const head = paint.red(`${region}: ${plural(problems.length, "problem")}; the file is unchanged.`);
  return `${[head, ...lines, paint.bold("What to do:"), ...steps].join("\n")}\n`;
}

const next: Readonly<Record<Problem["kind"], string>> = {
  ambiguous:
    "ambiguous: AWS sells more than one thing by that name; make the query in cli/core/prices narrower until one SKU is left.",
  garbage: "garbage: the answer is not the Price List's; check --endpoint and the proxy.",
  missing:
    "missing: if AWS has stopped selling it, delete the row from the file; else correct the query. --only leaves other sections out.",
  older: "older: an older list was served; run the command again later, and without --endpoint.",
  unusable: "unusable: read the SKU's terms; a new unit or tier needs a change to the query.",
};

type Cells = readonly [string, ...string[]];

function cellsOf({ row, oldUsd, newUsd, percent }: Change): Cells {
  return [
    shortName(row),
    oldUsd === undefined ? "-" : plainDecimal(oldUsd),
    plainDecimal(newUsd),
    percent === undefined ? "new" : `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`,
  ];
}

/** The type before the component: in a narrow terminal the middle of a name is lost first. */
function shortName(row: RowId): string {
  const [section = "", name = "", component] = row.split("/");
  if (component !== undefined) return `${name} ${component}`;
  return section === "ec2LinuxOnDemand" ? `${name} EC2` : row;
}

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

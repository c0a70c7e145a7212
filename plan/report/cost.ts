import type { CostReport, Plan } from "../plan";
import { ceilingTable } from "./ceilings";
import { type CostRow, costRows } from "./cost-rows";
import { entry, type Layout, typedNameOf, wrap } from "./layout";
import { money, rate } from "./money";
import { placementOf } from "./placement";

/** Columns from which the price of an hour has a place of its own. */
const widthWithRates = 80;
/** Columns that a basis needs to stand beside the amounts. */
const leastBasisWidth = 30;
/** Columns of the longest label; a longer one takes two lines. */
const mostNameWidth = 36;

/** What the stack costs per month, dearest first, like lines in one row, and how that compares with its ceilings. */
export function renderCost(
  plan: Pick<Plan, "cost" | "resources">,
  layout: Layout,
  { full = false }: { full?: boolean } = {},
): string[] {
  const { cost } = plan;
  const placement = placementOf(plan);
  const rows = costRows(cost.lines, placement);
  const prices =
    cost.pricesAsOf === null ? "no prices are known for this region" : `prices of ${cost.pricesAsOf}`;
  return [
    ...wrap(`${cost.currency} in ${cost.region}, per month of 730 hours; ${prices}.`, layout.width),
    "",
    ...(rows.length === 0 ? ["Nothing in the plan has a price."] : costTable(rows, cost, layout, full)),
    ...ceilingTable(cost, placement, layout),
    ...unpricedLines(cost, layout),
  ];
}

function costTable(rows: readonly CostRow[], cost: CostReport, layout: Layout, full: boolean): string[] {
  const { paint, width } = layout;
  const withRates = width >= widthWithRates;
  const columns = [...(withRates ? ["per hour"] : []), "idle", "expected", "worst case"];
  const amounts = (row: Pick<CostRow, "idleMonthly" | "monthly" | "worstMonthly">, hour: string) => [
    ...(withRates ? [hour] : []),
    money(row.idleMonthly),
    money(row.monthly),
    money(row.worstMonthly),
  ];
  const shown = rows.map((row) => ({ row, cells: amounts(row, rate(row.hourly)) }));
  const total = amounts(cost, "");
  const widths = columns.map((title, index) =>
    Math.max(
      title.length,
      ...[total, ...shown.map(({ cells }) => cells)].map((cells) => cells[index]?.length ?? 0),
    ),
  );
  const amountsWidth = widths.reduce((sum, column) => sum + column + 2, 0);
  const nameWidth = Math.min(
    width - amountsWidth,
    mostNameWidth,
    Math.max(9, ...rows.map(({ label }) => label.length)),
  );
  const noCells = columns.map(() => "");
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(nameWidth)}${cells.map((cell, i) => `  ${cell.padStart(widths[i] ?? 0)}`).join("")}`;
  const basisWidth = width - nameWidth - amountsWidth - 2;
  const beside = basisWidth >= leastBasisWidth;
  return [
    paint.dim(`${line("what", columns)}${beside ? "  basis" : ""}`),
    ...shown.flatMap(({ row, cells }) => {
      const basis = full ? row.basis : withoutSources(row.basis);
      const names = wrap(row.label, nameWidth, "  ");
      const basisLines = wrap(basis, beside ? basisWidth : width - 4);
      const [head = "", ...more] = names.map((name, index) => line(name, index === 0 ? cells : noCells));
      if (!beside) {
        return [
          head,
          ...more.map((text) => text.trimEnd()),
          ...basisLines.map((text) => `    ${paint.dim(text)}`),
        ];
      }
      return Array.from({ length: Math.max(names.length, basisLines.length) }, (_, index) => {
        const left = [head, ...more][index] ?? line("", noCells);
        return `${left}  ${paint.dim(basisLines[index] ?? "")}`.trimEnd();
      });
    }),
    paint.bold(line("total", total)),
  ];
}

/** Where and when a price was listed is for those who doubt it. */
function withoutSources(basis: string): string {
  return basis.replace(/ \(listed [^)]*\)/g, "");
}

function unpricedLines(cost: CostReport, layout: Layout): string[] {
  if (cost.unpriced.length === 0) return [];
  return [
    "",
    layout.paint.bold("Not in these amounts:"),
    ...cost.unpriced.flatMap(({ urn, reason }) => entry(typedNameOf(urn), reason, 28, 2, layout)),
  ];
}

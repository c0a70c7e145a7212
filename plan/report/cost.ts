import { byCodeUnit } from "../json-value";
import type { CostLine, CostReport } from "../plan";
import { entry, type Layout, truncateMiddle, typedNameOf, wrap } from "./layout";

const columns = ["per hour", "idle", "expected", "worst case"] as const;
/** Name of the ceiling that the stack's worst month is held against. */
const stackCeiling = "monthlyUsd";

/** What the stack costs per month, dearest first, and how that compares with its ceiling. */
export function renderCost(cost: CostReport, layout: Layout): string[] {
  const { paint } = layout;
  const rows = [...cost.lines]
    .sort(
      (a, b) =>
        b.worstMonthly - a.worstMonthly || byCodeUnit(a.component, b.component) || byCodeUnit(a.urn, b.urn),
    )
    .map((line) => ({ line, amounts: amountsOf(line) }));
  const total = ["", money(cost.idleMonthly), money(cost.monthly), money(cost.worstMonthly)];
  const widths = columns.map((title, index) =>
    Math.max(
      title.length,
      total[index]?.length ?? 0,
      ...rows.map(({ amounts }) => amounts[index]?.length ?? 0),
    ),
  );
  const amountsWidth = widths.reduce((sum, width) => sum + width + 2, 0);
  const nameWidth = Math.min(
    layout.width - amountsWidth,
    Math.max(9, "total".length, ...rows.map(({ line }) => line.component.length)),
  );
  const row = (name: string, amounts: readonly string[]) =>
    `${truncateMiddle(name, nameWidth).padEnd(nameWidth)}${amounts.map((amount, i) => `  ${amount.padStart(widths[i] ?? 0)}`).join("")}`;
  const lines = [
    ...wrap(
      `${cost.currency} in ${cost.region}, per month of 730 hours; prices of ${cost.pricesAsOf ?? "no date: none is known for this region"}.`,
      layout.width,
    ),
    "",
    paint.dim(row("component", columns)),
  ];
  // Beside the amounts where there is room for a phrase, else below them.
  const basisWidth = layout.width - nameWidth - amountsWidth - 2;
  for (const { line, amounts } of rows) {
    if (basisWidth >= 30) {
      const [first = "", ...more] = wrap(line.basis, basisWidth);
      lines.push(`${row(line.component, amounts)}  ${paint.dim(first)}`.trimEnd());
      lines.push(...more.map((text) => " ".repeat(nameWidth + amountsWidth + 2) + paint.dim(text)));
    } else {
      lines.push(row(line.component, amounts));
      lines.push(...wrap(line.basis, layout.width - 4).map((text) => `    ${paint.dim(text)}`));
    }
  }
  lines.push(paint.bold(row("total", total)), ...ceilingLines(cost, layout), ...unpricedLines(cost, layout));
  return lines;
}

function amountsOf(line: CostLine): string[] {
  return [rate(line.hourly), money(line.idleMonthly), money(line.monthly), money(line.worstMonthly)];
}

function ceilingLines(cost: CostReport, layout: Layout): string[] {
  const { paint } = layout;
  const lines: string[] = [];
  const ceiling = cost.ceilings[stackCeiling];
  if (ceiling !== undefined) {
    const headroom = ceiling - cost.worstMonthly;
    const text =
      headroom >= 0
        ? `Worst case ${money(cost.worstMonthly)} of the ceiling ${money(ceiling)}: headroom ${money(headroom)}.`
        : `Worst case ${money(cost.worstMonthly)} is ${money(-headroom)} above the ceiling ${money(ceiling)}.`;
    lines.push(
      "",
      ...wrap(text, layout.width).map((line) => (headroom >= 0 ? paint.green(line) : paint.red(line))),
    );
  }
  const others = Object.entries(cost.ceilings)
    .filter(([name]) => name !== stackCeiling)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, limit]) => `${name} ${rate(limit)}`);
  if (others.length > 0) lines.push(...wrap(`Other ceilings: ${others.join(", ")}.`, layout.width));
  return lines;
}

function unpricedLines(cost: CostReport, layout: Layout): string[] {
  if (cost.unpriced.length === 0) return [];
  return [
    "",
    layout.paint.yellow("Not in these amounts:"),
    ...cost.unpriced.flatMap(({ urn, reason }) => entry(typedNameOf(urn), reason, 28, 2, layout)),
  ];
}

/** Two decimals, thousands separated; written out so that no locale changes it. */
export function money(amount: number): string {
  const [whole = "0", cents = "00"] = Math.abs(amount).toFixed(2).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "-" : ""}${grouped}.${cents}`;
}

/** Up to four decimals: hourly prices differ in the third. */
function rate(amount: number): string {
  return amount === 0 ? "-" : amount.toFixed(4).replace(/0{1,2}$/, "");
}

import { byCodeUnit } from "../json-value";
import type { CeilingUse, CostReport } from "../plan";
import { chargeLabel } from "./cost-rows";
import { type Layout, wrap } from "./layout";
import { money, percent, rate } from "./money";
import type { Placement } from "./placement";

/** Name of the ceiling that the stack's worst month is held against. */
export const stackCeiling = "monthlyUsd";

/** What a ceiling is held against; undefined where the plan has nothing of the kind. */
export function ceilingUse(cost: CostReport, name: string): CeilingUse | undefined {
  return name === stackCeiling
    ? { amount: cost.worstMonthly, of: "the stack's worst month" }
    : cost.largestUses?.[name];
}

/** Every ceiling with the largest use of it; "above" in words where it does not hold. */
export function ceilingTable(cost: CostReport, placement: Placement, layout: Layout): string[] {
  const { paint } = layout;
  const names = Object.keys(cost.ceilings).sort(
    (a, b) => Number(b === stackCeiling) - Number(a === stackCeiling) || byCodeUnit(a, b),
  );
  if (names.length === 0) return [];
  const rows = names.map((name) => {
    const limit = cost.ceilings[name] ?? 0;
    const use = ceilingUse(cost, name);
    const shown = name === stackCeiling ? money : rate;
    return {
      above: use !== undefined && use.amount > limit,
      cells: [
        name,
        shown(limit),
        use === undefined ? "" : shown(use.amount),
        use === undefined ? "" : percent(use.amount, limit),
      ],
      of:
        use === undefined
          ? "nothing of the kind"
          : `${nameOf(use, cost, placement)}${use.amount > limit ? `: above by ${shown(use.amount - limit)}` : ""}`,
    };
  });
  const titles = ["ceiling", "limit", "largest", "used"];
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[0] ?? 0) : `  ${cell.padStart(widths[index] ?? 0)}`,
      )
      .join("");
  const indent = widths.reduce((sum, width) => sum + width + 2, 0);
  return [
    "",
    paint.dim(line(titles)),
    ...rows.flatMap(({ above, cells, of }) => {
      const color = above ? paint.red : (text: string) => text;
      const [first = "", ...more] = wrap(of, layout.width - indent);
      return [color(`${line(cells)}  ${first}`), ...more.map((text) => color(" ".repeat(indent) + text))];
    }),
  ];
}

function nameOf({ of }: CeilingUse, { lines }: CostReport, placement: Placement): string {
  const line = lines.find(({ urn }) => urn === of);
  return line === undefined ? of : chargeLabel(line, placement);
}

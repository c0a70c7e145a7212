import { byCodeUnit } from "../json-value";
import type { Plan } from "../plan";
import { ceilingUse, stackCeiling } from "./ceilings";
import { entry, type Layout } from "./layout";
import { money, percent } from "./money";
import { policySummary } from "./policies";
import { resourceSummary } from "./tree";

/** The plan in a few lines, for those who read no further. */
export function renderSummary(plan: Plan, layout: Layout): string[] {
  const { paint } = layout;
  const { cost } = plan;
  const ceiling = cost.ceilings[stackCeiling];
  const violated = plan.policies.some(({ level }) => level === "mandatory");
  const labels = 9;
  return [
    ...entry(
      "Stack",
      `${plan.stack} of ${plan.project} in ${cost.region}, planned against an empty account`,
      labels,
      0,
      layout,
    ),
    ...entry("Resources", resourceSummary(plan), labels, 0, layout),
    ...entry("Policies", policySummary(plan), labels, 0, layout, violated ? paint.red : paint.green),
    ...entry(
      "Cost",
      `${money(cost.idleMonthly)} idle, ${money(cost.monthly)} expected, ${money(cost.worstMonthly)} worst case; ${cost.currency} a month` +
        (cost.unpriced.length === 0 ? "" : `; ${cost.unpriced.length} without a price`),
      labels,
      0,
      layout,
    ),
    ...(ceiling === undefined ? [] : ceilingLines(plan, ceiling, labels, layout)),
    ...nextSteps(plan, violated).flatMap((step, index) =>
      entry(index === 0 ? "Next" : "then", step, labels, 0, layout),
    ),
  ];
}

function ceilingLines({ cost }: Plan, ceiling: number, labels: number, layout: Layout): string[] {
  const amount = ceilingUse(cost, stackCeiling)?.amount ?? 0;
  const headroom = ceiling - amount;
  const text =
    headroom >= 0
      ? `${money(ceiling)} a month: headroom ${money(headroom)}, ${percent(amount, ceiling)} used in the worst case`
      : `${money(ceiling)} a month: the worst case is ${money(-headroom)} above it`;
  const others = Object.entries(cost.ceilings).filter(
    ([name, limit]) => name !== stackCeiling && (ceilingUse(cost, name)?.amount ?? 0) > limit,
  );
  const above =
    others.length === 0
      ? ""
      : `; above its ceiling: ${others
          .map(([name]) => name)
          .sort(byCodeUnit)
          .join(", ")}`;
  const holds = headroom >= 0 && others.length === 0;
  return entry("Ceiling", text + above, labels, 0, layout, holds ? undefined : layout.paint.red);
}

/** What to type now, and what after that. */
function nextSteps({ deploy, notDue }: Plan, violated: boolean): string[] {
  if (violated) return ["correct the violations below and plan again"];
  return [...(deploy === undefined ? [] : [deploy]), ...new Set(notDue.map(({ next }) => next))];
}

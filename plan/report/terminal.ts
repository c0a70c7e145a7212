import type { Plan } from "../plan";
import { renderAccess } from "./access";
import { renderCost } from "./cost";
import { type Layout, wrap } from "./layout";
import { renderNotDue } from "./not-due";
import { renderOutputs } from "./outputs";
import { renderOverview } from "./overview";
import { renderPermissions } from "./permissions";
import { policySummary, renderPolicies } from "./policies";
import { renderSummary } from "./summary";
import { renderTree, resourceSummary } from "./tree";
import { renderUnknowns } from "./unknowns";

export interface Detail {
  /** Every resource, ARN, condition and source of a price instead of what tells them apart. @default false */
  readonly full?: boolean;
}

/** The whole plan as text for a terminal, ending in a newline. */
export function renderTerminal(plan: Plan, layout: Layout, detail: Detail = {}): string {
  const full = detail.full === true;
  const sections: [string, string[]][] = [
    [`Resources: ${resourceSummary(plan)}`, full ? renderTree(plan, layout) : renderOverview(plan, layout)],
    [`Policies: ${policySummary(plan)}`, renderPolicies(plan, layout, { full })],
    ["Who may do what", full ? renderPermissions(plan, layout) : renderAccess(plan, layout)],
    ["Cost", renderCost(plan, layout, { full })],
    ["Not due yet", renderNotDue(plan, layout)],
    ["Outputs", renderOutputs(plan, layout)],
    ["Not known until deployment: the plan shows stand-ins", renderUnknowns(plan, layout, { full })],
    [
      "Messages from the program",
      plan.messages.flatMap((m) => wrap(`${m.severity}: ${m.message}`, layout.width, "  ")),
    ],
  ];
  const hint = "Shortened; --full shows every resource, ARN and price source, --json everything.";
  const footer = full ? [] : wrap(hint, layout.width).map((line) => layout.paint.dim(line));
  return [
    ...renderSummary(plan, layout),
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([heading, lines]) => ["", ...headingLines(heading, layout), ...withoutTrailingBlank(lines)]),
    ...(footer.length === 0 ? [] : ["", ...footer]),
    "",
  ].join("\n");
}

function headingLines(heading: string, layout: Layout): string[] {
  const { paint, width } = layout;
  return [...wrap(heading, width).map((line) => paint.bold(line)), paint.dim("─".repeat(width))];
}

function withoutTrailingBlank(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

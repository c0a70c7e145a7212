import type { Plan } from "../plan";
import { renderCost } from "./cost";
import { count, entry, type Layout, wrap } from "./layout";
import { renderOutputs } from "./outputs";
import { renderPermissions } from "./permissions";
import { policySummary, renderPolicies } from "./policies";
import { renderTree, resourceSummary } from "./tree";

/** The whole plan as text for a terminal, ending in a newline. */
export function renderTerminal(plan: Plan, layout: Layout): string {
  const sections: [string, string[]][] = [
    [`Resources: ${resourceSummary(plan)}`, renderTree(plan, layout)],
    ["Not due yet", renderNotDue(plan, layout)],
    [`Policies: ${policySummary(plan)}`, renderPolicies(plan, layout)],
    ["Who may do what", renderPermissions(plan, layout)],
    ["Cost", renderCost(plan.cost, layout)],
    ["Outputs", renderOutputs(plan, layout)],
    ["Not known until deployment", renderUnknowns(plan, layout)],
    [
      "Messages from the program",
      plan.messages.flatMap((m) => wrap(`${m.severity}: ${m.message}`, layout.width, "  ")),
    ],
  ];
  const title = wrap(
    `Plan of stack ${plan.stack} of ${plan.project}, as it would be created in an empty account`,
    layout.width,
  );
  return [
    ...title.map((line) => layout.paint.bold(line)),
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([heading, lines]) => ["", ...headingLines(heading, layout), ...withoutTrailingBlank(lines)]),
    "",
  ].join("\n");
}

function headingLines(heading: string, layout: Layout): string[] {
  const { paint, width } = layout;
  return [...wrap(heading, width).map((line) => paint.bold(line)), paint.dim("─".repeat(width))];
}

function renderNotDue(plan: Plan, layout: Layout): string[] {
  return plan.notDue.flatMap(({ what, reason, next }) => [
    ...wrap(`${what}: ${reason}`, layout.width, "  "),
    ...wrap(`Next: ${next}`, layout.width - 2).map((line) => `  ${line}`),
  ]);
}

function renderUnknowns(plan: Plan, layout: Layout): string[] {
  const labelWidth = 28;
  return plan.unknownUntilDeployment.flatMap(({ what, standsIn, resources }) => {
    const text = [
      ...(resources === 0 ? [] : [`of ${count(resources, "resource")}`]),
      standsIn === undefined ? "simulated" : `simulated: ${standsIn}`,
    ].join(", ");
    return entry(what, text, labelWidth, 0, layout);
  });
}

function withoutTrailingBlank(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

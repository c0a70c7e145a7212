import { byCodeUnit } from "../json-value";
import type { Plan, PlannedResource } from "../plan";
import { count, type Layout, shortType, truncateMiddle } from "./layout";
import { isComponent, type Placement, placementOf } from "./placement";

/** Every resource below its parent, components with the number of resources they hold. */
export function renderTree(plan: Pick<Plan, "resources">, layout: Layout): string[] {
  const placement = placementOf(plan);
  const lines: string[] = [];
  for (const root of ordered(placement.below(undefined))) draw(root, "", "", true, placement, layout, lines);
  return lines;
}

/** "45 in 9 components (33 due, 12 not due)". */
export function resourceSummary(plan: Pick<Plan, "resources">): string {
  const custom = plan.resources.filter((resource) => resource.custom);
  const components = plan.resources.filter(isComponent).length;
  const due = custom.filter((resource) => resource.due).length;
  const where = components === 0 ? "" : ` in ${count(components, "component")}`;
  return `${custom.length}${where} (${due === custom.length ? "all due" : `${due} due, ${custom.length - due} not due`})`;
}

/** Components first, then by name and type. */
function ordered(resources: readonly PlannedResource[]): PlannedResource[] {
  return [...resources].sort(
    (a, b) => Number(a.custom) - Number(b.custom) || byCodeUnit(a.name, b.name) || byCodeUnit(a.type, b.type),
  );
}

function draw(
  resource: PlannedResource,
  lead: string,
  branch: string,
  parentDue: boolean,
  placement: Placement,
  layout: Layout,
  lines: string[],
): void {
  lines.push(label(resource, lead + branch, parentDue, placement, layout));
  const below = ordered(placement.below(resource.urn));
  const deeper = lead + (branch === "" ? "" : branch === "└─ " ? "   " : "│  ");
  below.forEach((child, index) => {
    const next = index === below.length - 1 ? "└─ " : "├─ ";
    draw(child, deeper, next, resource.due, placement, layout, lines);
  });
}

function label(
  resource: PlannedResource,
  lead: string,
  parentDue: boolean,
  placement: Placement,
  layout: Layout,
): string {
  const { paint } = layout;
  const held = resource.custom ? "" : ` (${countBelow(resource.urn, placement)})`;
  // What is below something that is not due is not due either: said once.
  const due = resource.due || !parentDue ? "" : "  not due";
  const type = shortType(resource.type);
  const room = layout.width - lead.length - held.length - due.length;
  const typeRoom = Math.min(type.length, Math.max(12, Math.floor(room / 2)));
  const name = truncateMiddle(resource.name, Math.max(8, room - typeRoom - 2));
  const shownType = truncateMiddle(type, Math.max(0, room - name.length - 2));
  const shownName = resource.custom ? name : paint.bold(name);
  return `${paint.dim(lead)}${shownName}  ${paint.dim(shownType)}${held}${due === "" ? "" : paint.magenta(due)}`;
}

function countBelow(urn: string, placement: Placement): number {
  return placement
    .below(urn)
    .reduce((sum, child) => sum + Number(child.custom) + countBelow(child.urn, placement), 0);
}

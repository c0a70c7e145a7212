import { byCodeUnit } from "../json-value";
import type { Plan, PlannedResource } from "../plan";
import { count, type Layout, shortType, truncateMiddle } from "./layout";

/** The resources below their parents, components with the number of resources they hold. */
export function renderTree(plan: Pick<Plan, "resources">, layout: Layout): string[] {
  const children = new Map<string | undefined, PlannedResource[]>();
  const urns = new Set(plan.resources.map((resource) => resource.urn));
  for (const resource of plan.resources) {
    const parent = resource.parent !== undefined && urns.has(resource.parent) ? resource.parent : undefined;
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const lines: string[] = [];
  for (const root of ordered(children.get(undefined))) draw(root, "", "", children, layout, lines);
  return lines;
}

/** "45 resources in 9 components, 12 of them not due yet". */
export function resourceSummary(plan: Pick<Plan, "resources">): string {
  const custom = plan.resources.filter((resource) => resource.custom);
  const components = plan.resources.filter(isComponent).length;
  const waiting = custom.filter((resource) => !resource.due).length;
  return (
    `${count(custom.length, "resource")} in ${count(components, "component")}` +
    (waiting === 0 ? "" : `, ${waiting} of them not due yet`)
  );
}

function isComponent(resource: PlannedResource): boolean {
  return !resource.custom && resource.type !== "pulumi:pulumi:Stack";
}

/** Components first, then by name and type. */
function ordered(resources: readonly PlannedResource[] | undefined): PlannedResource[] {
  return [...(resources ?? [])].sort(
    (a, b) => Number(a.custom) - Number(b.custom) || byCodeUnit(a.name, b.name) || byCodeUnit(a.type, b.type),
  );
}

function draw(
  resource: PlannedResource,
  lead: string,
  branch: string,
  children: ReadonlyMap<string | undefined, PlannedResource[]>,
  layout: Layout,
  lines: string[],
): void {
  lines.push(label(resource, lead + branch, children, layout));
  const below = ordered(children.get(resource.urn));
  const deeper = lead + (branch === "" ? "" : branch === "└─ " ? "   " : "│  ");
  below.forEach((child, index) => {
    draw(child, deeper, index === below.length - 1 ? "└─ " : "├─ ", children, layout, lines);
  });
}

function label(
  resource: PlannedResource,
  lead: string,
  children: ReadonlyMap<string | undefined, PlannedResource[]>,
  layout: Layout,
): string {
  const { paint } = layout;
  const held = resource.custom ? "" : ` (${countBelow(resource.urn, children)})`;
  const due = resource.due ? "" : "  not due";
  const type = shortType(resource.type);
  const room = layout.width - lead.length - held.length - due.length;
  const typeRoom = Math.min(type.length, Math.max(12, Math.floor(room / 2)));
  const name = truncateMiddle(resource.name, Math.max(8, room - typeRoom - 2));
  const shownType = truncateMiddle(type, Math.max(0, room - name.length - 2));
  const shownName = resource.custom ? name : paint.bold(name);
  return `${paint.dim(lead)}${shownName}  ${paint.cyan(shownType)}${held}${paint.yellow(due)}`;
}

function countBelow(urn: string, children: ReadonlyMap<string | undefined, PlannedResource[]>): number {
  return (children.get(urn) ?? []).reduce(
    (sum, child) => sum + Number(child.custom) + countBelow(child.urn, children),
    0,
  );
}

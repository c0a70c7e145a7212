import { byCodeUnit } from "../json-value";
import type { Plan, PlannedResource } from "../plan";
import { contentsOf, type Held } from "./contents";
import { type Layout, truncateMiddle, wrap } from "./layout";
import { isComponent, isStack, type Placement, placementOf } from "./placement";
import { amountOf, plural, suffixOf, typeWords } from "./words";

/** One line of the overview, and what stands below it. */
interface Row {
  label: string;
  text: string;
  /** Resources, and how many of them are not due. */
  held: number;
  waiting: number;
  rows: Row[];
}

/** A nested component with this many resources is told in its parent's line. */
const smallComponent = 4;
/** Columns below which a text stands under its label instead of beside it. */
const leastTextWidth = 32;

/** The resources in a line per component: components of one name together, alike ones folded, leaves in words. */
export function renderOverview(plan: Pick<Plan, "resources">, layout: Layout): string[] {
  const placement = placementOf(plan);
  const roots = placement.below(undefined);
  const top = [
    ...roots.filter((resource) => !isStack(resource)),
    ...roots.filter(isStack).flatMap((stack) => placement.below(stack.urn)),
  ];
  const rows = [
    ...topComponents(top.filter(isComponent), placement),
    ...leafRows(top.filter(({ custom }) => custom)),
  ];
  const labelWidth = Math.min(
    Math.floor(layout.width * 0.45),
    Math.max(0, ...rows.flatMap((row) => labelWidths(row, 0, false))),
  );
  const lines: string[] = [];
  rows.forEach((row, index) => {
    draw(row, "", index === rows.length - 1, false, labelWidth, layout, lines);
  });
  return lines;
}

function topComponents(components: readonly PlannedResource[], placement: Placement): Row[] {
  const names = [...new Set(components.map(({ name }) => name))].sort(byCodeUnit);
  return foldedRows(
    names.map((name) => {
      const alike = components.filter((component) => component.name === name);
      const [only] = alike;
      if (only !== undefined && alike.length === 1) {
        const words = typeWords(only.type);
        const row = componentRow(only, name, placement);
        return { row, words: words === name.replaceAll("-", " ") ? undefined : words };
      }
      const rows = alike
        .map((component) => componentRow(component, typeWords(component.type), placement))
        .sort((a, b) => byCodeUnit(a.label, b.label));
      return { row: { label: name, text: "", ...totals(rows), rows }, words: undefined };
    }),
  );
}

function componentRow(component: PlannedResource, label: string, placement: Placement): Row {
  const leaves = placement.below(component.urn).filter(({ custom }) => custom);
  const nested = placement.below(component.urn).filter((resource) => !resource.custom);
  const isSmall = (resource: PlannedResource) => leavesBelow(resource, placement).length < smallComponent;
  const own = [...leaves, ...nested.filter(isSmall).flatMap((small) => leavesBelow(small, placement))];
  const rows = folded(
    nested.filter((resource) => !isSmall(resource)),
    component.name,
    placement,
  );
  const all = leavesBelow(component, placement);
  return {
    label,
    text: contentsOf(
      own.map((leaf) => heldBy(leaf, component.name)),
      component.type,
    ),
    held: all.length,
    waiting: all.filter(({ due }) => !due).length,
    rows,
  };
}

/** Nested components in a row each; those of one type that hold the same share one. */
function folded(nested: readonly PlannedResource[], owner: string, placement: Placement): Row[] {
  return foldedRows(
    nested
      .map((component) => ({
        row: componentRow(component, suffixOf(component.name, owner) ?? component.name, placement),
        words: typeWords(component.type),
      }))
      .sort((a, b) => byCodeUnit(a.row.label, b.row.label)),
  );
}

interface TypedRow {
  readonly row: Row;
  /** The component's type; undefined where the label says it, or heads several. */
  readonly words: string | undefined;
}

/** Rows that differ in their labels alone become one. */
function foldedRows(rows: readonly TypedRow[]): Row[] {
  const groups = new Map<string, TypedRow[]>();
  for (const typed of rows) {
    const { label: _, ...rest } = typed.row;
    const key = JSON.stringify([typed.words, rest]);
    groups.set(key, [...(groups.get(key) ?? []), typed]);
  }
  return [...groups.values()].flatMap((group): Row[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { row, words } = first;
    if (group.length === 1)
      return [{ ...row, text: words === undefined ? row.text : joined(words, row.text) }];
    const each =
      words === undefined ? `${group.length} alike, each` : `${amountOf(group.length, words)}, each`;
    return [
      {
        label: listed(group.map(({ row: { label } }) => label)),
        text: row.text === "" ? each : joined(each, row.text),
        ...totals(group.map(({ row: own }) => own)),
        rows: row.rows,
      },
    ];
  });
}

/** Labels that are read out before the rest is counted. */
const mostLabels = 4;

function listed(labels: readonly string[]): string {
  return labels.length <= mostLabels
    ? labels.join(", ")
    : `${labels.slice(0, mostLabels - 1).join(", ")} and ${labels.length - mostLabels + 1} more`;
}

/** Resources outside components, in a row per type. */
function leafRows(leaves: readonly PlannedResource[]): Row[] {
  const types = [...new Set(leaves.map(({ type }) => type))].sort((a, b) =>
    byCodeUnit(typeWords(a), typeWords(b)),
  );
  return types.map((type) => {
    const alike = leaves.filter((leaf) => leaf.type === type);
    return {
      label: alike.length === 1 ? typeWords(type) : plural(typeWords(type)),
      text: alike
        .map(({ name }) => name)
        .sort(byCodeUnit)
        .join(", "),
      held: alike.length,
      waiting: alike.filter(({ due }) => !due).length,
      rows: [],
    };
  });
}

function leavesBelow(resource: PlannedResource, placement: Placement): PlannedResource[] {
  return resource.custom
    ? [resource]
    : placement.below(resource.urn).flatMap((child) => leavesBelow(child, placement));
}

function heldBy({ type, name }: PlannedResource, owner: string): Held {
  return { type, suffix: suffixOf(name, owner) };
}

function totals(rows: readonly Row[]): Pick<Row, "held" | "waiting"> {
  return {
    held: rows.reduce((sum, row) => sum + row.held, 0),
    waiting: rows.reduce((sum, row) => sum + row.waiting, 0),
  };
}

/** "spend guard: budget"; a tuning job that holds a hyper parameter tuning job is said once. */
function joined(words: string, contents: string): string {
  const said =
    contents === "" || contents === words || (contents.endsWith(` ${words}`) && !/[,(]/.test(contents));
  return said ? words : `${words}: ${contents}`;
}

const notDue = "  not due";

/** Once for everything below: a part of something that waits waits as well. */
function waits({ held, waiting }: Row, parentWaits: boolean): boolean {
  return !parentWaits && held > 0 && waiting === held;
}

function labelWidths(row: Row, depth: number, parentWaits: boolean): number[] {
  const own = waits(row, parentWaits);
  const width = 3 * (depth + 1) + row.label.length + (own ? notDue.length : 0);
  // A heading has nothing beside it to line up.
  const below = row.rows.flatMap((child) => labelWidths(child, depth + 1, own || parentWaits));
  return row.text === "" ? below : [width, ...below];
}

function draw(
  row: Row,
  lead: string,
  last: boolean,
  parentWaits: boolean,
  labelWidth: number,
  layout: Layout,
  lines: string[],
): void {
  const { paint, width } = layout;
  const own = waits(row, parentWaits);
  const mark = own ? notDue : "";
  const branch = `${lead}${last ? "└─ " : "├─ "}`;
  const deeper = `${lead}${last ? "   " : "│  "}`;
  const under = `${deeper}${row.rows.length > 0 ? "│" : " "}`;
  const partly = row.waiting > 0 && !own && !parentWaits && row.rows.length === 0;
  const text = partly ? `${row.text}; ${row.waiting} of ${row.held} not due` : row.text;

  const beside = width - labelWidth - 2 >= leastTextWidth;
  const fits = branch.length + row.label.length + mark.length <= labelWidth;
  const room = (beside && fits ? labelWidth : width) - branch.length - mark.length;
  const shown = truncateMiddle(row.label, Math.max(8, room));
  const head = `${paint.dim(branch)}${paint.bold(shown)}${mark === "" ? "" : paint.magenta(mark)}`;
  const pad = " ".repeat(Math.max(0, labelWidth - branch.length - shown.length - mark.length));
  const besides = text === "" ? [] : wrap(text, beside ? width - labelWidth - 2 : width - under.length - 3);
  const below = (line: string) =>
    `${paint.dim(under)}${" ".repeat(beside ? Math.max(0, labelWidth + 2 - under.length) : 3)}${line}`;

  if (beside && fits && besides.length > 0) {
    lines.push(`${head}${pad}  ${besides[0]}`, ...besides.slice(1).map(below));
  } else {
    lines.push(head, ...besides.map(below));
  }
  row.rows.forEach((child, index) => {
    draw(child, deeper, index === row.rows.length - 1, own || parentWaits, labelWidth, layout, lines);
  });
}

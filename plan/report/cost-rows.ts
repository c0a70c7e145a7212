import { byCodeUnit } from "../json-value";
import type { CostLine } from "../plan";
import { type Placement, titleOf } from "./placement";
import { amountOf, plural, typeWords } from "./words";

/** One row of the cost table: one cost line, or several that are alike. */
export interface CostRow {
  readonly label: string;
  readonly hourly: number;
  readonly idleMonthly: number;
  readonly monthly: number;
  readonly worstMonthly: number;
  readonly basis: string;
  readonly lines: readonly CostLine[];
}

/** Names that fit into a label; more are counted. */
const nameRoom = 24;

/** Folds lines of one resource type, charge and basis into one row each; dearest first. The sums stay as they are. */
export function costRows(lines: readonly CostLine[], placement: Placement): CostRow[] {
  const groups = new Map<string, CostLine[]>();
  for (const line of lines) {
    const type = typeOf(line, placement);
    const key = JSON.stringify(
      type === undefined ? [line.component, line.urn] : [type, charge(line), line.basis],
    );
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const rows = [...groups.values()].map((group) => rowOf(group, placement));
  return distinct(rows, placement).sort(
    (a, b) => b.worstMonthly - a.worstMonthly || b.monthly - a.monthly || byCodeUnit(a.label, b.label),
  );
}

function rowOf(lines: readonly CostLine[], placement: Placement): CostRow {
  const sum = (amount: (line: CostLine) => number) => lines.reduce((total, line) => total + amount(line), 0);
  return {
    label: labelOf(lines, placement),
    hourly: sum(({ hourly }) => hourly),
    idleMonthly: sum(({ idleMonthly }) => idleMonthly),
    monthly: sum(({ monthly }) => monthly),
    worstMonthly: sum(({ worstMonthly }) => worstMonthly),
    basis: `${lines.length === 1 ? "" : "each: "}${lines[0]?.basis ?? ""}`,
    lines,
  };
}

/** The label of a single line. */
export function chargeLabel(line: CostLine, placement: Placement): string {
  return labelOf([line], placement);
}

/** "endpoint multi: rollout", "endpoints multi, single: rollout", "12 metric alarms"; the estimator's name if all else fails. */
function labelOf(lines: readonly CostLine[], placement: Placement): string {
  const [first] = lines;
  if (first === undefined) return "";
  const type = typeOf(first, placement);
  if (type === undefined) return first.component;
  const detail = charge(first) === "" ? "" : `: ${charge(first)}`;
  const words = chargedWords(first, type, placement);
  const names = [...new Set(lines.map((line) => ownerName(line, placement)))].sort(byCodeUnit);
  const joined = names.join(", ");
  if (names.length === lines.length && joined.length <= nameRoom) {
    return `${lines.length === 1 ? titleOf(words, joined) : `${plural(words)} ${joined}`}${detail}`;
  }
  return `${amountOf(lines.length, typeWords(type))}${detail}`;
}

/** Of a resource's words and its component's the shorter: "tuning job" for a hyper parameter tuning job. */
function chargedWords(line: CostLine, type: string, placement: Placement): string {
  const own = typeWords(type);
  const [component] = placement.componentsAbove(line.urn);
  const above = component === undefined ? own : typeWords(component.type);
  const related =
    own.split(" ").some((word) => above.split(" ").includes(word)) ||
    above === ownerName(line, placement).replaceAll("-", " ");
  return related && above.length <= own.length ? above : own;
}

function ownerName(line: CostLine, placement: Placement): string {
  return placement.componentsAbove(line.urn).at(-1)?.name ?? placement.get(line.urn)?.name ?? line.component;
}

function typeOf({ urn }: CostLine, placement: Placement): string | undefined {
  return placement.get(urn)?.type;
}

/** What of a resource is charged, where there are several: "rollout" of `multi-endpoint/rollout`. */
function charge({ component }: CostLine): string {
  const slash = component.indexOf("/");
  return slash === -1 ? "" : component.slice(slash + 1);
}

/** Rows that would be called alike also get the names of their resources. */
function distinct(rows: readonly CostRow[], placement: Placement): CostRow[] {
  const amounts = new Map<string, number>();
  for (const { label } of rows) amounts.set(label, (amounts.get(label) ?? 0) + 1);
  return rows.map((row) => {
    if (amounts.get(row.label) === 1) return row;
    const names = row.lines.map(({ urn, component }) => placement.get(urn)?.name ?? component);
    return { ...row, label: `${row.label} (${[...new Set(names)].sort(byCodeUnit).join(", ")})` };
  });
}

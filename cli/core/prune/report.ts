import { count, type Layout, truncateMiddle, wrap } from "../../../plan/report/layout";
import { type PrunedKind, prunedKinds } from "./account";
import type { Outcome } from "./carry-out";
import type { Decision } from "./decide";

export interface PruneReport {
  readonly stackTag: string;
  readonly region: string;
  readonly decisions: readonly Decision[];
  /** Absent of a dry run. */
  readonly outcomes?: readonly Outcome[] | undefined;
  /** What was not looked at, and why; a sentence each. */
  readonly notes: readonly string[];
}

const words: Readonly<Record<PrunedKind, string>> = {
  configuration: "endpoint configurations",
  model: "models",
  artifact: "artifacts",
  logGroup: "log groups",
};

interface Row {
  readonly kind: PrunedKind;
  readonly name: string;
  readonly created: string;
  readonly size: string;
  readonly reason: string;
}

/** What a person reads: what goes and what stays, with the reason of each. */
export function pruneText(report: PruneReport, layout: Layout): string {
  const { stackTag, region, decisions, outcomes, notes } = report;
  const { paint, width } = layout;
  const doomed = decisions.filter(({ verdict }) => verdict === "delete");
  const kept = decisions.filter(({ verdict }) => verdict === "keep");
  const gone =
    outcomes === undefined
      ? table("Would be deleted", doomed.map(rowOf), layout, paint.red)
      : outcomeTables(outcomes, layout);
  return `${[
    paint.bold(`${stackTag} in ${region}`),
    ...gone,
    ...table("Stays", kept.map(rowOf), layout, paint.dim),
    ...notes.flatMap((note) => ["", ...wrap(note, width)]),
    "",
    ...wrap(summary(report, doomed), width),
  ].join("\n")}\n`;
}

/** What a program reads. */
export function pruneJson({ stackTag, region, decisions, outcomes, notes }: PruneReport): string {
  const outcomeOf = (one: Decision) =>
    outcomes?.find(({ decision }) => decision.kind === one.kind && decision.name === one.name);
  const things = decisions.map((one) => {
    const outcome = outcomeOf(one);
    return {
      kind: one.kind,
      name: one.name,
      createdAt: one.createdAt.toISOString(),
      ...(one.sizeBytes === undefined ? {} : { sizeBytes: one.sizeBytes }),
      verdict: one.verdict,
      reason: one.reason,
      ...(outcome === undefined
        ? {}
        : {
            outcome: outcome.kind,
            ...(outcome.reason === undefined ? {} : { outcomeReason: outcome.reason }),
          }),
    };
  });
  return `${JSON.stringify({ stack: stackTag, region, dryRun: outcomes === undefined, things, notes }, undefined, 2)}\n`;
}

function outcomeTables(outcomes: readonly Outcome[], layout: Layout): readonly string[] {
  const { paint } = layout;
  const rows = (kind: Outcome["kind"]) =>
    outcomes
      .filter((outcome) => outcome.kind === kind)
      .map(({ decision, reason }) => ({ ...rowOf(decision), reason: reason ?? decision.reason }));
  return [
    ...table("Deleted", rows("deleted"), layout, paint.red),
    ...table("Already gone", rows("gone"), layout, paint.dim),
    ...table("Came into use, and stays", rows("kept"), layout, paint.yellow),
    ...table("Could not be deleted", rows("failed"), layout, paint.red),
  ];
}

function summary({ outcomes }: PruneReport, doomed: readonly Decision[]): string {
  const bytes = (some: readonly Decision[]) => some.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  const size = (some: readonly Decision[]) => (bytes(some) === 0 ? "" : ` with ${sizeText(bytes(some))}`);
  if (outcomes !== undefined) {
    const deleted = outcomes.filter(({ kind }) => kind === "deleted").map(({ decision }) => decision);
    const open = doomed.length - outcomes.filter(({ kind }) => kind !== "failed").length;
    return `${count(deleted.length, "thing")}${size(deleted)} deleted.${open === 0 ? "" : ` ${open} left: run the command again.`}`;
  }
  return doomed.length === 0
    ? "Nothing to delete."
    : `${count(doomed.length, "thing")}${size(doomed)} would be deleted, for good. Nothing is deleted without --yes.`;
}

function table(
  title: string,
  rows: readonly Row[],
  layout: Layout,
  color: (text: string) => string,
): readonly string[] {
  if (rows.length === 0) return [];
  return [
    "",
    layout.paint.bold(title),
    ...prunedKinds.flatMap((kind) =>
      section(
        kind,
        rows.filter((row) => row.kind === kind),
        layout,
        color,
      ),
    ),
  ];
}

/** Least columns for a reason beside the other cells; with less it goes below them. */
const leastBeside = 24;

function section(
  kind: PrunedKind,
  rows: readonly Row[],
  { width }: Layout,
  color: (text: string) => string,
): readonly string[] {
  if (rows.length === 0) return [];
  const columns = (of: (row: Row) => string) => Math.max(...rows.map((row) => of(row).length));
  const size = columns((row) => row.size);
  const name = Math.min(
    columns((row) => row.name),
    Math.max(20, width - size - 18),
  );
  return [
    `  ${words[kind]}`,
    ...rows.flatMap((row) => {
      const cells = `    ${[
        truncateMiddle(row.name, name).padEnd(name),
        row.created,
        ...(size === 0 ? [] : [row.size.padStart(size)]),
      ].join("  ")}`;
      if (width - cells.length - 2 < leastBeside)
        return [cells, ...wrap(row.reason, width - 6).map((line) => color(`      ${line}`))];
      const [first = "", ...rest] = wrap(row.reason, width - cells.length - 2);
      const indent = " ".repeat(cells.length + 2);
      return [`${cells}  ${color(first)}`, ...rest.map((line) => indent + color(line))];
    }),
  ];
}

/** Enough to tell two artifacts apart; --json has the whole digest. */
const digestColumns = 16;

function rowOf({ kind, name, createdAt, sizeBytes, reason }: Decision): Row {
  return {
    kind,
    name: kind === "artifact" ? `${name.slice(0, digestColumns)}…` : name,
    created: createdAt.toISOString().slice(0, 10),
    size: sizeBytes === undefined ? "" : sizeText(sizeBytes),
    reason,
  };
}

/** "412.3 MB", decimal as S3 is billed. */
function sizeText(bytes: number): string {
  const [unit, of] =
    bytes >= 1e9 ? (["GB", 1e9] as const) : bytes >= 1e6 ? (["MB", 1e6] as const) : (["kB", 1e3] as const);
  return `${(bytes / of).toFixed(1)} ${unit}`;
}

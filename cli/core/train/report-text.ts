import { type Layout, truncateMiddle, wrap } from "../../../plan/report/layout";
import { durationText } from "../operate/duration";
import { bestEpoch } from "./epochs";
import { figure, onDemandUsd, valuesText } from "./figures";
import { ranked } from "./progress";
import { hyperParameterNames, type ReportTrial, type TrainingReport, totalUsd } from "./report-model";

interface Column {
  readonly title: string;
  readonly of: (trial: ReportTrial) => string;
  /** Left out where the terminal is too narrow; the highest first. @default - never */
  readonly leftOut?: number;
  readonly isText?: boolean;
}

/** What a person reads: the trials, the best first, and what to do with it. */
export function reportText(report: TrainingReport, layout: Layout): string {
  const { paint, width } = layout;
  const rows =
    report.kind === "tuning"
      ? table(report, ranked(report.trials, report.objective.direction), layout)
      : epochTable(report, layout);
  const cost = totalUsd(report.trials);
  return `${[
    `${paint.bold(`${report.kind === "tuning" ? "tuning" : "job"} ${report.key}`)}  ${report.jobName}: ${report.status}`,
    "",
    ...rows,
    "",
    ...wrap(bestSentence(report), width).map((line) =>
      report.best === undefined ? line : paint.green(line),
    ),
    ...wrap(costSentence(report, cost), width),
    ...report.notes.flatMap((note) => wrap(note, width).map((line) => paint.yellow(line))),
  ].join("\n")}\n`;
}

export function bestSentence({ kind, best, objective }: TrainingReport): string {
  if (best === undefined)
    return kind === "tuning"
      ? "No trial has completed with a value of the objective."
      : "The job has not completed.";
  if (kind === "training") {
    const epoch = bestEpoch(best.epochs);
    const value = best.objective === undefined ? "" : ` with ${objective.metric} ${figure(best.objective)}`;
    return `The job completed${value}${epoch === undefined ? "" : `; its best epoch is ${epoch.epoch}`}.`;
  }
  const least = objective.direction === "Minimize" ? "lowest" : "highest";
  return `The best trial is ${best.number}, ${best.jobName}: ${objective.metric} ${figure(best.objective ?? Number.NaN)}, the ${least}, with ${valuesText(best.hyperParameters)}.`;
}

function costSentence({ kind, trials }: TrainingReport, cost: number | undefined): string {
  const billed = durationText(trials.reduce((sum, { billableSeconds }) => sum + billableSeconds, 0));
  const all = kind === "tuning" ? `${trials.length} trials` : "The job";
  return `${all}: billable ${billed}, ${onDemandUsd(cost)}.`;
}

function table(
  { best, objective }: TrainingReport,
  trials: readonly ReportTrial[],
  layout: Layout,
): string[] {
  const columns: Column[] = [
    { title: "trial", of: ({ number }) => String(number) },
    { title: "status", of: ({ status }) => status, isText: true },
    { title: objective.metric, of: ({ objective: value }) => (value === undefined ? "-" : figure(value)) },
    ...hyperParameterNames(trials).map((name) => ({
      title: name,
      of: ({ hyperParameters }: ReportTrial) => shownValue(hyperParameters[name]),
    })),
    { title: "epochs", of: ({ epochs }) => (epochs.length === 0 ? "-" : String(epochs.length)), leftOut: 2 },
    { title: "billable", of: ({ billableSeconds }) => durationText(billableSeconds), leftOut: 3 },
    { title: "USD", of: ({ costUsd }) => (costUsd === undefined ? "-" : costUsd.toFixed(3)), leftOut: 1 },
    { title: "job", of: ({ jobName }) => jobName, isText: true, leftOut: 4 },
  ];
  return lines(columns, trials, layout, (trial) => trial === best);
}

function epochTable({ trials, best }: TrainingReport, layout: Layout): string[] {
  const epochs = trials[0]?.epochs ?? [];
  if (epochs.length === 0) return ["No epoch was told."];
  const names = [...new Set(epochs.flatMap(({ metrics }) => Object.keys(metrics)))];
  const marked = best === undefined ? undefined : bestEpoch(epochs);
  return lines(
    [
      { title: "epoch", of: ({ epoch }) => String(epoch) },
      ...names.map((name, index) => ({
        title: name,
        of: ({ metrics }: (typeof epochs)[number]) => {
          const value = metrics[name];
          return value === undefined ? "-" : figure(value);
        },
        leftOut: index,
      })),
    ],
    epochs,
    layout,
    (epoch) => epoch === marked,
  );
}

interface ColumnOf<T> {
  readonly title: string;
  readonly of: (row: T) => string;
  readonly leftOut?: number;
  readonly isText?: boolean;
}

const gap = 2;

function lines<T>(
  all: readonly ColumnOf<T>[],
  rows: readonly T[],
  { width, paint }: Layout,
  isMarked: (row: T) => boolean,
): string[] {
  let columns = all;
  // Values are never cut: first columns go, then titles are shortened to their values.
  let longestTitle = Math.max(...all.map(({ title }) => title.length));
  const widthOf = ({ title, of }: ColumnOf<T>) => {
    const values = Math.max(1, ...rows.map((row) => of(row).length));
    return Math.max(Math.min(title.length, longestTitle), values);
  };
  const total = () => columns.reduce((sum, column) => sum + widthOf(column) + gap, 0);
  while (total() > width) {
    const spare = columns.reduce<ColumnOf<T> | undefined>(
      (most, one) => ((one.leftOut ?? 0) > (most?.leftOut ?? 0) ? one : most),
      undefined,
    );
    if (spare !== undefined) columns = columns.filter((one) => one !== spare);
    else if (longestTitle > 1) longestTitle -= 1;
    else break;
  }
  const line = (mark: string, cell: (column: ColumnOf<T>) => string) =>
    truncateMiddle(
      `${mark.padEnd(gap)}${columns
        .map((column) => {
          const wide = widthOf(column);
          return column.isText === true ? cell(column).padEnd(wide) : cell(column).padStart(wide);
        })
        .join(" ".repeat(gap))}`.trimEnd(),
      width,
    );
  return [
    paint.dim(line("", (column) => truncateMiddle(column.title, widthOf(column)))),
    ...rows.map((row) => {
      const text = line(isMarked(row) ? "*" : "", ({ of }) => of(row));
      return isMarked(row) ? paint.green(text) : text;
    }),
  ];
}

function shownValue(value: string | undefined): string {
  if (value === undefined) return "-";
  return value.trim() !== "" && Number.isFinite(Number(value)) ? figure(Number(value)) : value;
}

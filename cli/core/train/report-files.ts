import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../exit-status";
import { processMark, removeAbandoned } from "../process-mark";
import { chartNames, chartsOf } from "./charts/charts";
import { svgFile } from "./charts/svg";
import { bestEpoch } from "./epochs";
import { hyperParameterNames, type ReportTrial, type TrainingReport } from "./report-model";
import { reportPage } from "./report-page";

/** A report's files by name. The same report gives the same bytes. */
export function reportFiles(report: TrainingReport): Readonly<Record<string, string>> {
  const charts = chartsOf(report);
  return {
    "report.html": reportPage(report, charts),
    "report.json": reportJson(report),
    "trials.csv": trialsCsv(report),
    "epochs.csv": epochsCsv(report),
    ...Object.fromEntries(charts.map((chart) => [`${chart.name}.svg`, svgFile(chart)])),
  };
}

/** Begins the names of files that are not whole yet. */
const unfinished = ".sagemaker-ops-report-";

/**
 * Writes the files, each as a whole or not at all. Plots of the report before that this one does not have go, and so does what processes
 * that were killed have left.
 *
 * @throws CommandError where the folder cannot be written.
 */
export function writeReport(folder: string, files: Readonly<Record<string, string>>): readonly string[] {
  try {
    mkdirSync(folder, { recursive: true });
    removeAbandoned(folder, unfinished, "-");
    const written = Object.entries(files).map(([name, text]) => {
      const path = join(folder, name);
      const draft = join(folder, `${unfinished}${processMark()}-${name}`);
      writeFileSync(draft, text);
      renameSync(draft, path);
      return path;
    });
    for (const name of chartNames.map((chart) => `${chart}.svg`))
      if (!Object.hasOwn(files, name)) rmSync(join(folder, name), { force: true });
    return written;
  } catch (error) {
    throw new CommandError(
      `--out ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}). Name a folder, of which only its files of a report are replaced.`,
    );
  }
}

/** What a program reads; what is not known is null. */
export function reportJson({ best, trials, ...rest }: TrainingReport): string {
  const plain = trials.map((trial) => ({
    ...trial,
    failureReason: trial.failureReason ?? null,
    createdAt: iso(trial.createdAt),
    objective: trial.objective ?? null,
    costUsd: trial.costUsd ?? null,
    epochs: trial.epochs.map((epoch) => ({ ...epoch, at: iso(epoch.at) })),
  }));
  return `${JSON.stringify({ ...rest, best: best?.jobName ?? null, trials: plain }, undefined, 2)}\n`;
}

function trialsCsv({ trials, objective, best }: TrainingReport): string {
  const names = hyperParameterNames(trials);
  const head = [
    "trial",
    "job",
    "status",
    objective.metric,
    ...names,
    "epochs",
    "best_epoch",
    "billable_seconds",
    "usd",
    "best",
  ];
  const row = (trial: ReportTrial) => [
    trial.number,
    trial.jobName,
    trial.status,
    trial.objective,
    ...names.map((name) => trial.hyperParameters[name]),
    trial.epochs.length,
    bestEpoch(trial.epochs)?.epoch,
    Math.floor(trial.billableSeconds),
    trial.costUsd?.toFixed(4),
    trial === best,
  ];
  return csv([head, ...trials.map(row)]);
}

function epochsCsv({ trials }: TrainingReport): string {
  const names = [
    ...new Set(trials.flatMap(({ epochs }) => epochs.flatMap(({ metrics }) => Object.keys(metrics)))),
  ];
  return csv([
    ["trial", "job", "epoch", "at", ...names],
    ...trials.flatMap(({ number, jobName, epochs }) =>
      epochs.map(({ epoch, at, metrics }) => [
        number,
        jobName,
        epoch,
        iso(at),
        ...names.map((name) => metrics[name]),
      ]),
    ),
  ]);
}

/** RFC 4180; what is not known is an empty field. */
function csv(rows: readonly (readonly (string | number | boolean | undefined)[])[]): string {
  const field = (value: string | number | boolean | undefined) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

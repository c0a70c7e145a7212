import { durationText } from "../operate/duration";
import { type Chart, chartStyle, escaped, svgElement } from "./charts/svg";
import { bestEpoch } from "./epochs";
import { figure, onDemandUsd } from "./figures";
import { ranked } from "./progress";
import { hyperParameterNames, type ReportTrial, type TrainingReport, totalUsd } from "./report-model";
import { bestSentence } from "./report-text";

const pageStyle = `:root{color-scheme:light dark;--paper:#ffffff;--ink:#1f2937;--soft:#5b6472;--grid:#dfe3e8;--best:#b93a0a;--note:#8b5e00}
@media (prefers-color-scheme: dark){:root{--paper:#14181f;--ink:#e6e9ee;--soft:#a3acb9;--grid:#323a46;--best:#ff9d5c;--note:#e0b04a}}
body{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1120px;padding:0 1rem}
h1{font-size:1.4rem;margin-bottom:0}h2{font-size:1.1rem;margin-top:2rem}
.soft{color:var(--soft)}.note{color:var(--note)}.best{color:var(--best);font-weight:600}
figure{margin:1.5rem 0}svg{max-width:100%;height:auto}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.85rem}
th,td{border-bottom:1px solid var(--grid);padding:.25rem .75rem;text-align:right;white-space:nowrap}
th.text,td.text{text-align:left}`;

/** The report as one page that needs no other file, no network and no script. */
export function reportPage(report: TrainingReport, charts: readonly Chart[]): string {
  const { kind, key, jobName, status, region, trials, notes } = report;
  const heading = `${kind === "tuning" ? "Tuning job" : "Training job"} ${key}`;
  const billed = durationText(trials.reduce((sum, { billableSeconds }) => sum + billableSeconds, 0));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(heading)}</title>
<style>${pageStyle}
${chartStyle}</style>
</head>
<body>
<h1>${escaped(heading)}</h1>
<p class="soft">${escaped(`${jobName} in ${region}: ${status}; billable ${billed}, ${onDemandUsd(totalUsd(trials))}`)}</p>
<p class="${report.best === undefined ? "note" : "best"}">${escaped(bestSentence(report))}</p>
${notes.map((note) => `<p class="note">${escaped(note)}</p>\n`).join("")}${charts.map((chart) => `<figure>${svgElement(chart)}</figure>\n`).join("")}<h2>${kind === "tuning" ? "Trials" : "Epochs"}</h2>
<div class="wide">${kind === "tuning" ? trialTable(report) : epochTable(report)}</div>
</body>
</html>
`;
}

function trialTable({ trials, objective, best }: TrainingReport): string {
  const names = hyperParameterNames(trials);
  const head = [
    heading("trial"),
    heading("status", "text"),
    ...[objective.metric, ...names, "epochs", "billable", "USD"].map((title) => heading(title)),
    heading("job", "text"),
  ];
  const row = (trial: ReportTrial) =>
    `<tr${trial === best ? ' class="best"' : ""}>${[
      cell(String(trial.number)),
      cell(trial.status, "text"),
      cell(trial.objective === undefined ? "-" : figure(trial.objective)),
      ...names.map((name) => cell(trial.hyperParameters[name] ?? "-")),
      cell(String(trial.epochs.length)),
      cell(durationText(trial.billableSeconds)),
      cell(trial.costUsd === undefined ? "-" : trial.costUsd.toFixed(3)),
      cell(trial.jobName, "text"),
    ].join("")}</tr>`;
  return `<table><thead><tr>${head.join("")}</tr></thead><tbody>${ranked(trials, objective.direction).map(row).join("")}</tbody></table>`;
}

function epochTable({ trials }: TrainingReport): string {
  const epochs = trials[0]?.epochs ?? [];
  const names = [...new Set(epochs.flatMap(({ metrics }) => Object.keys(metrics)))];
  const marked = bestEpoch(epochs);
  const rows = epochs.map((one) => {
    const values = names.map((name) => {
      const value = one.metrics[name];
      return cell(value === undefined ? "-" : figure(value));
    });
    return `<tr${one === marked ? ' class="best"' : ""}>${cell(String(one.epoch))}${values.join("")}</tr>`;
  });
  return `<table><thead><tr>${["epoch", ...names].map((title) => heading(title)).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function heading(title: string, className = ""): string {
  return `<th scope="col"${className === "" ? "" : ` class="${className}"`}>${escaped(title)}</th>`;
}

function cell(content: string, className = ""): string {
  return `<td${className === "" ? "" : ` class="${className}"`}>${escaped(content)}</td>`;
}

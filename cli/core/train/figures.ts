import { money } from "../../../plan/report/money";
import { durationText } from "../operate/duration";
import type { Epoch } from "./epochs";
import type { JobRecord, TrainingRecord, TuningRecord } from "./job-record";
import { bestTrial, epochsWanted, lastMetrics, type Progress } from "./progress";

/** Five significant digits, in plain notation where that is short: 0.5512, 0.00058319, 1.2e-7. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** `0.04 USD`, and as much as one needs to see of amounts below a cent. */
export function usd(amount: number | undefined): string {
  if (amount === undefined) return "no price is known";
  return amount > 0 && amount < 0.01 ? "less than 0.01 USD" : `${money(amount)} USD`;
}

/** The same, with what kind of price it is. */
export function onDemandUsd(amount: number | undefined): string {
  return amount === undefined ? usd(undefined) : `${usd(amount)} on demand`;
}

/** `InProgress: Training`; the second word only where it adds something. */
export function stateText(record: JobRecord): string {
  if (record.kind === "tuning" || record.secondary === undefined || record.secondary === record.status)
    return record.status;
  return `${record.status}: ${record.secondary}`;
}

export function epochText(record: TrainingRecord, epochs: readonly Epoch[]): string | undefined {
  const wanted = epochsWanted(record);
  const done = epochs.at(-1)?.epoch;
  if (done === undefined) return undefined;
  return wanted === undefined ? `${done}` : `${done} of at most ${wanted}`;
}

/** `validation:loss 0.5512, train:loss 0.4321`: what decides first. */
export function metricsText(record: TrainingRecord, epochs: readonly Epoch[]): string | undefined {
  const entries = Object.entries(lastMetrics(record, epochs));
  if (entries.length === 0) return undefined;
  return [...entries.filter(isValidation), ...entries.filter((entry) => !isValidation(entry))]
    .map(([name, value]) => `${name} ${figure(value)}`)
    .join(", ");
}

function isValidation([name]: readonly [string, number]): boolean {
  return name.startsWith("validation:");
}

export function trialsText({ trials, maxTrials }: TuningRecord): string {
  const counts = new Map<string, number>();
  for (const { status } of trials) counts.set(status, (counts.get(status) ?? 0) + 1);
  const told = [...counts].map(([status, count]) => `${count} ${status}`);
  return `${trials.length} of at most ${maxTrials}${told.length === 0 ? "" : `: ${told.join(", ")}`}`;
}

export function bestText({ trials, objective }: TuningRecord): string | undefined {
  const best = bestTrial(trials, objective.direction);
  if (best?.objective === undefined) return undefined;
  return `${best.jobName}: ${objective.metric} ${figure(best.objective)} with ${valuesText(best.hyperParameters)}`;
}

/** `batch_size 64, learning_rate 0.0058320`. */
export function valuesText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, value]) =>
        `${name} ${value.trim() !== "" && Number.isFinite(Number(value)) ? figure(Number(value)) : value}`,
    )
    .join(", ");
}

export function timeText({ elapsedSeconds, billableSeconds }: Progress, record: JobRecord): string {
  const each = record.instanceCount > 1 ? ` on each of ${record.instanceCount} instances` : "";
  return `${durationText(elapsedSeconds)}; billable ${durationText(billableSeconds)}${each}`;
}

export function costText({ costUsd, isUpperBound, worstCostUsd }: Progress, isOver: boolean): string {
  if (costUsd === undefined) return usd(undefined);
  const most = isUpperBound ? "at most " : "";
  return isOver || worstCostUsd === undefined
    ? `${most}${usd(costUsd)}`
    : `${most}${usd(costUsd)} so far, ${usd(worstCostUsd)} at its longest`;
}

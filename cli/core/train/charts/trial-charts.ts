import { durationText } from "../../operate/duration";
import { figure, valuesText } from "../figures";
import type { ReportTrial, TrainingReport } from "../report-model";
import {
  chartHeight,
  chartWidth,
  emptyNote,
  type Frame,
  frameOf,
  horizontalAxis,
  verticalAxis,
} from "./frame";
import { linearScale, wholeTicks, zeroScale } from "./scale";
import { type Chart, dot, escaped, pixel, polyline } from "./svg";

/** The objective of every trial in the order in which they were begun, and the best value up to each. */
export function bestSoFar({ trials, objective, best }: TrainingReport): Chart {
  const { metric, direction } = objective;
  const measured = trials.flatMap((trial) =>
    trial.objective === undefined ? [] : [{ ...trial, objective: trial.objective, isBest: trial === best }],
  );
  const frame = frameOf();
  const scale = linearScale(measured.map((trial) => trial.objective));
  const x = across(frame, trials.length);
  const steps: (readonly [number, number])[] = [];
  let value: number | undefined;
  for (const trial of measured) {
    // A trial that did not complete is no result, however good its value.
    if (trial.status !== "Completed") continue;
    const isBetter =
      value === undefined || (direction === "Minimize" ? trial.objective < value : trial.objective > value);
    if (value !== undefined) steps.push([x(trial.number), frame.y(scale.place(value))]);
    if (isBetter) value = trial.objective;
    if (value !== undefined) steps.push([x(trial.number), frame.y(scale.place(value))]);
  }
  return {
    name: "best-so-far",
    title: `Best ${metric} so far`,
    description: `A dot per trial, and the ${direction === "Minimize" ? "lowest" : "highest"} value up to it as a line.`,
    width: chartWidth,
    height: chartHeight,
    body:
      measured.length === 0
        ? emptyNote("No trial has a value yet.")
        : [
            verticalAxis(frame, scale, metric),
            trialAxis(frame, trials.length),
            steps.length > 1 ? polyline(steps, "best", "the best so far") : "",
            ...measured.map((trial) =>
              dot(
                x(trial.number),
                frame.y(scale.place(trial.objective)),
                trial.isBest ? 6 : 4,
                trial.isBest ? "dot-best" : "dot",
                `trial ${trial.number} (${trial.status}): ${figure(trial.objective)} with ${valuesText(trial.hyperParameters)}`,
              ),
            ),
          ].join(""),
  };
}

/** What each trial cost; its billable time where no price is known. */
export function costPerTrial({ trials, best }: TrainingReport): Chart {
  const isPriced = trials.every(({ costUsd }) => costUsd !== undefined);
  const amountOf = ({ costUsd, billableSeconds }: ReportTrial) =>
    isPriced ? (costUsd ?? 0) : billableSeconds / 60;
  const frame = frameOf();
  const scale = zeroScale(trials.map(amountOf));
  const x = across(frame, trials.length);
  const slot = (frame.right - frame.left) / Math.max(1, trials.length);
  const width = Math.min(48, Math.max(1, slot * 0.7));
  return {
    name: "cost-per-trial",
    title: isPriced ? "Cost per trial" : "Billable time per trial: no price is known",
    description:
      "A bar per trial in the order in which they were begun; those that did not complete are outlined.",
    width: chartWidth,
    height: chartHeight,
    body:
      trials.length === 0
        ? emptyNote("There is no trial yet.")
        : [
            verticalAxis(frame, scale, isPriced ? "USD on demand" : "minutes"),
            trialAxis(frame, trials.length),
            ...trials.map((trial) => {
              const top = frame.y(scale.place(amountOf(trial)));
              const told = `trial ${trial.number} (${trial.status}): ${trial.costUsd === undefined ? "" : `${trial.costUsd.toFixed(4)} USD, `}billable ${durationText(trial.billableSeconds)}`;
              const style = trial === best ? "bar-best" : trial.status === "Completed" ? "bar" : "bar-bad";
              return `<rect class="${style}" x="${pixel(x(trial.number) - width / 2)}" y="${pixel(top)}" width="${pixel(width)}" height="${pixel(frame.bottom - top)}"><title>${escaped(told)}</title></rect>`;
            }),
          ].join(""),
  };
}

/** Places of trials, each in the middle of its own part. */
function across(frame: Frame, count: number): (number: number) => number {
  return (number) => frame.x((number - 0.5) / Math.max(1, count));
}

function trialAxis(frame: Frame, count: number): string {
  return horizontalAxis(
    frame,
    wholeTicks(count, 12).map((number) => [(number - 0.5) / count, String(number)]),
    "trial, in the order in which they were begun",
  );
}

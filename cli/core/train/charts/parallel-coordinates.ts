import { figure, valuesText } from "../figures";
import { hyperParameterNames, type ReportTrial, type TrainingReport } from "../report-model";
import { chartHeight, chartWidth, emptyNote, frameOf } from "./frame";
import { linearScale, logScale } from "./scale";
import { type Chart, crowd, polyline, rule, text } from "./svg";

interface Axis {
  readonly name: string;
  /** Absent of a trial without a value. */
  readonly place: (trial: ReportTrial) => number | undefined;
  readonly ticks: readonly (readonly [place: number, label: string])[];
}

/** More values than this are a range, fewer a choice. */
const mostChoices = 8;
/** A range above this ratio is read by its orders of magnitude. */
const logRatio = 20;

/** A line per trial through its hyperparameters to the value that they gave. */
export function parallelCoordinates({ trials, objective, best }: TrainingReport): Chart {
  const measured = trials.filter((trial) => trial.objective !== undefined);
  const axes = [
    ...hyperParameterNames(measured).map((name) => parameterAxis(name, measured)),
    objectiveAxis(objective.metric, measured),
  ];
  const frame = frameOf(72);
  const x = (index: number) => frame.x(axes.length === 1 ? 0.5 : index / (axes.length - 1));
  const lines = measured
    .map((trial) => {
      const isBest = trial === best;
      const points = axes.flatMap((axis, index) => {
        const place = axis.place(trial);
        return place === undefined ? [] : [[x(index), frame.y(place)] as const];
      });
      const told = `trial ${trial.number} (${trial.status}): ${objective.metric} ${figure(trial.objective ?? 0)} with ${valuesText(trial.hyperParameters)}`;
      return { isBest, drawn: polyline(points, isBest ? "best" : "line faint", told) };
    })
    .sort((a, b) => Number(a.isBest) - Number(b.isBest));
  return {
    name: "parallel-coordinates",
    title: `Hyperparameters and ${objective.metric}`,
    description: `A line per trial through its values${best === undefined ? "" : `; that of trial ${best.number}, the best, stands out`}.`,
    width: chartWidth,
    height: chartHeight,
    body:
      measured.length === 0
        ? emptyNote("No trial has a value yet.")
        : [
            crowd(lines.map(({ drawn }) => drawn)),
            ...axes.map(({ name, ticks }, index) =>
              [
                rule(x(index), frame.top, x(index), frame.bottom, "axis"),
                text(x(index), frame.bottom + 24, name, "", "middle"),
                ...ticks.map(([place, label]) =>
                  index === axes.length - 1
                    ? text(x(index) + 6, frame.y(place) + 4, label, "soft")
                    : text(x(index) - 6, frame.y(place) + 4, label, "soft", "end"),
                ),
              ].join(""),
            ),
          ].join(""),
  };
}

function objectiveAxis(metric: string, trials: readonly ReportTrial[]): Axis {
  const scale = linearScale(trials.map(({ objective = 0 }) => objective));
  return {
    name: metric,
    place: ({ objective }) => (objective === undefined ? undefined : scale.place(objective)),
    ticks: scale.ticks.map((tick) => [scale.place(tick), figure(tick)]),
  };
}

function parameterAxis(name: string, trials: readonly ReportTrial[]): Axis {
  const texts = trials.flatMap(({ hyperParameters }) => hyperParameters[name] ?? []);
  const numbers = texts.map(Number);
  const isNumeric = texts.every((value) => value.trim() !== "") && numbers.every(Number.isFinite);
  const choices = [...new Set(texts)];
  if (!isNumeric || (choices.length <= mostChoices && numbers.every(Number.isInteger)))
    return choiceAxis(name, isNumeric ? choices.sort((a, b) => Number(a) - Number(b)) : choices.sort());
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = name === "learning_rate" ? low > 0 : low > 0 && high / low > logRatio;
  const scale = isLog ? logScale(numbers) : linearScale(numbers);
  return {
    name: isLog ? `${name} (log)` : name,
    place: ({ hyperParameters }) => {
      const value = hyperParameters[name];
      return value === undefined ? undefined : scale.place(Number(value));
    },
    ticks: scale.ticks.map((tick) => [scale.place(tick), figure(tick)]),
  };
}

function choiceAxis(name: string, choices: readonly string[]): Axis {
  const placeOf = (index: number) =>
    choices.length === 1 ? 0.5 : 0.06 + (index / (choices.length - 1)) * 0.88;
  return {
    name,
    place: ({ hyperParameters }) => {
      const index = choices.indexOf(hyperParameters[name] ?? "");
      return index < 0 ? undefined : placeOf(index);
    },
    ticks: choices.map((choice, index) => [placeOf(index), choice]),
  };
}

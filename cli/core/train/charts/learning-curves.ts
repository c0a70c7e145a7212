import { bestEpoch } from "../epochs";
import { figure } from "../figures";
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
import { linearScale, wholeTicks } from "./scale";
import { type Chart, crowd, dot, polyline, rule, text } from "./svg";

interface Curve {
  readonly told: string;
  readonly label: string | undefined;
  readonly isBest: boolean;
  readonly className: string;
  /** Epoch and value. */
  readonly points: readonly (readonly [number, number])[];
}

/** Of a search the objective of every trial by epoch; of one job the losses of both splits. */
export function learningCurves(report: TrainingReport): Chart {
  const { objective, best, trials } = report;
  const single = report.kind === "training" ? trials[0] : undefined;
  const curves = single === undefined ? curvesOfTrials(report) : curvesOfJob(single);
  const title =
    single === undefined
      ? `Learning curves: ${objective.metric} of every trial`
      : "Learning curves: loss by epoch";
  const marked = single === undefined ? undefined : bestEpoch(single.epochs);
  return {
    name: "learning-curves",
    title,
    description:
      single === undefined
        ? `One line per trial${best === undefined ? "" : `; that of trial ${best.number}, the best, stands out`}.`
        : `Loss of the training and of the validation images after each epoch${marked === undefined ? "" : `; epoch ${marked.epoch} has the lowest validation loss`}.`,
    width: chartWidth,
    height: chartHeight,
    body: curves.length === 0 ? emptyNote("No epoch was told yet.") : drawn(curves, title, marked?.epoch),
  };
}

function curvesOfTrials({ trials, objective, best }: TrainingReport): readonly Curve[] {
  return trials
    .map((trial): Curve => {
      const isBest = trial === best;
      return {
        told: `trial ${trial.number} (${trial.status})${trial.objective === undefined ? "" : `: ${figure(trial.objective)}`}`,
        label: isBest ? `trial ${trial.number}` : undefined,
        isBest,
        className: isBest ? "best" : "line faint",
        points: pointsOf(trial, objective.metric),
      };
    })
    .filter(({ points }) => points.length > 0)
    .sort((a, b) => Number(a.isBest) - Number(b.isBest));
}

function curvesOfJob(job: ReportTrial): readonly Curve[] {
  return (
    [
      ["train:loss", "training", "line dashed"],
      ["validation:loss", "validation", "best"],
    ] as const
  ).flatMap(([metric, label, className]): Curve[] => {
    const points = pointsOf(job, metric);
    return points.length === 0
      ? []
      : [{ told: metric, label, isBest: className === "best", className, points }];
  });
}

function pointsOf({ epochs }: ReportTrial, metric: string): readonly (readonly [number, number])[] {
  return epochs.flatMap(({ epoch, metrics }) => {
    const value = metrics[metric];
    return value === undefined ? [] : [[epoch, value] as const];
  });
}

function drawn(curves: readonly Curve[], title: string, marked: number | undefined): string {
  const frame = frameOf(104);
  const scale = linearScale(curves.flatMap(({ points }) => points.map(([, value]) => value)));
  const last = Math.max(...curves.map(({ points }) => points.at(-1)?.[0] ?? 1));
  const along = (epoch: number) => (last === 1 ? 0.5 : (epoch - 1) / (last - 1));
  const axis = /: (\S+) of every trial$/.exec(title)?.[1] ?? "loss";
  return [
    verticalAxis(frame, scale, axis),
    horizontalAxis(
      frame,
      wholeTicks(last, 12).map((epoch) => [along(epoch), String(epoch)]),
      "epoch",
    ),
    ...(marked === undefined ? [] : [markOf(frame, along(marked), marked)]),
    crowd(
      curves.map(({ points, className, isBest, told }) => {
        const placed = points.map(
          ([epoch, value]) => [frame.x(along(epoch)), frame.y(scale.place(value))] as const,
        );
        const [first] = placed;
        return placed.length === 1 && first !== undefined
          ? dot(first[0], first[1], isBest ? 5 : 3, isBest ? "dot-best" : "dot", told)
          : polyline(placed, className, told);
      }),
    ),
    ...labels(curves, frame, (value) => frame.y(scale.place(value)), along),
  ].join("");
}

function markOf(frame: Frame, place: number, epoch: number): string {
  const x = frame.x(place);
  return `${rule(x, frame.top, x, frame.bottom, "axis dashed")}${text(x, frame.top - 8, `best: epoch ${epoch}`, "soft", "middle")}`;
}

/** At the ends of the lines; those that would lie on each other are moved apart. */
function labels(
  curves: readonly Curve[],
  frame: Frame,
  y: (value: number) => number,
  along: (epoch: number) => number,
): string[] {
  const named = curves
    .flatMap(({ label, points, isBest }) => {
      const end = points.at(-1);
      return label === undefined || end === undefined
        ? []
        : [{ label, isBest, x: frame.x(along(end[0])) + 8, y: y(end[1]) + 4 }];
    })
    .sort((a, b) => a.y - b.y);
  let above = Number.NEGATIVE_INFINITY;
  return named.map((one) => {
    const at = Math.max(one.y, above + 14);
    above = at;
    return text(one.x, at, one.label, one.isBest ? "label-best" : "label-line");
  });
}

import type { TrainingReport } from "../report-model";
import { learningCurves } from "./learning-curves";
import { parallelCoordinates } from "./parallel-coordinates";
import type { Chart } from "./svg";
import { bestSoFar, costPerTrial } from "./trial-charts";

/** Every chart of the report, the most telling first. One job has no other to be compared with. */
export function chartsOf(report: TrainingReport): readonly Chart[] {
  return report.kind === "training"
    ? [learningCurves(report)]
    : [bestSoFar(report), parallelCoordinates(report), learningCurves(report), costPerTrial(report)];
}

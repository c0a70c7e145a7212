import type { TrainingReport } from "../report-model";
import { learningCurves } from "./learning-curves";
import { parallelCoordinates } from "./parallel-coordinates";
import type { Chart } from "./svg";
import { bestSoFar, costPerTrial } from "./trial-charts";

/** Of reports of either kind. */
export const chartNames = [
  "best-so-far",
  "parallel-coordinates",
  "learning-curves",
  "cost-per-trial",
] as const;

/** Every chart of the report, the most telling first. One job has no other to be compared with. */
export function chartsOf(report: TrainingReport): readonly Chart[] {
  return report.kind === "training"
    ? [learningCurves(report)]
    : [bestSoFar(report), parallelCoordinates(report), learningCurves(report), costPerTrial(report)];
}

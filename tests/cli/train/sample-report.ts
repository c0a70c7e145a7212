import type { ReportTrial, TrainingReport } from "../../../cli/core/train/report-model";
import { minutesAgo } from "./train-jobs";

/** A trial with curves that fall towards its objective. */
export function sampleTrial(
  number: number,
  objective: number | undefined,
  more: Partial<ReportTrial> = {},
): ReportTrial {
  const rate = 0.0001 * 1.9 ** number;
  const epochs = objective === undefined ? 0 : 4 + (number % 5);
  return {
    number,
    jobName: `sagemaker-ops-dev-searc-1a2b3c4d-${String(number).padStart(3, "0")}-abcdef12`,
    status: objective === undefined ? "Failed" : "Completed",
    failureReason: objective === undefined ? "AlgorithmError: exit code 1" : undefined,
    createdAt: minutesAgo(200 - 10 * number),
    hyperParameters: {
      batch_size: String(32 * 2 ** (number % 3)),
      learning_rate: String(Number(rate.toPrecision(6))),
    },
    objective,
    epochs: Array.from({ length: epochs }, (_, index) => ({
      epoch: index + 1,
      at: minutesAgo(200 - 10 * number - index),
      metrics: {
        "train:loss": (objective ?? 0) * 0.8 + 3.2 / (index + 1.2) ** 1.8,
        "validation:loss": (objective ?? 0) + 3 / (index + 1.2) ** 2 + 0.02 * Math.max(0, index - 3),
      },
    })),
    billableSeconds: 200 + 40 * ((number * 7) % 5),
    costUsd: ((200 + 40 * ((number * 7) % 5)) / 3600) * 0.2358,
    ...more,
  };
}

/** A search of ten trials, one of which failed. */
export function sampleReport(): TrainingReport {
  const values = [0.92, 0.71, undefined, 0.66, 0.58, 0.552, 0.61, 0.553, 0.7, 1.34];
  const trials = values.map((value, index) => sampleTrial(index + 1, value));
  return {
    kind: "tuning",
    key: "search",
    jobName: "sagemaker-ops-dev-searc-1a2b3c4d",
    status: "Completed",
    region: "us-east-1",
    objective: { metric: "validation:loss", direction: "Minimize" },
    trials,
    best: trials[5],
    notes: [],
  };
}

/** One job, as its own report. */
export function sampleJobReport(): TrainingReport {
  const only = sampleTrial(1, 0.55, {
    jobName: "sagemaker-ops-dev-single-1a2b3c4d",
    epochs: sampleTrial(4, 0.55).epochs,
  });
  return {
    ...sampleReport(),
    kind: "training",
    key: "single",
    jobName: only.jobName,
    trials: [only],
    best: only,
  };
}

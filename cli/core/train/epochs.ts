import { metricDefinitions } from "../../../infra/rules/metrics";
import type { LogEvent } from "../operate/log-text";

/** One finished epoch, as the training program told it. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** When the line was written, milliseconds since 1970. */
  readonly at: number;
  /** By the metric's name, `validation:loss`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Finds the lines of epochs in a job's log. A regular expression of CloudWatch's filters, which find a quoted text as a
 * whole word only. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
export const epochPattern = "%epoch=[0-9]+%";

const patterns = metricDefinitions.map(({ name, regex }) => ({ name, regex: new RegExp(regex) }));
// `best_epoch=` repeats the values of an epoch that was told already.
const epochLine = /(?:^|[\s,;])epoch=(\d{1,6})(?:[\s,;]|$)/;

/** Epochs in their order. One that was trained again, after an interruption, counts as it was last. */
export function epochsOf(events: Iterable<Pick<LogEvent, "at" | "message">>): readonly Epoch[] {
  const found = new Map<number, Epoch>();
  for (const { at, message } of events) {
    const epoch = Number(epochLine.exec(message)?.[1]);
    if (Number.isNaN(epoch) || epoch < 1) continue;
    const metrics = patterns.flatMap(({ name, regex }) => {
      const value = Number(regex.exec(message)?.[1]);
      return Number.isFinite(value) ? [[name, value] as const] : [];
    });
    const before = found.get(epoch);
    if (before === undefined || at >= before.at)
      found.set(epoch, { epoch, at, metrics: Object.fromEntries(metrics) });
  }
  return [...found.values()].sort((a, b) => a.epoch - b.epoch);
}

/** The first epoch with the lowest validation loss: whose weights the program exports. */
export function bestEpoch(epochs: readonly Epoch[]): Epoch | undefined {
  let best: Epoch | undefined;
  for (const one of epochs) {
    const loss = one.metrics["validation:loss"];
    if (loss !== undefined && loss < (best?.metrics["validation:loss"] ?? Number.POSITIVE_INFINITY))
      best = one;
  }
  return best;
}

import type { Label } from "../../../lambda/invoke/labels";
import { count, type Layout, truncateMiddle, wrap } from "../../../plan/report/layout";
import type { FailureGroup, InputOutcome, Outcome } from "./outcome";
import type { Load } from "./send-all";
import type { Target } from "./targets";

export interface Reported {
  readonly target: Pick<Target, "kind" | "title">;
  readonly load: Pick<Load, "repeat" | "concurrency">;
  readonly outcome: Outcome;
}

const shownInputs = 200;

/** Enough to tell two models apart; --json has the whole digest. */
const digestColumns = 12;

/** What a person reads: predictions, latency, failures. */
export function invokeText({ target, load, outcome }: Reported, layout: Layout): string {
  const { paint } = layout;
  const { inputs, requests, models } = outcome;
  const [only] = inputs;
  const predictions =
    inputs.length === 1 && only !== undefined
      ? ranking(only, layout)
      : [...table(inputs.slice(0, shownInputs), layout), ...more(inputs.length - shownInputs)];
  const lines = [
    ...wrap(printable(`${count(requests, "request")} to ${target.title}`), layout.width).map(paint.bold),
    ...models.map((model) => paint.dim(`model ${model.slice(0, digestColumns)}…`)),
    ...(predictions.length === 0 ? [] : ["", ...predictions]),
    ...latencyLines({ load, outcome }, layout),
    ...failureLines(outcome, layout),
    ...notSentLines(outcome, layout),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a program reads. Times are in milliseconds. */
export function invokeJson({ target, load, outcome }: Reported): string {
  const { status: _, latency, inputs, ...rest } = outcome;
  const content = {
    target,
    ...load,
    ...rest,
    latencyMilliseconds: latency ?? null,
    inputs: inputs.map(({ name, answered, failed, labels, milliseconds }) => ({
      name,
      answered,
      failed,
      medianMilliseconds: milliseconds ?? null,
      predictions: labels,
    })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function notSentLines({ notSent, interrupted }: Outcome, { width }: Layout): string[] {
  if (notSent === 0) return [];
  const [were, they] = notSent === 1 ? ["was", "it"] : ["were", "they"];
  const further = count(notSent, "further request");
  const text =
    interrupted === undefined
      ? `${further} ${were} not sent, as ${they} would have failed alike.`
      : `Interrupted: ${further} ${were} not sent, or had no answer yet.`;
  return ["", ...wrap(text, width)];
}

const barColumns = 20;

/** The labels of one image, with a bar each. */
function ranking({ name, labels }: InputOutcome, { width, paint }: Layout): string[] {
  if (labels.length === 0) return [];
  const rank = String(labels.length).length;
  const room = width - rank - percentColumns - barColumns - 6;
  const longest = Math.min(room, Math.max(...labels.map(({ label }) => label.length)));
  return [
    paint.bold(truncateMiddle(printable(name), width)),
    ...labels.map(({ label, probability }, index) => {
      const shown = truncateMiddle(printable(label), longest).padEnd(longest);
      const bar = "█".repeat(Math.round(probability * barColumns));
      const line = `  ${String(index + 1).padStart(rank)}  ${shown}  ${percent(probability)}`;
      return bar === "" ? line : `${line}  ${paint.green(bar)}`;
    }),
  ];
}

const percentColumns = 7;

/** One line per image and label. */
function table(inputs: readonly InputOutcome[], { width, paint }: Layout): string[] {
  if (inputs.length === 0) return [];
  const rows = inputs.flatMap(({ name, labels, milliseconds }) =>
    (labels.length === 0 ? [undefined] : labels).map((label, index) => ({
      image: index === 0 ? printable(name) : "",
      label,
      time: index === 0 && milliseconds !== undefined ? duration(milliseconds) : "",
    })),
  );
  const time = Math.max("time".length, ...rows.map((row) => row.time.length));
  const room = width - percentColumns - time - 6;
  const longest = (texts: readonly string[]) => Math.max(5, ...texts.map((text) => text.length));
  const label = Math.min(
    longest(rows.map((row) => labelText(row.label))),
    Math.max(Math.floor(room / 2), room - longest(rows.map((row) => row.image))),
  );
  const image = Math.min(longest(rows.map((row) => row.image)), room - label);
  const header = `${"image".padEnd(image)}  ${"label".padEnd(label)}  ${"prob.".padStart(percentColumns)}  ${"time".padStart(time)}`;
  return [
    paint.dim(header),
    ...rows.map((row) => {
      const shown = truncateMiddle(row.image, image).padEnd(image);
      if (row.label === undefined) return `${shown}  ${paint.red(labelText(undefined))}`;
      const told = truncateMiddle(labelText(row.label), label).padEnd(label);
      return [shown, told, percent(row.label.probability), row.time.padStart(time)].join("  ").trimEnd();
    }),
  ];
}

function labelText(label: Label | undefined): string {
  return label === undefined ? "failed" : printable(label.label);
}

/** Names of files and classes and what a service says come from elsewhere, and could steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

function more(hidden: number): string[] {
  return hidden > 0 ? [`… and ${hidden} more; --json has them all.`] : [];
}

function latencyLines({ load, outcome }: Omit<Reported, "target">, { width, paint }: Layout): string[] {
  const { latency, answered, requests, perSecond } = outcome;
  if (latency === undefined) return [];
  const percentiles = (["p50", "p90", "p99", "max"] as const).map(
    (key) => `${key} ${duration(latency[key])}`,
  );
  if (requests === 1) return ["", `answered in ${duration(latency.max)}`];
  const sent = `${count(answered, "answer")}, ${load.concurrency} at once, ${rate(perSecond)} per second`;
  return [
    "",
    paint.bold("latency"),
    ...[percentiles.join("   "), ...wrap(sent, width - 2)].map((line) => `  ${line}`),
  ];
}

function failureLines({ failures, failed, requests }: Outcome, layout: Layout): string[] {
  if (failed === 0) return [];
  return [
    "",
    layout.paint.red(layout.paint.bold(`${failed} of ${count(requests, "request")} failed`)),
    ...failures.flatMap((group) => failureGroup(group, layout)),
  ];
}

function failureGroup(
  { code, cause, next, requests, inputs }: FailureGroup,
  { width, paint }: Layout,
): string[] {
  return [
    ...wrap(printable(`${requests} x ${code}: ${cause}`), width - 2, "    "),
    ...wrap(printable(next), width - 6, "").map((line) => `    ${paint.cyan(line)}`),
    ...wrap(printable(inputs.join(", ")), width - 6, "").map((line) => `    ${paint.dim(line)}`),
  ].map((line) => (line.startsWith("    ") ? line : `  ${line}`));
}

/** Seven columns: "100.0 %", "  0.4 %". */
function percent(probability: number): string {
  return `${(probability * 100).toFixed(1)} %`.padStart(percentColumns);
}

/** Three digits are enough to compare by. */
function duration(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

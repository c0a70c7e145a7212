import { count, type Layout } from "../../../plan/report/layout";
import { invokeText } from "../invoke/report";
import { percentage } from "./commands";
import type { PipelineResult } from "./pipeline";

/** Whether the run shows that the whole way works: most images are taken for what they are. Chance is one in `classes`. */
export function isConvincing({ outcome, correct }: Pick<PipelineResult, "outcome" | "correct">): boolean {
  return outcome.failed === 0 && outcome.answered > 0 && correct * 2 > outcome.requests;
}

/** What a person reads: predictions, accuracy, times, and the verdict last. */
export function localText(result: PipelineResult, kept: string | undefined, layout: Layout): string {
  const { timings, testAccuracy, outcome, target, correct, dataDigest, archiveDigest } = result;
  const { paint, width } = layout;
  const total = timings.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = Math.max(...timings.map(({ step }) => step.length));
  const accuracy = (of: number | undefined) => (of === undefined ? "not told" : percentage(of));
  const verdict = `${correct} of ${count(outcome.requests, "image")} correctly predicted`;
  const lines = [
    invokeText({ target, load: { repeat: 1, concurrency: 1 }, outcome }, layout).trimEnd(),
    "",
    paint.bold("test accuracy"),
    `  one process    ${accuracy(testAccuracy.single)}`,
    `  two processes  ${accuracy(testAccuracy.pair)}`,
    "",
    paint.bold("digests"),
    `  data          ${digestIn(dataDigest, width)}`,
    `  model.tar.gz  ${digestIn(archiveDigest, width)}`,
    "",
    paint.bold("time"),
    ...timings.map(({ step, seconds }) => `  ${step.padEnd(longest)}  ${seconds.toFixed(1).padStart(6)} s`),
    `  ${"all".padEnd(longest)}  ${total.toFixed(1).padStart(6)} s`,
    ...(kept === undefined ? [] : ["", `Kept in ${kept}`]),
    "",
    isConvincing(result) ? paint.green(paint.bold(`${verdict}.`)) : paint.red(paint.bold(`Only ${verdict}.`)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Columns before a digest. */
const digestMargin = 16;

/** Whole where it fits on the line, as nobody can copy a broken one; --json has it in any case. */
function digestIn(digest: string, width: number): string {
  return digestMargin + digest.length <= width ? digest : `${digest.slice(0, 12)}…`;
}

/** What a program reads. */
export function localJson(result: PipelineResult, kept: string | undefined): string {
  const { timings, testAccuracy, outcome, correct, dataDigest, archiveDigest } = result;
  const content = {
    ok: isConvincing(result),
    correct,
    sent: outcome.requests,
    predictions: outcome.inputs.map(({ name, labels, milliseconds }) => ({
      image: name,
      label: labels[0]?.label ?? null,
      probability: labels[0]?.probability ?? null,
      milliseconds: milliseconds ?? null,
    })),
    testAccuracy: { oneProcess: testAccuracy.single ?? null, twoProcesses: testAccuracy.pair ?? null },
    dataManifestDigest: dataDigest,
    modelArchiveDigest: archiveDigest,
    modelDigests: outcome.models,
    seconds: Object.fromEntries(timings.map(({ step, seconds }) => [step, seconds])),
    kept: kept ?? null,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

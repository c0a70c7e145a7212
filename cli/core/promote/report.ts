import { basename } from "node:path";
import { type Layout, wrap } from "../../../plan/report/layout";
import type { Promoted } from "./promote-model";
import type { RolledBack } from "./roll-back";
import { differenceOf, type FileChange } from "./stack-file";

interface Told {
  readonly stack: string;
  readonly dryRun: boolean;
}

export function promotedText(
  { model, source, artifact, validationAccuracy, stored, change }: Promoted,
  { stack, dryRun }: Told,
  layout: Layout,
): string {
  const { paint } = layout;
  const facts = [
    `${(artifact.sizeBytes / 1e6).toFixed(1)} MB`,
    `${artifact.classes} classes`,
    validationAccuracy === undefined
      ? "validation accuracy unknown"
      : `validation accuracy ${validationAccuracy.toFixed(4)}`,
  ];
  const place =
    stored === undefined ? [] : [stored ? "stored in the models bucket" : "in the models bucket already"];
  return lines(
    [
      paint.bold(`${model} from ${source}`),
      `sha256 ${artifact.digest}`,
      [...facts, ...place].join(", "),
      ...difference(change, layout),
      "",
      ...nextSteps(change, stack, dryRun),
    ],
    layout,
  );
}

export function rolledBackText(
  { model, from, to, provenance, change }: RolledBack,
  { stack, dryRun }: Told,
  layout: Layout,
): string {
  const { paint } = layout;
  return lines(
    [
      paint.bold(`${model} goes back`),
      `from ${from ?? "nothing"}`,
      `to   ${to}`,
      ...(provenance === undefined
        ? []
        : [`${provenance.source}, promoted ${provenance.promotedAt} by ${provenance.promotedBy}`]),
      ...difference(change, layout),
      "",
      ...nextSteps(change, stack, dryRun),
    ],
    layout,
  );
}

/** What a program reads of either. */
export function promotionJson({ change, ...rest }: Promoted | RolledBack, { stack, dryRun }: Told): string {
  return `${JSON.stringify({ stack, dryRun, ...rest, changed: change !== undefined && !dryRun }, undefined, 2)}\n`;
}

function difference(change: FileChange | undefined, { paint }: Layout): string[] {
  if (change === undefined) return [];
  return [
    "",
    basename(change.file),
    ...differenceOf(change).map((line) => (line.startsWith("-") ? paint.red(line) : paint.green(line))),
  ];
}

function nextSteps(change: FileChange | undefined, stack: string, dryRun: boolean): string[] {
  if (dryRun) return ["Nothing was changed: --dry-run."];
  return [
    ...(change === undefined ? ["The stack's file has this digest already."] : []),
    `Next: have the change reviewed, then \`npx sagemaker-ops up --stack ${stack}\` and \`npx sagemaker-ops verify --stack ${stack} --wait\`.`,
  ];
}

/** Digests and lines of the file are left whole, so that they can be copied. */
function lines(all: readonly string[], { width }: Layout): string {
  return `${all.flatMap((line) => (line.startsWith("Next:") ? wrap(line, width) : [line])).join("\n")}\n`;
}

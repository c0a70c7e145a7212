import { basename } from "node:path";
import { type Layout, wrap } from "../../../plan/report/layout";
import { versionText } from "./approval";
import type { Judged } from "./judge-version";
import type { Promoted } from "./promote-model";
import type { RolledBack } from "./roll-back";
import { differenceOf, type FileChange } from "./stack-file";

interface Told {
  readonly stack: string;
  readonly dryRun: boolean;
}

export function promotedText(
  { model, source, artifact, validationAccuracy, stored, registration, refusal, change }: Promoted,
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
      ...wrap([...facts, ...place].join(", "), layout.width),
      ...(registration === undefined ? [] : [registration.text]),
      ...difference(change, layout),
      "",
      ...(refusal === undefined ? [] : [`Not promoted. ${refusal}`]),
      ...(refusal === undefined || dryRun ? nextSteps(change, stack, dryRun) : []),
    ],
    layout,
  );
}

export function rolledBackText(
  { model, from, to, provenance, history, change }: RolledBack,
  { stack, dryRun }: Told,
  layout: Layout,
): string {
  const { paint } = layout;
  return lines(
    [
      ...(change === undefined
        ? [paint.bold(`${model} needs no change`), `at   ${to}`]
        : [paint.bold(`${model} goes back`), `from ${from ?? "nothing"}`, `to   ${to}`]),
      ...(provenance === undefined
        ? []
        : wrap(
            `${provenance.source}, promoted ${provenance.promotedAt} by ${provenance.promotedBy}`,
            layout.width,
          )),
      ...difference(change, layout),
      "",
      ...nextSteps(change, stack, dryRun),
      ...(change === undefined && history.length > 1
        ? [
            "To another one, by its digest. Promoted, newest first:",
            ...history.filter((digest) => digest !== to).map((digest) => `  ${digest}`),
          ]
        : []),
    ],
    layout,
  );
}

export function judgedText(
  { model, version, by, verdict, changed }: Judged,
  stack: string,
  layout: Layout,
): string {
  const { validationAccuracy: accuracy, source = "an unknown source", registeredBy, digest } = version;
  const [who = "somebody"] = registeredBy;
  const done = verdict === "Approved" ? "approved" : "rejected";
  return lines(
    [
      layout.paint.bold(`${model}, ${versionText(version)}`),
      `sha256 ${digest}`,
      ...wrap(
        `${source}, ${accuracy === undefined ? "validation accuracy unknown" : `validation accuracy ${accuracy.toFixed(4)}`}, registered by ${who}`,
        layout.width,
      ),
      ...wrap(
        changed
          ? `${done} by ${by}`
          : `${done} already${version.approvalDescription === undefined ? "" : ` ${version.approvalDescription}`}`,
        layout.width,
      ),
      "",
      verdict === "Approved"
        ? `Next: run the \`promote\` of it again: \`npx sagemaker-ops promote ${model} --from SOURCE --stack ${stack}\`.`
        : "It will not be promoted, and nothing goes back to it. What is deployed stays as it is.",
    ],
    layout,
  );
}

export function judgedJson({ model, version, by, verdict, changed }: Judged, stack: string): string {
  const { arn, groupName, digest } = version;
  return `${JSON.stringify({ stack, model, digest, groupName, version: version.version, arn, verdict, by, changed }, undefined, 2)}\n`;
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
    "Next: have the change reviewed, then",
    `  npx sagemaker-ops up --stack ${stack}`,
    `  npx sagemaker-ops verify --stack ${stack} --wait`,
  ];
}

/** Digests and lines of the file are left whole, so that they can be copied. */
function lines(all: readonly string[], { width }: Layout): string {
  return `${all.flatMap((line) => (/^(?:Next:|Not promoted)/.test(line) ? wrap(line, width) : [line])).join("\n")}\n`;
}

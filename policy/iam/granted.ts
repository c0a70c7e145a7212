import { type Finding, undecided, violation } from "../findings";
import type { Subject } from "../rule";
import { attachedDocuments } from "./attached";
import { readDocument, type Statement } from "./document";
import { type Permissions, permissionsOf } from "./evaluate";

/**
 * A violation for each thing that is wrong with an identity policy. What is unknown is said to be undecided; what is malformed is left
 * to `iam-no-sagemaker-admin-document` and `iam-document-well-formed`, as AWS refuses it anyway.
 *
 * @param judge What is wrong, each as what follows the document's path: `allows …`. Permissions are made ready only when asked for.
 */
export function judgeGranted(
  subject: Subject,
  judge: (statements: readonly Statement[], permissions: () => Permissions) => readonly string[],
): readonly Finding[] {
  return attachedDocuments(subject).flatMap(({ path, value }) => {
    const document = readDocument(value);
    if (document.kind === "unknown") return [undecided(path)];
    if (document.kind !== "document") return [];

    const permissions = () => permissionsOf(document.statements, partitionOf(subject.region));
    const found = judge(document.statements, permissions).map((text) => violation(`${path} ${text}`));
    return [...found, ...undecidedParts(path, document.unknown)];
  });
}

export function undecidedParts(path: string, unknown: number): readonly Finding[] {
  return unknown === 0 ? [] : [undecided(`${path}: ${unknown} element(s)`)];
}

/** The partition of a region, the usual one where the region is not known. */
export function partitionOf(region: string | undefined): string {
  const prefix = PARTITIONS.find(([start]) => region?.startsWith(start));
  return prefix?.[1] ?? "aws";
}

const PARTITIONS = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-isob-", "aws-iso-b"],
  ["us-isof-", "aws-iso-f"],
  ["us-iso-", "aws-iso"],
  ["eu-isoe-", "aws-iso-e"],
  ["eusc-", "aws-eusc"],
] as const;

/** `statement A`, `statements A and B`, `statements A, B and 3 more`. */
export function namesOf(statements: readonly Statement[]): string {
  const labels = [...new Set(statements.map(({ label }) => label))];
  const [only] = labels;
  if (labels.length === 1 && only !== undefined) return only;
  const [, ...rest] = [only, ...labels.slice(1, 6).map((label) => label.replace(/^statement /, ""))];
  const more = labels.length > 6 ? [`${labels.length - 6} more`] : [];
  const all = [only?.replace(/^statement /, "") ?? "", ...rest, ...more];
  return `statements ${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { attachedDocuments, DOCUMENT_READS } from "./attached";
import { fullAccess } from "./canaries";
import { type PolicyDocument, readDocument } from "./document";
import { permissionsOf } from "./evaluate";
import { describeFullAccess } from "./full-access-message";
import { partitionOf, undecidedParts } from "./granted";
import { GRANT_INSTEAD } from "./no-sagemaker-full-access";

/**
 * One policy document by what it allows of the sensitive actions (canaries.ts), however it is written. What several documents of one
 * role allow together is judged by `iam-role-effective-permissions`.
 */
export const noSagemakerAdminDocument = resourceRule({
  id: "iam-no-sagemaker-admin-document",
  title: "No document that amounts to full SageMaker access",
  sentence:
    "No policy document allows so many sensitive actions on resources of any name that it amounts to full access to SageMaker.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  remediation: GRANT_INSTEAD,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html",
  reads: DOCUMENT_READS,
  check: (subject) =>
    attachedDocuments(subject).flatMap(({ path, value }) => judge(path, readDocument(value), subject.region)),
});

function judge(path: string, document: PolicyDocument, region: string | undefined): readonly Finding[] {
  if (document.kind === "absent") return [];
  if (document.kind === "unknown") return [undecided(path)];
  if (document.kind === "malformed") {
    return [
      violation(`${path} cannot be read as a policy: ${document.reason}. Give a policy document as JSON.`),
    ];
  }
  const full = fullAccess(permissionsOf(document.statements, partitionOf(region)));
  const text =
    full === undefined
      ? []
      : [
          `${path} amounts to full SageMaker access: ${describeFullAccess(full, document.statements)} ${GRANT_INSTEAD}`,
        ];
  const malformed = document.problems.map(
    (problem) => `${path} cannot be judged: ${problem}. Write the statement as IAM's grammar has it.`,
  );
  return [
    ...[...text, ...malformed].map((what) => violation(what)),
    ...undecidedParts(path, document.unknown),
  ];
}

import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { attachedDocuments, DOCUMENT_READS } from "./attached";
import { readDocument } from "./document";
import { grammarProblems, usesVariables } from "./grammar";
import { undecidedParts } from "./granted";

const REMEDY =
  "Write it as IAM's grammar has it, or have aws.iam.getPolicyDocument write it; AWS refuses the document otherwise.";

/** What AWS takes, in characters without white space; a role's inline policies have to share theirs. */
const MOST_CHARACTERS: Readonly<Record<string, number>> = {
  "aws:iam/rolePolicy:RolePolicy": 10_240,
  "aws:iam/role:Role": 10_240,
  "aws:iam/groupPolicy:GroupPolicy": 5_120,
  "aws:iam/userPolicy:UserPolicy": 2_048,
  "aws:iam/policy:Policy": 6_144,
};

/** Also keeps the other rules honest: what they read leniently is a fault here. */
export const documentWellFormed = resourceRule({
  id: "iam-document-well-formed",
  title: "Policy documents that AWS takes",
  sentence: "Every policy document follows IAM's grammar and quotas.",
  severity: "high",
  level: "mandatory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
  reads: DOCUMENT_READS,
  check: ({ type, properties }) =>
    attachedDocuments({ type, properties }).flatMap(({ path, value }) => judge(type, path, value)),
});

function judge(type: string, path: string, value: unknown): readonly Finding[] {
  const document = readDocument(value);
  if (document.kind === "absent") return [];
  if (document.kind === "unknown") return [undecided(path)];
  if (document.kind === "malformed") {
    return [violation(`${path} cannot be read as a policy: ${document.reason}. ${REMEDY}`)];
  }
  const { raw, unknown } = document;
  return [
    ...[...grammarProblems(raw), ...tooLong(type, value)].map((what) =>
      violation(`${path} ${what}. ${REMEDY}`),
    ),
    ...oldVersion(path, raw.Version, usesVariables(raw.Statement)),
    ...undecidedParts(path, unknown),
  ];
}

function oldVersion(path: string, version: unknown, variables: boolean): readonly Finding[] {
  if (version !== undefined && version !== "2008-10-17") return [];
  const text = `${path} is written in the version of 2008, which is meant where "Version" is left out: policy variables are plain text in it`;
  return variables
    ? [violation(`${text}, and the document has some. Give it "Version": "2012-10-17".`)]
    : [advisory(`${text}. Give it "Version": "2012-10-17".`)];
}

function tooLong(type: string, value: unknown): readonly string[] {
  const most = MOST_CHARACTERS[type];
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const { length } = text.replace(/\s/g, "");
  return most === undefined || length <= most
    ? []
    : [`has ${length} characters without white space; AWS takes ${most} there`];
}

import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { attachedDocuments, DOCUMENT_READS } from "./attached";
import { holds } from "./conditions";
import { readDocument, type Statement } from "./document";
import { type Canary, evaluate, permissionsOf } from "./evaluate";
import { namesOf, partitionOf, undecidedParts } from "./granted";
import { actionPatterns, arnPattern } from "./patterns";

const REMEDY =
  "Name the ARN of each role that may be passed, without * or ?, and the service it is passed to in a condition on iam:PassedToService.";

const PASS_ROLE = "iam:passrole";

/**
 * `iam:PassRole`, also where a wildcard or NotAction allows it, names roles one by one: who may pass any role has what the most powerful
 * role of the account has. Without a condition on `iam:PassedToService` an exact role is an advisory, since the role's trust policy
 * bounds it too. Judged together with the document's unconditional Denies, so that a Deny of all but exact roles will do.
 */
export const passRoleExact = resourceRule({
  id: "iam-pass-role-exact",
  title: "Roles passed one by one",
  sentence: "Every policy document that allows iam:PassRole names the roles that may be passed.",
  severity: "high",
  level: "mandatory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  reads: DOCUMENT_READS,
  check: (subject) =>
    attachedDocuments(subject).flatMap(({ path, value }): readonly Finding[] => {
      const document = readDocument(value);
      if (document.kind === "unknown") return [undecided(path)];
      if (document.kind !== "document") return [];
      const passing = document.statements.filter(allowsPassing);
      return [
        ...passing.flatMap((statement) =>
          judge(path, statement, document.statements, partitionOf(subject.region)),
        ),
        ...undecidedParts(path, document.unknown),
      ];
    }),
});

function judge(
  path: string,
  statement: Statement,
  all: readonly Statement[],
  home: string,
): readonly Finding[] {
  const inexact = inexactRoles(statement);
  const denies = all.filter(({ effect }) => effect === "Deny");
  const left = inexact.filter((pattern) =>
    reaches({ ...statement, resource: [pattern] }, pattern, denies, home),
  );
  const open = statement.notResource !== undefined && reaches(statement, "*", denies, home);
  if (left.length > 0 || open) {
    const where = open ? "all roles but some" : left.map(shown).join(", ");
    return [
      violation(
        `${path} lets roles be passed that it does not name: ${namesOf([statement])} allows iam:PassRole on ${where}. ${REMEDY}`,
      ),
    ];
  }
  const exact = (statement.resource ?? []).some(isOfRole);
  if (!exact || inexact.length > 0 || namesService(statement)) return [];
  return [
    advisory(
      `${path} does not say to which service the roles of ${namesOf([statement])} may be passed. Add a condition on iam:PassedToService.`,
    ),
  ];
}

function allowsPassing({ effect, action, notAction }: Statement): boolean {
  if (effect !== "Allow") return false;
  return (
    actionPatterns(action)?.matches(PASS_ROLE) === true ||
    actionPatterns(notAction)?.matches(PASS_ROLE) === false
  );
}

function inexactRoles({ resource }: Statement): readonly string[] {
  return (resource ?? []).filter((pattern) => /[*?]|\$\{/.test(pattern) && isOfRole(pattern));
}

/** Whether the pattern could take in the ARN of a role. */
function isOfRole(pattern: string): boolean {
  const { everything, complete, segments } = arnPattern(pattern, "open");
  if (everything || !complete) return true;
  const [, service, , , resource] = segments;
  const literal = resource.split(/[*?]/)[0] ?? "";
  const kind = literal.slice(0, "role/".length);
  return actionPatterns([service])?.matches("iam") === true && "role/".startsWith(kind);
}

// Whether something of the pattern is left beside the Denies: its own text with the wildcards filled in, for several fillings.
function reaches(statement: Statement, pattern: string, denies: readonly Statement[], home: string): boolean {
  const { everything, segments } = arnPattern(pattern, "open");
  const name =
    everything || !segments[4].includes("/") ? "{name}" : filled(segments[4]).replace(/^role\//, "");
  const canary: Canary = { action: "iam:PassRole", resource: `role/${name}`, regional: false };
  return evaluate(permissionsOf([{ ...statement, conditions: [] }, ...denies], home), canary) !== undefined;
}

function filled(resource: string): string {
  return resource.replace(/\*+/, "{name}").replaceAll("*", "").replaceAll("?", "0");
}

function namesService({ conditions }: Statement): boolean {
  // A condition that a service of no such name would meet says nothing.
  return conditions.some(
    (condition) =>
      condition.key === "iam:passedtoservice" &&
      holds(condition, { "iam:passedtoservice": "zzcanary.amazonaws.com" }) !== true,
  );
}

// An ARN is no secret, but only what looks like one is told.
function shown(pattern: string): string {
  return /^[\w+=,.@:/*?${}-]{1,160}$/.test(pattern) ? pattern : "a pattern";
}

import { resourceRule } from "../rule";
import { DOCUMENT_READS } from "./attached";
import type { Statement } from "./document";
import { type Canary, evaluate, type Permissions } from "./evaluate";
import { judgeGranted, namesOf } from "./granted";

const REMEDY = "Name the actions that are used, and the ARNs they are used on.";

/** An action of a service that does not exist: only what allows every service allows it. */
const ANY_SERVICE: Canary = { action: "zzcanary:UseAnything", resource: "thing/{name}" };

/** The administration of permissions, which sets an administrator apart from a power user. */
const ADMINISTRATION: readonly Canary[] = [
  { action: "iam:CreateUser", resource: "user/{name}", regional: false },
  { action: "iam:CreateRole", resource: "role/{name}", regional: false },
  {
    action: "iam:PutRolePolicy",
    resource: "role/{name}",
    regional: false,
    context: { "iam:permissionsboundary": null },
  },
];

/** Quick to say no: only NotAction, or a pattern that begins with a wildcard, takes in a service that it does not name. */
export function mayAllowEveryService({ effect, action, notAction }: Statement): boolean {
  return (
    effect === "Allow" &&
    (notAction !== undefined || action?.some((pattern) => /^\s*[*?]/.test(pattern)) === true)
  );
}

/** The statements that allow every service, `undefined` where some service is left out of them. */
export function allowsEveryService(permissions: Permissions): readonly Statement[] | undefined {
  return evaluate(permissions, ANY_SERVICE)?.statements;
}

/** The statements that allow to administer permissions. */
export function allowsAdministration(permissions: Permissions): readonly Statement[] | undefined {
  const verdicts = ADMINISTRATION.map((canary) => evaluate(permissions, canary));
  if (verdicts.some((verdict) => verdict === undefined)) return undefined;
  return verdicts.flatMap((verdict) => verdict?.statements ?? []);
}

/**
 * By meaning: also `*:*`, NotAction with little in it, and all of it split over statements. A document that leaves the administration of
 * permissions out is one of a power user (`iam-no-power-user-access`).
 */
export const noAdminStatement = resourceRule({
  id: "iam-no-admin-statement",
  title: "No policy document for an administrator",
  sentence: "No policy document allows every action of every service.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  standards: ["IAM.1"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1",
  reads: DOCUMENT_READS,
  check: (subject) =>
    judgeGranted(subject, (statements, ready) => {
      if (!statements.some(mayAllowEveryService)) return [];
      const permissions = ready();
      const everything = allowsEveryService(permissions);
      const administration = allowsAdministration(permissions);
      if (everything === undefined || administration === undefined) return [];
      return [
        `allows every action of every service: ${namesOf([...everything, ...administration])}. ${REMEDY}`,
      ];
    }),
});

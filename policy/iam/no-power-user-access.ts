import { resourceRule } from "../rule";
import { ARN_AND_DOCUMENT_READS } from "./attached";
import { refuseAttached } from "./attached-policies";
import { judgeGranted, namesOf } from "./granted";
import { allowsAdministration, allowsEveryService, mayAllowEveryService } from "./no-admin-statement";

const REMEDY = "Grant the actions that are used on the ARNs they are used on.";

/** The managed policy by its ARN, and documents that allow every service but the administration of permissions. */
export const noPowerUserAccess = resourceRule({
  id: "iam-no-power-user-access",
  title: "No PowerUserAccess",
  sentence:
    "No principal has the managed policy PowerUserAccess, or a document that allows every service as it does.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
  reads: ARN_AND_DOCUMENT_READS,
  check: (subject) => [
    ...refuseAttached(subject, ({ name }) =>
      name === "PowerUserAccess"
        ? `It allows every service but the administration of permissions. ${REMEDY}`
        : undefined,
    ),
    ...judgeGranted(subject, (statements, ready) => {
      if (!statements.some(mayAllowEveryService)) return [];
      const permissions = ready();
      const everything = allowsEveryService(permissions);
      if (everything === undefined || allowsAdministration(permissions) !== undefined) return [];
      return [
        `allows every service, as PowerUserAccess does, also those that AWS has yet to make: ${namesOf(everything)}. ${REMEDY}`,
      ];
    }),
  ],
});

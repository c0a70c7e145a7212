import { resourceRule } from "../rule";
import { ARN_READS } from "./attached";
import { refuseAttached } from "./attached-policies";

const REMEDY =
  "Grant the actions that are used on the ARNs they are used on; give people administration by a role that they take only when they need it.";

/** The managed policy by its ARN; documents that amount to it are judged by `iam-no-admin-statement`. */
export const noAdministratorAccess = resourceRule({
  id: "iam-no-administrator-access",
  title: "No AdministratorAccess",
  sentence: "No principal has the managed policy AdministratorAccess.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  reads: ARN_READS,
  check: (subject) =>
    refuseAttached(subject, ({ name }) =>
      name === "AdministratorAccess" ? `It allows everything, SageMaker with the rest. ${REMEDY}` : undefined,
    ),
});

import { resourceRule } from "../rule";
import { DOCUMENT_READS } from "./attached";
import type { Statement } from "./document";
import { judgeGranted, namesOf } from "./granted";
import { actionPatterns, arnPattern } from "./patterns";

const REMEDY =
  "Name the actions that are used; a wildcard after a verb, such as sagemaker:Describe*, is fine.";

/**
 * Actions that no service has, one for each common verb. What allows most of them allows the service by wildcards, whether it says
 * `s3:*`, `s3:?*` or a pattern for each verb; a list of real actions allows none of them.
 */
const VERBS = ["Create", "Delete", "Put", "Update", "Get", "List", "Describe", "Zzcanary"];
const MADE_UP = VERBS.map((verb) => `${verb}zzcanary`.toLowerCase());
const TOO_MANY = 6;

/**
 * By meaning, statement by statement, on whatever resources, as the control has it. What an unconditional Deny of the same document takes
 * back on all resources does not count. Allows of every service are the matter of `iam-no-admin-statement`, unless NotAction makes them.
 */
export const noServiceWildcard = resourceRule({
  id: "iam-no-service-wildcard",
  title: "No whole service in a policy document",
  sentence: "No policy document allows every action of a service.",
  severity: "high",
  level: "mandatory",
  group: "iam",
  standards: ["IAM.21"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21",
  reads: DOCUMENT_READS,
  check: (subject) =>
    judgeGranted(subject, (statements) => {
      const denies = statements.filter(deniesOnEverything).map(actionsOf);
      return statements.flatMap((statement) => {
        if (statement.effect !== "Allow" || !hasWildcard(statement)) return [];
        const allows = actionsOf(statement);
        const whole = servicesOf(statement).filter((service) => {
          const left = MADE_UP.map((action) => `${service}:${action}`).filter(
            (action) => allows(action) && !denies.some((denied) => denied(action)),
          );
          return left.length >= TOO_MANY;
        });
        if (whole.length === 0) return [];
        return [`allows every action of ${whole.map(nameOf).join(", ")}: ${namesOf([statement])}. ${REMEDY}`];
      });
    }),
});

// A service that does not exist stands for those that NotAction does not name.
const UNNAMED = "zzcanary";

function nameOf(service: string): string {
  return service === UNNAMED ? "all services that its NotAction does not name" : service;
}

function hasWildcard({ action, notAction }: Statement): boolean {
  return notAction !== undefined || action?.some((pattern) => /[*?]/.test(pattern)) === true;
}

function servicesOf({ action, notAction }: Statement): readonly string[] {
  const named = (action ?? []).map((pattern) => pattern.trim().toLowerCase().split(":")[0] ?? "");
  const services = [...new Set(named)].filter((service) => /^[a-z0-9-]+$/.test(service));
  return notAction === undefined ? services : [...services, UNNAMED];
}

function actionsOf({ action, notAction }: Statement): (wanted: string) => boolean {
  const included = actionPatterns(action);
  const excluded = actionPatterns(notAction);
  return (wanted) => included?.matches(wanted) === true || excluded?.matches(wanted) === false;
}

function deniesOnEverything({ effect, conditions, resource }: Statement): boolean {
  if (effect !== "Deny" || conditions.length > 0) return false;
  return resource?.some((pattern) => arnPattern(pattern, "closed").everything) === true;
}

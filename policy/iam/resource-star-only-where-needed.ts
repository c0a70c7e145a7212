import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { actionsMatching } from "./actions";
import { attachedDocuments, DOCUMENT_READS } from "./attached";
import type { Condition } from "./conditions";
import { readDocument, type Statement } from "./document";
import { namesOf, undecidedParts } from "./granted";
import { arnPattern } from "./patterns";

const REMEDY =
  'Name the ARNs, and keep "Resource": "*" for the actions that have no resource, in a statement of their own.';

/**
 * Only some actions have no resource to name, such as ecr:GetAuthorizationToken; the pack has a list of them (`actions.json`). A condition
 * on a tag or the account of the resource, or on a key of the service's own such as `cloudwatch:namespace`, bounds a statement as an ARN
 * does. Services and actions that are not in the list are told as an advisory.
 */
export const resourceStarOnlyWhereNeeded = resourceRule({
  id: "iam-resource-star-only-where-needed",
  title: "Resources named where there are any",
  sentence: 'Every policy document allows actions on "Resource": "*" only where they have no resource.',
  severity: "medium",
  level: "production",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
  reads: DOCUMENT_READS,
  check: (subject) =>
    attachedDocuments(subject).flatMap(({ path, value }): readonly Finding[] => {
      const document = readDocument(value);
      if (document.kind === "unknown") return [undecided(path)];
      if (document.kind !== "document") return [];
      return [
        ...document.statements.flatMap((statement) => judge(path, statement)),
        ...undecidedParts(path, document.unknown),
      ];
    }),
});

function judge(path: string, statement: Statement): readonly Finding[] {
  if (statement.effect !== "Allow" || !namesNoResource(statement)) return [];
  const where = `${path} allows more than it names: ${namesOf([statement])}`;
  if (statement.notAction !== undefined)
    return [violation(`${where} allows all actions but some on all resources. ${REMEDY}`)];

  const patterns = (statement.action ?? []).map((pattern) => pattern.trim());
  if (patterns.some((pattern) => /^\*+(?::\*+)?$/.test(pattern)))
    return [violation(`${where} allows all actions on all resources. ${REMEDY}`)];

  const open = patterns.filter((pattern) => !isBounded(pattern, statement.conditions));
  const matching = open.map(actionsMatching);
  const named = [
    ...new Set(matching.flatMap((actions) => actions.filter(({ hasResource }) => hasResource))),
  ].map(({ name }) => name);
  const unlisted = matching.filter((actions) => actions.length === 0);
  return [
    ...(named.length === 0
      ? []
      : [
          violation(
            `${where} allows ${some(named)} on all resources, and there are resources to name. ${REMEDY}`,
          ),
        ]),
    ...(unlisted.length === 0
      ? []
      : [
          advisory(
            `${path}: ${namesOf([statement])} allows ${unlisted.length} action(s) on all resources that this pack has not in its list, so nobody has looked whether there are resources to name.`,
          ),
        ]),
  ];
}

function namesNoResource({ resource, notResource }: Statement): boolean {
  if (notResource !== undefined) return true;
  return resource?.some((pattern) => arnPattern(pattern, "closed").everything) === true;
}

function isBounded(pattern: string, conditions: readonly Condition[]): boolean {
  const service = pattern.toLowerCase().split(":")[0] ?? "";
  return conditions.some(
    ({ operator, key, values }) =>
      !/not|null|ifexists/.test(operator) &&
      (/^aws:resource(?:tag\/|account$|orgid$|orgpaths$)/.test(key) || key.startsWith(`${service}:`)) &&
      values.length > 0 &&
      !values.some((value) => /^\*+$/.test(String(value))),
  );
}

function some(actions: readonly string[]): string {
  return actions.length <= 5
    ? actions.join(", ")
    : `${actions.slice(0, 5).join(", ")} and ${actions.length - 5} more`;
}

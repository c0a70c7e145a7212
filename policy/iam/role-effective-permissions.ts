import { type Finding, undecided, violation } from "../findings";
import type { StackSubject } from "../rule";
import { stackRule } from "../rule";
import { UNKNOWN } from "../values";
import { fullAccess } from "./canaries";
import { readDocument, type Statement } from "./document";
import { permissionsOf } from "./evaluate";
import { describeFullAccess } from "./full-access-message";
import { partitionOf } from "./granted";
import { GRANT_INSTEAD } from "./no-sagemaker-full-access";
import { type Given, joinPrincipals, POLICY, PRINCIPAL_READS, type Principal, targets } from "./principals";

/**
 * All documents of a role, user or group of a stack together, since IAM adds them up: inline, customer-managed by whatever attachment, and
 * for a user those of its groups. What is split over several policies is found, and a Deny in one counts against an Allow in another.
 *
 * A permissions boundary does not make a violation go away: it grants nothing and takes nothing from the documents, and the next change
 * may drop it. Where the stack has its document, the message tells whether it would keep the power from the principal. Not seen:
 * policies of AWS, which have rules of their own, and policies, boundaries and service control policies from outside the stack.
 */
export const roleEffectivePermissions = stackRule({
  id: "iam-role-effective-permissions",
  title: "No full SageMaker access by several policies",
  sentence: "No role, user or group has policies that together amount to full access to SageMaker.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  remediation: GRANT_INSTEAD,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
  reads: PRINCIPAL_READS,
  check: (resources) => {
    const { all, unknown } = joinPrincipals(resources);
    return [
      ...all.flatMap((principal) => judge(principal, resources)),
      ...unknown.map(({ by, path }) => undecided(`${path} of the ${typeName(by)} "${by.name}"`, by.urn)),
    ];
  },
});

interface Holding {
  readonly statements: readonly Statement[];
  readonly unknown: readonly string[];
}

function judge(principal: Principal, resources: readonly StackSubject[]): readonly Finding[] {
  const { statements, unknown } = holdingOf(principal);
  const region = principal.resource?.region;
  const urn = principal.resource?.urn ?? firstGiver(principal)?.urn;
  const full = fullAccess(permissionsOf(statements, partitionOf(region)));
  const who = `${principal.kind} "${principal.name}"`;
  const open = unknown.map((what) => undecided(`${what}, which the ${who} has,`, urn));
  if (full === undefined) return open;

  const text = `The ${who} has full SageMaker access: ${describeFullAccess(full, statements)}${boundaryNote(principal, statements, resources)} ${GRANT_INSTEAD}`;
  return [violation(text, urn), ...open];
}

/** The principal's own and its groups' statements, each with the name of its policy. */
function holdingOf(principal: Principal): Holding {
  const given = [principal, ...principal.groups].flatMap((holder) => [
    ...holder.documents.map(({ by, found }) => ({ by, path: found.path, value: found.value })),
    ...holder.attachments.map(({ by, found, policy }) =>
      policy === undefined
        ? { by, path: found.path, value: found.value === UNKNOWN ? UNKNOWN : undefined }
        : { by: policy, path: "policy", value: policy.properties.policy },
    ),
  ]);
  // One policy attached twice is one policy.
  const once = new Map(given.map((entry) => [`${entry.by.urn} ${entry.path}`, entry]));

  const statements: Statement[] = [];
  const unknown: string[] = [];
  for (const { by, path, value } of once.values()) {
    const document = readDocument(value);
    const where = `${path} of the ${typeName(by)} "${by.name}"`;
    if (document.kind === "unknown") unknown.push(where);
    if (document.kind !== "document") continue;
    if (document.unknown > 0) unknown.push(`part of the ${where}`);
    statements.push(
      ...document.statements.map((statement) => ({
        ...statement,
        label: `${statement.label} of ${typeName(by)} "${by.name}"`,
      })),
    );
  }
  return { statements, unknown };
}

function boundaryNote(
  { resource }: Principal,
  statements: readonly Statement[],
  resources: readonly StackSubject[],
): string {
  const boundary = resource?.properties.permissionsBoundary;
  if (resource === undefined || boundary === undefined || boundary === null || boundary === "") return "";

  const policy = boundaryPolicy(resource, boundary, resources);
  const document = readDocument(policy?.properties.policy);
  if (policy === undefined || document.kind !== "document" || document.unknown > 0)
    return " It has a permissions boundary, which is not seen here and does not count.";
  return withinBoundary(statements, document.statements)
    ? ` Its permissions boundary "${policy.name}" would let it have that.`
    : ` Its permissions boundary "${policy.name}" keeps that from it today, but takes nothing from the policies: they are too wide as soon as it is changed or dropped.`;
}

/** Whether the boundary allows as much; what both allow is what the principal may do. */
function withinBoundary(statements: readonly Statement[], boundary: readonly Statement[]): boolean {
  const denies = statements.filter(({ effect }) => effect === "Deny");
  return fullAccess(permissionsOf([...boundary, ...denies])) !== undefined;
}

function boundaryPolicy(
  resource: StackSubject,
  boundary: unknown,
  resources: readonly StackSubject[],
): StackSubject | undefined {
  const policies = resources.filter(({ type }) => type === POLICY);
  if (boundary !== UNKNOWN) return policies.find(({ properties }) => properties.arn === boundary);
  const byUrn = new Map(policies.map((policy) => [policy.urn, policy]));
  return targets(resource, "permissionsBoundary", byUrn)[0];
}

function firstGiver({ documents, attachments }: Principal): StackSubject | undefined {
  const [first]: readonly Given[] = [...documents, ...attachments];
  return first?.by;
}

function typeName({ type }: StackSubject): string {
  return type.split(":").at(-1) ?? type;
}

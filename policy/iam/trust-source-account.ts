import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { texts } from "../settings";
import { asList, asObject, type Properties, UNKNOWN } from "../values";
import { follow } from "./attached";
import { readDocument, type Statement } from "./document";
import { namesOf, undecidedParts } from "./granted";

const REMEDY =
  'Add a condition such as "StringEquals": {"aws:SourceAccount": "<account>"}, best with "ArnLike" on aws:SourceArn.';

/**
 * Services of which AWS documents that they send aws:SourceAccount and aws:SourceArn when they take a role. EC2 and Lambda do not, so that
 * the condition would lock the role (https://github.com/prowler-cloud/prowler/issues/2810), and of others it is not known.
 *
 * - sagemaker: https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
 * - bedrock: https://docs.aws.amazon.com/bedrock/latest/userguide/cross-service-confused-deputy-prevention.html
 * - scheduler: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * - personalize: https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html
 * - vpc-flow-logs: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
const SEND_SOURCE = ["sagemaker", "bedrock", "scheduler", "personalize", "vpc-flow-logs"];

const SOURCE_KEYS = /^aws:source(?:account|arn|orgid|orgpaths)$/;

const TRUST: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws-native:iam:Role": "assumeRolePolicyDocument",
};

/** Trust policies, so that a service does not take the role for somebody else (the confused deputy). */
export const trustSourceAccount = resourceRule({
  id: "iam-trust-source-account",
  title: "Roles taken by services for this account only",
  sentence:
    "Every role that a service may take says for which account or resource, where the service tells them.",
  severity: "medium",
  level: "production",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  reads: Object.fromEntries(Object.entries(TRUST).map(([type, property]) => [type, [property]])),
  fields: {
    services: texts(
      SEND_SOURCE,
      "Services that tell account and resource when they take a role, by the first part of their principal.",
      { pattern: /^[a-z0-9-]+$/, form: "the first part of a service principal, such as sagemaker" },
    ),
  },
  check: ({ type, properties }, { services }) =>
    follow(properties, TRUST[type] ?? "").flatMap(({ path, value }): readonly Finding[] => {
      const document = readDocument(value, "trust");
      if (document.kind === "unknown") return [undecided(path)];
      if (document.kind === "malformed")
        return [violation(`${path} cannot be read as a policy: ${document.reason}. Give it as JSON.`)];
      if (document.kind === "absent") return [];
      return [
        ...document.statements.flatMap((statement) => judge(path, statement, services)),
        ...undecidedParts(path, document.unknown),
      ];
    }),
});

function judge(path: string, statement: Statement, senders: readonly string[]): readonly Finding[] {
  if (statement.effect !== "Allow") return [];
  const principal: Properties | undefined = asObject(statement.principal);
  const named = asList(principal?.Service);
  if (statement.principal === UNKNOWN || named.includes(UNKNOWN))
    return [undecided(`${path}: its principal`)];

  const open = senders.filter((sender) =>
    named.some((service) => typeof service === "string" && service.startsWith(`${sender}.`)),
  );
  if (open.length === 0 || statement.conditions.some(namesSource)) return [];
  return [
    violation(
      `${path} lets ${open.join(", ")} take the role for any account: ${namesOf([statement])} has no condition on aws:SourceAccount or aws:SourceArn. ${REMEDY}`,
    ),
  ];
}

function namesSource({ operator, key, values }: Statement["conditions"][number]): boolean {
  if (!SOURCE_KEYS.test(key) || /not|null/.test(operator)) return false;
  return values.length > 0 && !values.some((value) => typeof value === "string" && /^\*+$/.test(value));
}

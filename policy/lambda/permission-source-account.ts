import { type Finding, undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { type Properties, UNKNOWN } from "../values";
import { isBound } from "./permission-bounds";

// Their events carry no source of their own: Alexa is bounded by the skill's token.
const BOUNDED_BY_TOKEN = /^alexa-[a-z-]+\.amazon\.com$/;

// A domain: also of partitions such as aws-iso, which have suffixes of their own.
const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** Over permissions for services: a service acts for every account, so the permission must say for which (the confused deputy). */
export const permissionSourceAccount = resourceRule({
  id: "lambda-permission-source-account",
  title: "Services call for one account only",
  sentence: "A service may call a function only for a resource, an account or an organisation that is named.",
  severity: "medium",
  level: "production",
  group: "lambda",
  standards: ["Lambda.1"],
  remediation: "Set sourceArn to the ARN of the resource that calls, and with S3 sourceAccount as well.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  reads: {
    "aws:lambda/permission:Permission": [
      "principal",
      "sourceArn",
      "sourceAccount",
      "principalOrgId",
      "eventSourceToken",
    ],
  },
  check: ({ properties }) => {
    const { principal } = properties;
    if (principal === UNKNOWN) return [undecided("principal")];
    if (!isText(principal) || !SERVICE.test(principal.trim())) return [];
    return judge(principal.trim(), properties);
  },
});

function judge(principal: string, properties: Properties): readonly Finding[] {
  const { sourceArn, sourceAccount, principalOrgId, eventSourceToken } = properties;
  const byToken = BOUNDED_BY_TOKEN.test(principal);
  if (isBound("account", sourceAccount) || isBound("organisation", principalOrgId)) return [];
  if (isBound("arnOfAccount", sourceArn) || (byToken && isBound("token", eventSourceToken))) return [];

  const names = ["sourceArn", "sourceAccount", "principalOrgId", ...(byToken ? ["eventSourceToken"] : [])];
  const unknown = names.filter((name) => properties[name] === UNKNOWN);
  if (unknown.length > 0) return [undecided(unknown.join(" and "))];

  if (isText(sourceArn) && sourceArn.trim().startsWith("arn:")) {
    return [
      violation(
        "sourceArn names no account, as the ARN of a bucket never does: whoever owns the name later could call the function. Set sourceAccount as well, to the 12 digits of an account.",
      ),
    ];
  }
  return [
    violation(
      `${principal} may call the function for every AWS account. Set sourceArn to the resource that calls, or sourceAccount.`,
    ),
  ];
}

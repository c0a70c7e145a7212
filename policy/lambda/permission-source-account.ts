import { type Finding, undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { type Properties, UNKNOWN } from "../values";

// Their events carry no source of their own: Alexa is bounded by the skill's token.
const BOUNDED_BY_TOKEN = /^alexa-[a-z-]+\.amazon\.com$/;

const SERVICE = /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)$/;

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
  if (isText(sourceAccount) || isText(principalOrgId)) return [];
  if (BOUNDED_BY_TOKEN.test(principal) && isText(eventSourceToken)) return [];

  const names = ["sourceArn", "sourceAccount", "principalOrgId"];
  const unknown = names.filter((name) => properties[name] === UNKNOWN);
  const account = isText(sourceArn) ? accountIn(sourceArn) : undefined;
  if (account !== undefined && account !== "") return [];
  if (unknown.length > 0) return [undecided(unknown.join(" and "))];

  if (account === "") {
    return [
      violation(
        `sourceArn names no account, as the ARN of a bucket never does: whoever owns the name later could call the function. Set sourceAccount as well.`,
      ),
    ];
  }
  return [
    violation(
      `${principal} may call the function for every AWS account. Set sourceArn to the resource that calls, or sourceAccount.`,
    ),
  ];
}

/** The account of an ARN: empty where it has none or only a wildcard, `undefined` for what is no ARN of a single service. */
function accountIn(arn: string): string | undefined {
  const parts = arn.trim().split(":");
  if (parts[0] !== "arn" || parts.length < 6) return undefined;
  return /^\d{12}$/.test(parts[4] ?? "") ? parts[4] : "";
}

import { type Finding, undecided, violation } from "../findings";
import { isText, shown } from "../nested";
import { resourceRule } from "../rule";
import { type Properties, UNKNOWN } from "../values";
import { isBound } from "./permission-bounds";

const URL_TYPE = "aws:lambda/functionUrl:FunctionUrl";

const BOUNDS = ["principalOrgId", "sourceAccount", "sourceArn"];

/** Over permissions and function URLs. */
export const notPublic = resourceRule({
  id: "lambda-not-public",
  title: "No public functions",
  sentence: "Nobody may call a function without being named or signing in.",
  severity: "critical",
  level: "mandatory",
  group: "lambda",
  standards: ["Lambda.1"],
  remediation:
    "Name the principal, or bound it by principalOrgId, sourceAccount or sourceArn; give a function URL the authorizationType AWS_IAM.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
  reads: {
    "aws:lambda/permission:Permission": ["principal", ...BOUNDS],
    [URL_TYPE]: ["authorizationType"],
  },
  check: ({ type, properties }) => (type === URL_TYPE ? functionUrl(properties) : permission(properties)),
});

function functionUrl({ authorizationType }: Properties): readonly Finding[] {
  if (authorizationType === UNKNOWN) return [undecided("authorizationType")];
  if (authorizationType === "AWS_IAM") return [];
  return [
    violation(
      `authorizationType is ${shown(authorizationType)}, so whoever knows the URL can call the function; only "AWS_IAM" is allowed. Set it, and let callers sign their requests.`,
    ),
  ];
}

function permission(properties: Properties): readonly Finding[] {
  const { principal, principalOrgId, sourceAccount, sourceArn } = properties;
  if (principal === UNKNOWN) return [undecided("principal")];
  if (!isText(principal)) return [violation("principal is no text. Name an account, a service or an ARN.")];
  if (!principal.includes("*") || isBound("arnOfAccount", principal)) return [];

  if (isBound("organisation", principalOrgId) || isBound("account", sourceAccount)) return [];
  if (isBound("arnOfAccount", sourceArn) || isBound("arnOfBucket", sourceArn)) return [];
  const unknown = BOUNDS.filter((name) => properties[name] === UNKNOWN);
  if (unknown.length > 0) return [undecided(unknown.join(" and "))];
  return [
    violation(
      `principal is ${shown(principal)} and nothing bounds it, so every AWS account can call the function. Name the principal, or set one of ${BOUNDS.join(", ")}, without a wildcard in the account, the organisation or the bucket's name.`,
    ),
  ];
}

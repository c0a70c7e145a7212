import { type Finding, undecided, violation } from "../findings";
import { isText, shown } from "../nested";
import { resourceRule } from "../rule";
import { type Properties, UNKNOWN } from "../values";

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
  const { principal } = properties;
  if (principal === UNKNOWN) return [undecided("principal")];
  if (!isText(principal)) return [violation("principal is no text. Name an account, a service or an ARN.")];
  if (principal.trim() !== "*") return [];

  const bounds = BOUNDS.map((name) => properties[name]);
  if (bounds.some((value) => isText(value) && !isEverything(value))) return [];
  if (bounds.includes(UNKNOWN)) {
    return [undecided(BOUNDS.filter((name) => properties[name] === UNKNOWN).join(" and "))];
  }
  return [
    violation(
      `principal is "*" and nothing bounds it, so every AWS account can call the function. Name the principal, or set one of ${BOUNDS.join(", ")}.`,
    ),
  ];
}

// An ARN of wildcards alone leaves everything in: `*`, `arn:*`, `arn:aws:s3:::*`.
function isEverything(bound: string): boolean {
  return /^(\*|arn:[^:]*(:\*?)*|arn:[^:]*:[^:]*:[^:]*:\*?:\*)$/.test(bound.trim());
}

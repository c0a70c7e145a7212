import type { Grant } from "../permissions";
import type { Plan } from "../plan";
import { simulatedAccountId } from "../simulated-account";

/** How ARNs are shortened for a reader of one stack. */
export interface ArnContext {
  readonly account: string;
  readonly region: string;
  /** Names that the program gives its buckets. */
  readonly buckets: ReadonlySet<string>;
}

const bucketType = "aws:s3/bucket:Bucket";
/** As the plan makes up automatic names: `<name>-` and seven hexadecimal digits. */
const automatic = /^(.+)-[0-9a-f]{7}$/;

export function arnContext({ resources, cost }: Pick<Plan, "resources" | "cost">): ArnContext {
  return {
    account: simulatedAccountId,
    region: cost.region,
    buckets: new Set(resources.filter(({ type }) => type === bucketType).map(({ name }) => name)),
  };
}

/**
 * An ARN without what goes without saying: this account, this region, and the service whose action it is about.
 * `arn:aws:sagemaker:us-east-1:123456789012:endpoint/a` → `endpoint/a`, `arn:aws:s3:::data-0a1b2c3/x` → `s3://data-…/x`.
 */
export function shortArn(text: string, service: string, context: ArnContext): string {
  const found = /^arn:[^:]*:([^:]*):([^:]*):([^:]*):(.*)$/s.exec(text);
  if (found === null) return text === "*" ? "every resource" : shortId(text);
  const [, own = "", region = "", account = "", rest = ""] = found;
  if (own === "s3") return `s3://${shortBucket(rest, context)}`;
  const where = [
    ...(region === "" || region === context.region ? [] : [region === "*" ? "any region" : region]),
    ...(account === "" || account === context.account ? [] : [account === "*" ? "any account" : account]),
  ];
  const head = own === service ? "" : `${own}:`;
  return `${head}${shortId(rest)}${where.length === 0 ? "" : ` (${where.join(", ")})`}`;
}

function shortBucket(path: string, { buckets }: ArnContext): string {
  const [bucket = "", ...key] = path.split("/");
  return [shortBucketName(bucket, buckets), ...key].join("/");
}

/** A name that AWS completes is shown as far as it is known now. */
export function shortBucketName(name: string, buckets: ArnContext["buckets"]): string {
  const known = automatic.exec(name)?.[1];
  return known !== undefined && buckets.has(known) ? `${known}-…` : name;
}

/** `key/1f2d6829-1424-4cdc-a8cd-e79b078c87d3` → `key/1f2d6829-…`. */
function shortId(text: string): string {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "$1-…");
}

const service = /^([a-z0-9.-]+?)\.amazonaws\.com(?:\.cn)?$/;

/** `lambda.amazonaws.com (limited by …)` → `lambda`; "*" is anyone. */
export function shortPrincipal(principal: string, context: ArnContext): string {
  const name = principal.replace(/ \(limited by [^)]*\)$/, "");
  if (name === "*") return "anyone";
  if (name === `arn:aws:iam::${context.account}:root` || name === context.account) return "this account";
  return service.exec(name)?.[1] ?? shortArn(name, "", context);
}

const operators: Readonly<Record<string, string>> = {
  ArnEquals: "is",
  ArnLike: "is",
  Bool: "is",
  NumericLessThan: "below",
  StringEquals: "is",
  StringLike: "is",
};

/** All of a grant's conditions as one phrase with a leading space; empty without any. */
export function shortConditions({ conditions }: Pick<Grant, "conditions">, context: ArnContext): string {
  const parts = Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => shortCondition(operator, key, values, context)),
  );
  return parts.length === 0 ? "" : ` ${parts.join(" and ").replaceAll(" and if ", " and ")}`;
}

/** "if s3:prefix is dogImages/* or pretrained/*"; conditions that mean "without TLS" in these words. */
function shortCondition(
  operator: string,
  key: string,
  values: readonly string[],
  context: ArnContext,
): string {
  const shown = values.map((value) =>
    value === context.account ? "this account" : shortArn(value, "", context),
  );
  if (operator === "Bool" && key === "aws:SecureTransport" && shown.join() === "false") return "without TLS";
  if (operator === "NumericLessThan" && key === "s3:TlsVersion")
    return `with TLS below ${shown.join(" or ")}`;
  return `if ${key} ${operators[operator] ?? operator} ${shown.join(" or ")}`;
}

import { glob } from "../iam/patterns";
import { asList, asObject, type Properties, plain, UNKNOWN } from "../values";

export type TlsVerdict =
  | { readonly kind: "enforced" }
  /** `reason` follows "the policy …". */
  | { readonly kind: "open"; readonly reason: string }
  | { readonly kind: "unknown" };

/**
 * Whether a bucket policy refuses every request without TLS: for all principals and actions, on the bucket and on its objects, in one Deny
 * statement or in several. The document may be JSON text or an object. Never throws.
 *
 * @param bucket its name; where it is not known, a name that the policy itself mentions is taken for it.
 */
export function requiresTls(document: unknown, bucket: string | undefined): TlsVerdict {
  if (document === UNKNOWN) return { kind: "unknown" };
  const parsed = typeof document === "string" ? parse(document) : document;
  if (parsed === UNKNOWN) return { kind: "unknown" };
  const statementList = element(asObject(parsed) ?? {}, "Statement");
  if (statementList === UNKNOWN) return { kind: "unknown" };
  if (statementList === undefined) {
    return { kind: "open", reason: "cannot be read as a policy document in JSON" };
  }

  const statements = asList(statementList);
  const denies = statements.flatMap((value) => {
    const statement = asObject(value);
    return statement !== undefined && element(statement, "Effect") === "Deny" ? [statement] : [];
  });
  const refusing = denies.filter(refusesPlainHttp);
  const name = bucket ?? nameIn(refusing) ?? ANY_NAME;
  const targets: readonly (readonly [string, string])[] = [
    ["the bucket itself", name],
    ["its objects", `${name}/any/object.bin`],
  ];
  const missing = targets.filter(([, target]) => !refusing.some((statement) => covers(statement, target)));

  if (missing.length === 0) return { kind: "enforced" };
  if (statements.some(hasUnknown)) return { kind: "unknown" };
  if (denies.length === 0) return { kind: "open", reason: "denies nothing" };
  if (refusing.length === 0) {
    return {
      kind: "open",
      reason:
        "has no Deny that takes in all principals and actions on the one condition that aws:SecureTransport is false",
    };
  }
  return {
    kind: "open",
    reason: `refuses plain HTTP, but not for ${missing.map(([what]) => what).join(" and ")}`,
  };
}

// For a policy that names no bucket either: what covers this one covers each.
const ANY_NAME = "any-bucket";

function refusesPlainHttp(statement: Properties): boolean {
  return everybody(statement) && everything(statement) && whenInsecure(element(statement, "Condition"));
}

function everybody(statement: Properties): boolean {
  const principal = element(statement, "Principal");
  if (principal === "*") return true;
  return asList(element(asObject(principal) ?? {}, "AWS")).includes("*");
}

function everything(statement: Properties): boolean {
  return asList(element(statement, "Action")).some(
    (action) => typeof action === "string" && /^(s3:)?\*+$/i.test(action),
  );
}

/**
 * Whether the condition holds for every request over plain HTTP. Operators and keys are all to hold, so a second one narrows it; the values of a
 * key are alternatives. `s3:TlsVersion` is absent from such a request, which satisfies only the …IfExists form.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function whenInsecure(condition: unknown): boolean {
  if (condition === undefined) return true;
  const operators = asObject(condition);
  if (operators === undefined) return false;

  return Object.entries(operators).every(([operator, keys]) =>
    Object.entries(asObject(keys) ?? { "": null }).every(([key, values]) =>
      holdsInsecure(operator.toLowerCase(), key.toLowerCase(), asList(values).map(String)),
    ),
  );
}

const IS_TRUE = ["bool", "stringequals", "stringequalsignorecase", "stringlike"];
const IS_NOT = ["stringnotequals", "stringnotequalsignorecase", "stringnotlike"];

function holdsInsecure(operator: string, key: string, values: readonly string[]): boolean {
  const name = operator.replace(/ifexists$/, "");
  if (key === "aws:securetransport") {
    if (IS_TRUE.includes(name)) return values.some((value) => value.toLowerCase() === "false");
    return IS_NOT.includes(name) && !values.some((value) => value.toLowerCase() === "false");
  }
  return key === "s3:tlsversion" && operator.endsWith("ifexists");
}

function covers(statement: Properties, target: string): boolean {
  const resource = element(statement, "Resource");
  if (resource !== undefined) return asList(resource).some((pattern) => names(pattern, target));
  const others = element(statement, "NotResource");
  return (
    others !== undefined &&
    asList(others).every((pattern) => typeof pattern === "string" && !names(pattern, target))
  );
}

// Any partition: a policy for the wrong one is refused by S3.
function names(pattern: unknown, target: string): boolean {
  if (typeof pattern !== "string") return false;
  if (/^\*+$/.test(pattern)) return true;
  const path = /^arn:[^:]*:(?:s3|\*):[^:]*:[^:]*:(.+)$/.exec(pattern)?.[1];
  return path !== undefined && glob(path, target);
}

function nameIn(statements: readonly Properties[]): string | undefined {
  const patterns = statements.flatMap((statement) => asList(element(statement, "Resource")));
  return patterns
    .flatMap((pattern) =>
      typeof pattern === "string" ? [/^arn:[^:]*:s3:::([^/*?]+)/.exec(pattern)?.[1]] : [],
    )
    .find((name) => name !== undefined);
}

function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

// IAM reads element names in any letter case in practice; more is found that way.
function element(holder: Properties, name: string): unknown {
  const key = Object.keys(holder).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : holder[key];
}

function parse(text: string): unknown {
  try {
    return plain(JSON.parse(text));
  } catch {
    // The caller says that it cannot be read; the parser's own message would quote the document.
    return undefined;
  }
}

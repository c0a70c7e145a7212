import { nearest } from "../catalog/nearest";
import { asList, asObject, type Properties, UNKNOWN } from "../values";

const VERSIONS = ["2012-10-17", "2008-10-17"];
const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
] as const;

const OPERATORS = new Set(
  [
    ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map(
      (end) => `String${end}`,
    ),
    ...["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].flatMap(
      (end) => [`Numeric${end}`, `Date${end}`],
    ),
    ...["Equals", "NotEquals", "Like", "NotLike"].map((end) => `Arn${end}`),
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
  ].map((operator) => operator.toLowerCase()),
);

/**
 * What AWS would refuse in an identity policy, each with its place, such as `statement 2 has …`. What is unknown is passed over.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function grammarProblems(document: Properties): readonly string[] {
  const { Version: version, Statement: statements } = document;
  const list = asList(statements);
  const sids = list.map((statement) => asObject(statement)?.Sid).filter((sid) => typeof sid === "string");
  return [
    ...unknownElements(document, DOCUMENT_ELEMENTS).map((problem) => `has ${problem}`),
    ...(version === undefined || version === UNKNOWN || VERSIONS.includes(String(version))
      ? []
      : [`has a "Version" other than ${VERSIONS.join(" and ")}`]),
    ...(statements !== undefined && list.length === 0 ? ["has no statement"] : []),
    ...(new Set(sids).size < sids.length ? ['has one "Sid" twice'] : []),
    ...list.flatMap((statement, index) =>
      statement === UNKNOWN
        ? []
        : statementProblems(statement).map((problem) => `has a fault in statement ${index + 1}: ${problem}`),
    ),
  ];
}

/** Whether a policy variable stands in the document, which only the newer version of the language has. */
export function usesVariables(value: unknown): boolean {
  if (typeof value === "string") return /\$\{[^}]+\}/.test(value);
  if (Array.isArray(value)) return value.some(usesVariables);
  return Object.values(asObject(value) ?? {}).some(usesVariables);
}

function statementProblems(statement: unknown): readonly string[] {
  const raw = asObject(statement);
  if (raw === undefined) return ["it is not an object"];
  const { Sid: sid, Effect: effect } = raw;
  return [
    ...unknownElements(raw, STATEMENT_ELEMENTS),
    ...(sid === undefined || sid === UNKNOWN || (typeof sid === "string" && /^[A-Za-z0-9]*$/.test(sid))
      ? []
      : ['its "Sid" is not of letters and digits only']),
    ...(effect === UNKNOWN || effect === "Allow" || effect === "Deny"
      ? []
      : ['its "Effect" is neither Allow nor Deny']),
    ...oneOf(raw, "Action", "NotAction"),
    ...oneOf(raw, "Resource", "NotResource"),
    ...texts(raw, "Action", isAction, "the form service:Action"),
    ...texts(raw, "NotAction", isAction, "the form service:Action"),
    ...texts(raw, "Resource", isResource, "an ARN or *"),
    ...texts(raw, "NotResource", isResource, "an ARN or *"),
    ...conditionProblems(raw.Condition),
  ];
}

function unknownElements(holder: Properties, known: readonly string[]): readonly string[] {
  return Object.keys(holder)
    .filter((key) => !known.includes(key))
    .map((key) => {
      if (/^(?:Not)?Principal$/i.test(key)) return `a "${key}", which only policies of resources have`;
      const shown = /^\w{1,40}$/.test(key) ? `an element "${key}"` : "an element of an odd name";
      const meant = nearest(key, known, 3);
      return `${shown} that no policy has${meant === undefined ? "" : `; "${meant}" may be meant`}`;
    });
}

function oneOf(raw: Properties, name: string, negated: string): readonly string[] {
  if (raw[name] !== undefined && raw[negated] !== undefined)
    return [`it has both "${name}" and "${negated}"`];
  return raw[name] === undefined && raw[negated] === undefined
    ? [`it has neither "${name}" nor "${negated}"`]
    : [];
}

function texts(
  raw: Properties,
  name: string,
  fits: (text: string) => boolean,
  form: string,
): readonly string[] {
  const value = raw[name];
  if (value === undefined) return [];
  const entries = asList(value).filter((entry) => entry !== UNKNOWN);
  if (asList(value).length === 0) return [`its "${name}" is empty`];
  const wrong = entries.filter((entry) => typeof entry !== "string" || !fits(entry));
  return wrong.length === 0
    ? []
    : [`${wrong.length} of its "${name}" ${wrong.length === 1 ? "has" : "have"} not ${form}`];
}

function isAction(text: string): boolean {
  return text === "*" || /^(?:\*|[A-Za-z0-9-]+):[\w*?]+$/.test(text);
}

function isResource(text: string): boolean {
  return text === "*" || /^arn:[^\s]+$/.test(text) || text.startsWith("${");
}

function conditionProblems(condition: unknown): readonly string[] {
  if (condition === undefined || condition === UNKNOWN) return [];
  const operators = asObject(condition);
  if (operators === undefined) return ['its "Condition" is not an object'];
  return Object.entries(operators).flatMap(([operator, keys]) => {
    const plain = operator
      .toLowerCase()
      .replace(/^for(?:allvalues|anyvalue):/, "")
      .replace(/ifexists$/, "");
    if (!OPERATORS.has(plain)) {
      const shown = /^[\w:]{1,60}$/.test(operator) ? `"${operator}"` : "an operator of an odd name";
      return [`its "Condition" has ${shown}, which is no operator`];
    }
    const named = asObject(keys);
    if (keys === UNKNOWN) return [];
    return named === undefined || Object.keys(named).length === 0
      ? [`its "Condition" names no key under "${operator}"`]
      : [];
  });
}

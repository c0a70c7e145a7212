import { asList, asObject, type Properties, UNKNOWN } from "../values";
import { glob } from "./patterns";

/** One key of a statement's Condition. */
export interface Condition {
  /** In lower case, such as `stringequalsifexists`. */
  readonly operator: string;
  /** In lower case, such as `iam:passedtoservice`. */
  readonly key: string;
  readonly values: readonly unknown[];
}

/** What a request says under some condition keys, in lower case; `null` is a key that it does not send. Others are open. */
export type RequestContext = Readonly<Record<string, string | null>>;

/** The conditions of a statement; one entry of no operator stands for what cannot be read. */
export function readConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  const operators = asObject(value);
  if (operators === undefined) return [{ operator: "", key: "", values: [value] }];

  return Object.entries(operators).flatMap(([operator, keys]) => {
    const name = operator.toLowerCase();
    const byKey: Properties | undefined = asObject(keys);
    if (byKey === undefined) return [{ operator: name, key: "", values: [keys] }];
    return Object.entries(byKey).map(([key, values]) => ({
      operator: name,
      key: key.toLowerCase(),
      values: asList(values),
    }));
  });
}

/**
 * Whether the condition holds in the context, or `undefined` where the context leaves it open: for an Allow that may be so, for a Deny it
 * need not be. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function holds({ operator, key, values }: Condition, context: RequestContext): boolean | undefined {
  const got = context[key];
  if (got === undefined) return undefined;
  if (values.some((value) => value === UNKNOWN)) return undefined;

  const forAll = operator.startsWith("forallvalues:");
  const ifExists = operator.endsWith("ifexists");
  const name = operator.replace(/^for(?:allvalues|anyvalue):/, "").replace(/ifexists$/, "");
  if (name === "null") return values.some((value) => String(value).toLowerCase() === String(got === null));

  const negated = NEGATED[name];
  const compare = COMPARISONS[negated ?? name];
  if (compare === undefined) return undefined;
  if (got === null) return ifExists || forAll || negated !== undefined;

  const texts = values.map(String);
  // A policy variable may come to be any text.
  if (texts.some((text) => text.includes("${"))) return undefined;
  const matched = texts.some((text) => compare(text, got));
  return negated === undefined ? matched : !matched;
}

const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: "stringequals",
  stringnotequalsignorecase: "stringequalsignorecase",
  stringnotlike: "stringlike",
  arnnotequals: "arnequals",
  arnnotlike: "arnlike",
};

const COMPARISONS: Readonly<Record<string, (pattern: string, text: string) => boolean>> = {
  stringequals: (wanted, got) => wanted === got,
  stringequalsignorecase: (wanted, got) => wanted.toLowerCase() === got.toLowerCase(),
  stringlike: glob,
  arnequals: glob,
  arnlike: glob,
};

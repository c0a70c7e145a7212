import { asList, asObject, type Properties, plain, UNKNOWN } from "../values";

/** One statement, its elements as lists; an absent element is `undefined`, which IAM tells apart from an empty one. */
export interface Statement {
  /** `Sid`, or `statement 3`, for messages; nothing else of a document is ever echoed. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly action: readonly string[] | undefined;
  readonly notAction: readonly string[] | undefined;
  readonly resource: readonly string[] | undefined;
  readonly notResource: readonly string[] | undefined;
  readonly conditional: boolean;
}

export type PolicyDocument =
  | {
      readonly kind: "document";
      readonly statements: readonly Statement[];
      readonly problems: readonly string[];
      /** Elements that only a deployment will tell. They grant nothing here. */
      readonly unknown: number;
    }
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "absent" };

/**
 * Reads an identity policy: a JSON string or an object (the provider takes both), one statement or a list, one value or a list.
 * Element names are read in any letter case: more is found that way, and nothing is lost. Never throws.
 */
export function readDocument(value: unknown): PolicyDocument {
  if (value === UNKNOWN) return { kind: "unknown" };
  if (value === undefined || value === null || value === "") return { kind: "absent" };

  const parsed = typeof value === "string" ? parseJson(value) : { value };
  if (parsed === undefined) return { kind: "malformed", reason: "it is not valid JSON" };

  const document = asObject(parsed.value);
  if (document === undefined) return { kind: "malformed", reason: "it is not a JSON object" };

  const statementValue = element(document, "Statement");
  if (statementValue === UNKNOWN) return { kind: "unknown" };
  if (statementValue === undefined) return { kind: "malformed", reason: 'it has no "Statement"' };
  return readStatements(asList(statementValue));
}

function readStatements(values: readonly unknown[]): PolicyDocument {
  const statements: Statement[] = [];
  const problems: string[] = [];
  let unknown = 0;

  values.forEach((value, index) => {
    if (value === UNKNOWN) {
      unknown += 1;
      return;
    }
    const raw = asObject(value);
    const label = labelOf(raw, index);
    const effect = raw === undefined ? undefined : readEffect(element(raw, "Effect"));
    if (raw === undefined) problems.push(`${label} is not an object`);
    else if (effect === "unknown") unknown += 1;
    else if (effect === undefined) problems.push(`${label} has no "Effect" of Allow or Deny`);
    else {
      const read = readElements(raw);
      unknown += read.unknown;
      problems.push(...read.problems.map((problem) => `${label} ${problem}`));
      statements.push({ label, effect, conditional: hasCondition(raw), ...read.elements });
    }
  });
  return { kind: "document", statements, problems, unknown };
}

function readElements(raw: Properties) {
  let unknown = 0;
  const problems: string[] = [];
  const strings = (name: string): readonly string[] | undefined => {
    const value = element(raw, name);
    if (value === undefined) return undefined;

    const entries = asList(value);
    const texts = entries.filter((entry): entry is string => typeof entry === "string");
    const unknowns = entries.filter((entry) => entry === UNKNOWN).length;
    unknown += unknowns;
    if (texts.length + unknowns < entries.length) problems.push(`has something other than text in "${name}"`);
    return texts;
  };
  const elements = {
    action: strings("Action"),
    notAction: strings("NotAction"),
    resource: strings("Resource"),
    notResource: strings("NotResource"),
  };

  if (elements.action === undefined && elements.notAction === undefined) problems.push('has no "Action"');
  if (elements.resource === undefined && elements.notResource === undefined)
    problems.push('has no "Resource"');
  return { elements, problems, unknown };
}

// IAM takes "Allow" and "Deny" in this case only. A Deny spelt otherwise must not count as one; an Allow spelt otherwise may.
function readEffect(value: unknown): "Allow" | "Deny" | "unknown" | undefined {
  if (value === UNKNOWN) return "unknown";
  if (value === "Deny") return "Deny";
  return typeof value === "string" && value.toLowerCase() === "allow" ? "Allow" : undefined;
}

function hasCondition(raw: Properties): boolean {
  const condition = element(raw, "Condition");
  const operators = asObject(condition);
  return condition !== undefined && (operators === undefined || Object.keys(operators).length > 0);
}

function element(holder: Properties, name: string): unknown {
  const key = Object.keys(holder).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : holder[key];
}

function labelOf(raw: Properties | undefined, index: number): string {
  const sid = raw === undefined ? undefined : element(raw, "Sid");
  // IAM allows letters and digits; anything else is not a Sid and not worth the risk of echoing.
  return typeof sid === "string" && /^[A-Za-z0-9]{1,64}$/.test(sid)
    ? `statement ${sid}`
    : `statement ${index + 1}`;
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: plain(JSON.parse(text)) };
  } catch {
    // The caller reports it as malformed; the parser's own message would quote the document.
    return undefined;
  }
}

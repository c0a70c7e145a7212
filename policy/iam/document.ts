import { asList, asObject, type Properties, plain, UNKNOWN } from "../values";
import { type Condition, readConditions } from "./conditions";

/** One statement, its elements as lists; an absent element is `undefined`, which IAM tells apart from an empty one. */
export interface Statement {
  /** `statement Sid`, or `statement 3`, for messages. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly action: readonly string[] | undefined;
  readonly notAction: readonly string[] | undefined;
  readonly resource: readonly string[] | undefined;
  readonly notResource: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
  /** Of a trust policy. */
  readonly principal: unknown;
}

export type PolicyDocument =
  | {
      readonly kind: "document";
      readonly statements: readonly Statement[];
      readonly problems: readonly string[];
      /** Elements that only a deployment will tell. They grant nothing here. */
      readonly unknown: number;
      /** As parsed, for what looks at its grammar. */
      readonly raw: Properties;
    }
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "absent" };

/**
 * Reads a policy: a JSON string or an object (the provider takes both), one statement or a list, one value or a list. Element names are
 * read in any letter case, and an element that is there twice counts with all its values: more is found that way, and nothing is lost.
 * Never throws.
 *
 * @param kind A trust policy has a principal and no resource: the role itself is meant.
 */
export function readDocument(value: unknown, kind: DocumentKind = "identity"): PolicyDocument {
  if (value === UNKNOWN) return { kind: "unknown" };
  if (value === undefined || value === null || value === "") return { kind: "absent" };
  if (typeof value !== "string") return read(value, kind);

  const known = recent[kind].get(value);
  if (known !== undefined) return known;
  const document = read(value, kind);
  if (recent[kind].size >= RECENT) recent[kind].clear();
  recent[kind].set(value, document);
  return document;
}

type DocumentKind = "identity" | "trust";

/** A dozen rules read the same documents one after another, and none of them writes to what it gets. */
const recent: Readonly<Record<DocumentKind, Map<string, PolicyDocument>>> = {
  identity: new Map(),
  trust: new Map(),
};
const RECENT = 64;

function read(value: unknown, kind: DocumentKind): PolicyDocument {
  const parsed = typeof value === "string" ? parseJson(value) : { value };
  if (parsed === undefined) return { kind: "malformed", reason: "it is not valid JSON" };

  const raw = asObject(parsed.value);
  if (raw === undefined) return { kind: "malformed", reason: "it is not a JSON object" };

  const statements = element(raw, "Statement");
  if (statements === undefined) return { kind: "malformed", reason: 'it has no "Statement"' };
  if (asList(statements).some((statement) => statement === UNKNOWN) && asList(statements).length === 1) {
    return { kind: "unknown" };
  }
  return { ...readStatements(asList(statements), kind), raw };
}

/** A value of JSON text, `undefined` if it is none. Unknowns inside are marked. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: plain(JSON.parse(text)) };
  } catch {
    // The caller reports it as malformed; the parser's own message would quote the document.
    return undefined;
  }
}

/** What `holder` has under the name in any letter case; several such keys give their values in one list. */
export function element(holder: Properties, name: string): unknown {
  const keys = Object.keys(holder).filter((candidate) => isNamed(candidate, name));
  const [only] = keys;
  if (only === undefined) return undefined;
  return keys.length === 1 ? holder[only] : keys.flatMap((key) => asList(holder[key]));
}

function isNamed(candidate: string, name: string): boolean {
  if (candidate === name) return true;
  return candidate.length === name.length && candidate.toLowerCase() === name.toLowerCase();
}

function readStatements(values: readonly unknown[], kind: DocumentKind) {
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
      const read = readElements(raw, kind);
      unknown += read.unknown;
      problems.push(...read.problems.map((problem) => `${label} ${problem}`));
      // Of what is left out from an unknown list nothing can be said, neither for an Allow nor for a Deny.
      if (read.exceptionUnknown) return;
      const conditions = readConditions(element(raw, "Condition"));
      statements.push({ label, effect, conditions, principal: element(raw, "Principal"), ...read.elements });
    }
  });
  return { kind: "document" as const, statements, problems, unknown };
}

function readElements(raw: Properties, kind: DocumentKind) {
  let unknown = 0;
  let exceptionUnknown = false;
  const problems: string[] = [];
  const strings = (name: string): readonly string[] | undefined => {
    const value = element(raw, name);
    if (value === undefined) return undefined;

    const entries = asList(value);
    const texts = entries.filter((entry): entry is string => typeof entry === "string");
    const unknowns = entries.filter((entry) => entry === UNKNOWN).length;
    unknown += unknowns;
    exceptionUnknown ||= unknowns > 0 && name.startsWith("Not");
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
  if (kind === "identity" && elements.resource === undefined && elements.notResource === undefined)
    problems.push('has no "Resource"');
  return { elements, problems, unknown, exceptionUnknown };
}

// IAM takes "Allow" and "Deny" in this case only. A Deny spelt otherwise must not count as one; an Allow spelt otherwise may.
function readEffect(value: unknown): "Allow" | "Deny" | "unknown" | undefined {
  if (value === UNKNOWN) return "unknown";
  if (value === "Deny") return "Deny";
  return typeof value === "string" && value.toLowerCase() === "allow" ? "Allow" : undefined;
}

function labelOf(raw: Properties | undefined, index: number): string {
  const sid = raw === undefined ? undefined : element(raw, "Sid");
  // IAM allows letters and digits; anything else is not a Sid and not worth the risk of echoing.
  return typeof sid === "string" && /^[A-Za-z0-9]{1,64}$/.test(sid)
    ? `statement ${sid}`
    : `statement ${index + 1}`;
}

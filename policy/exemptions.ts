import { advisory, type Finding, violation } from "./findings";
import type { Field } from "./settings";
import { asObject } from "./values";

/** One resource that one rule lets pass for a while, and why. */
export interface Exemption {
  /** Name or URN of the resource; `*` stands for any text. `stack` is a stack rule's finding about no single resource. */
  readonly resource: string;
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

const KEYS = ["resource", "reason", "until"];

/** The setting `exempt` that every rule has. */
export const exempt: Field<readonly Exemption[]> = {
  default: [],
  description:
    "Resources that the rule lets pass until a day, each with a reason. Afterwards they violate it.",
  schema: {
    type: "array",
    items: {
      type: "object",
      required: KEYS,
      additionalProperties: false,
      properties: {
        resource: { type: "string", minLength: 1, description: "Name or URN; * stands for any text." },
        reason: { type: "string", minLength: 10, description: "Why, for those who read the report." },
        until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "Last day, UTC." },
      },
    },
  },
  read: (value) => {
    if (!Array.isArray(value)) return { value: [], problems: [" is no list of exemptions"] };

    const results = value.map((entry, index) => ({ entry, problem: problemOf(entry), index }));
    return {
      value: results.filter(({ problem }) => problem === undefined).map(({ entry }) => entry as Exemption),
      problems: results.flatMap(({ problem, index }) =>
        problem === undefined ? [] : [`[${index}] ${problem}`],
      ),
    };
  },
};

/**
 * The findings on one resource under its exemptions: a violation becomes an advisory that tells reason and end; after the last day it
 * stays a violation and says that its exemption has ended. What is undecided or advisory stays as it is.
 */
export function applyExemptions(
  findings: readonly Finding[],
  resource: { readonly name: string; readonly urn: string },
  exemptions: readonly Exemption[],
  today: string,
): readonly Finding[] {
  const fitting = exemptions.filter(
    ({ resource: pattern }) => matches(pattern, resource.name) || matches(pattern, resource.urn),
  );
  const holding = fitting.find(({ until }) => until >= today);
  const ended = fitting.map(({ until }) => until).sort();

  return findings.map((finding) => {
    if (finding.kind !== "violation" || fitting.length === 0) return finding;
    return holding === undefined
      ? violation(
          `${finding.text} Its exemption ended on ${ended.at(-1)}: mend it, or renew the exemption with a reason.`,
          finding.urn,
        )
      : advisory(
          `Exempt until ${holding.until}: ${holding.reason.trim().replace(/[.\s]*$/, ".")} Otherwise: ${finding.text}`,
          finding.urn,
        );
  });
}

function problemOf(entry: unknown): string | undefined {
  const raw = asObject(entry);
  if (raw === undefined) return "is no object with resource, reason and until";
  const unknown = Object.keys(raw).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) return "has a key beside resource, reason and until";
  if (typeof raw.resource !== "string" || raw.resource === "") return "names no resource";
  if (typeof raw.reason !== "string" || raw.reason.trim().length < 10)
    return "has no reason of at least 10 characters";
  if (typeof raw.until !== "string" || !isDay(raw.until)) return "has no until of the form YYYY-MM-DD";
  return undefined;
}

/** Whether the calendar has the day `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-31 parses in some engines as a day in March.
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return pattern === text;

  const [first = "", ...rest] = parts;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest.slice(0, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  const last = rest.at(-1) ?? "";
  return text.length - from >= last.length && text.endsWith(last);
}

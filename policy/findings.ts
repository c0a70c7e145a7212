import type { ReportViolation } from "@pulumi/policy";

/**
 * What a rule found. A `violation` counts at the rule's level. `undecided` is what only a deployment will tell, and an `advisory`
 * is worth knowing: neither blocks, whatever the level.
 */
export interface Finding {
  readonly kind: "violation" | "undecided" | "advisory";
  /** What is wrong, the value where it is no secret, what is allowed and what to do. */
  readonly text: string;
  /** Stack rules: the resource it is about. @default - the stack */
  readonly urn?: string;
}

/** How every report of something undecided begins; what looks for rules that could not run looks for this. */
export const UNDECIDED = "Not decided:";

export function violation(text: string, urn?: string): Finding {
  return { kind: "violation", text, ...(urn === undefined ? {} : { urn }) };
}

export function advisory(text: string, urn?: string): Finding {
  return { kind: "advisory", text, ...(urn === undefined ? {} : { urn }) };
}

/** @param what such as `instanceType`, or `roleArn of the model "breeds"`. */
export function undecided(what: string, urn?: string): Finding {
  const text = `${UNDECIDED} ${what} is unknown until deployment; it is checked again during the update, before the resource is created.`;
  return { kind: "undecided", text, ...(urn === undefined ? {} : { urn }) };
}

/**
 * Reports findings. The SDK takes an object with a level of its own, but types it as internal
 * (`makeReportViolationFun` in @pulumi/policy/server.js); without it an unknown value could only block or be passed over.
 */
export function reportAll(report: ReportViolation, description: string, findings: readonly Finding[]): void {
  const reportObject = report as unknown as (diagnostic: {
    message: string;
    urn: string | undefined;
    enforcementLevel: "advisory";
  }) => void;

  for (const { kind, text: whole, urn } of findings) {
    const text = shortened(whole);
    if (kind === "violation") report(text, urn);
    else reportObject({ message: `${description}\n${text}`, urn, enforcementLevel: "advisory" });
  }
}

const longestText = 4000;

/** A property may be as long as its author likes; what is wrong stands at the beginning, and what to do at the end. */
function shortened(text: string): string {
  if (text.length <= longestText) return text;
  const half = longestText / 2;
  return `${text.slice(0, half)} … ${text.length - longestText} more characters … ${text.slice(-half)}`;
}

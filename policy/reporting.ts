import type { ReportViolation } from "@pulumi/policy";

/** What a rule found on one resource; an `advisory` never blocks, whatever the rule's level. */
export interface Finding {
  readonly level: "violation" | "advisory";
  readonly text: string;
}

/**
 * Reports findings. The SDK takes an object with a level of its own, but types it as internal
 * (`makeReportViolationFun` in @pulumi/policy/server.js); without it an unknown value could only block or be passed over.
 */
export function reportAll(report: ReportViolation, description: string, findings: readonly Finding[]): void {
  const reportObject = report as unknown as (diagnostic: {
    message: string;
    enforcementLevel: "advisory";
  }) => void;

  for (const { level, text } of findings) {
    if (level === "violation") report(text);
    else reportObject({ message: `${description}\n${text}`, enforcementLevel: "advisory" });
  }
}

export function unknownFinding(what: string): Finding {
  return {
    level: "advisory",
    text: `${what} is unknown until deployment; it is checked again during the update, before the resource is created.`,
  };
}

import type { Pending } from "../../../infra/config/due";
import { type Layout, wrap } from "../../../plan/report/layout";
import { type CheckRow, findingsTable } from "../findings-table";
import type { Finding, Verdict } from "./judge";

export interface VerifyReport {
  readonly stack: string;
  readonly region: string;
  readonly findings: readonly Finding[];
  readonly notDue: readonly Pending[];
}

const marks: Readonly<Record<Verdict, string>> = { ok: "ok", failed: "FAILED", unchecked: "not checked" };

/** What a person reads: a table per endpoint. */
export function verifyText({ stack, region, findings, notDue }: VerifyReport, layout: Layout): string {
  const { paint, width } = layout;
  const endpoints = [...new Set(findings.map(({ endpoint }) => endpoint))];
  const failures = findings.filter(({ verdict }) => verdict === "failed").length;
  const color: Readonly<Record<Verdict, (text: string) => string>> = {
    ok: paint.green,
    failed: paint.red,
    unchecked: paint.yellow,
  };
  const row = ({ check, verdict, said, next }: Finding): CheckRow => ({
    check,
    mark: marks[verdict],
    color: color[verdict],
    said,
    next,
  });
  const lines = findingsTable(findings.map(row), layout);
  return `${[
    paint.bold(`${stack} in ${region}`),
    ...endpoints.flatMap((endpoint) => [
      "",
      paint.bold(`endpoint ${endpoint}`),
      ...findings
        .filter((finding) => finding.endpoint === endpoint)
        .flatMap((finding) => lines(row(finding))),
    ]),
    ...notDue.flatMap(({ name, reason, next }) => [
      "",
      ...wrap(`endpoint ${name} is not due: ${reason}`, width),
      ...wrap(next, width - 2).map((text) => `  ${paint.cyan(text)}`),
    ]),
    "",
    failures > 0
      ? paint.red(`${failures} of ${findings.length} checks failed.`)
      : findings.length === 0
        ? "No endpoint is due: there was nothing to check."
        : paint.green(
            findings.some(({ verdict }) => verdict === "unchecked")
              ? "Everything that could be checked holds."
              : `All ${findings.length} checks hold.`,
          ),
  ].join("\n")}\n`;
}

/** What a program reads. */
export function verifyJson({ stack, region, findings, notDue }: VerifyReport): string {
  const waiting = notDue.map(({ name, reason, next }) => ({ endpoint: name, reason, next }));
  return `${JSON.stringify({ stack, region, findings, notDue: waiting }, undefined, 2)}\n`;
}

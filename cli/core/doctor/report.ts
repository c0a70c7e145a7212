import { count, type Layout } from "../../../plan/report/layout";
import { type CheckRow, findingsTable } from "../findings-table";
import { type Area, areas, type Finding, type Status } from "./finding";

export interface DoctorReport {
  /** `<project>/<environment>`. */
  readonly stack: string;
  readonly region: string;
  readonly offline: boolean;
  readonly findings: readonly Finding[];
}

const headings: Readonly<Record<Area, string>> = {
  computer: "this computer",
  account: "account",
  limits: "quotas and limits",
  images: "images",
  costs: "costs",
  roles: "roles",
  leftovers: "leftovers",
};

const marks: Readonly<Record<Status, string>> = {
  ok: "ok",
  warning: "warning",
  problem: "PROBLEM",
  unchecked: "not checked",
};

/** What a person reads: one table with a heading for each area. */
export function doctorText({ stack, region, findings }: DoctorReport, layout: Layout): string {
  const { paint } = layout;
  const color: Readonly<Record<Status, (text: string) => string>> = {
    ok: paint.green,
    warning: paint.yellow,
    problem: paint.red,
    unchecked: paint.dim,
  };
  const row = ({ check, subject, status, found, expected, fix }: Finding): CheckRow => ({
    check,
    mark: marks[status],
    color: color[status],
    said: `${subject}: ${found}${expected === undefined ? "" : `. Expected: ${expected}`}`,
    next: fix,
  });
  const lines = findingsTable(findings.map(row), layout);
  return `${[
    paint.bold(`${stack} in ${region}`),
    ...areas.flatMap((area) => {
      const here = findings.filter((finding) => finding.area === area);
      return here.length === 0
        ? []
        : ["", paint.bold(headings[area]), ...here.flatMap((finding) => lines(row(finding)))];
    }),
    "",
    summary(findings, layout),
  ].join("\n")}\n`;
}

function summary(findings: readonly Finding[], { paint }: Layout): string {
  const number = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const problems = number("problem");
  const told = [
    problems === 0 ? "No problem" : count(problems, "problem"),
    ...(number("warning") === 0 ? [] : [count(number("warning"), "warning")]),
    ...(number("unchecked") === 0 ? [] : [`${number("unchecked")} not checked`]),
  ].join(", ");
  const text = `${told}, of ${count(findings.length, "check")}.`;
  return problems > 0 ? paint.red(text) : paint.green(text);
}

/** What a program reads. */
export function doctorJson({ stack, region, offline, findings }: DoctorReport): string {
  const sorted = areas.flatMap((area) => findings.filter((finding) => finding.area === area));
  return `${JSON.stringify({ stack, region, offline, findings: sorted }, undefined, 2)}\n`;
}

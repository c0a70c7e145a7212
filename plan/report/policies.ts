import type { CheckedPack, Plan } from "../plan";
import type { Verdict } from "../run-pack";
import { count, type Layout, typedNameOf, wrap } from "./layout";

type Checked = Pick<Plan, "policies" | "pack">;
type Policy = CheckedPack["policies"][number];

/** Columns that a policy's description needs to stand beside its verdict. */
const leastDescriptionWidth = 30;

/** Every policy of the pack with its verdict, then every violation with where, what and what to do. */
export function renderPolicies(
  plan: Checked,
  layout: Layout,
  { full = false }: { full?: boolean } = {},
): string[] {
  return [
    ...policyTable(plan, layout, full),
    ...(plan.policies.length === 0 ? [] : [""]),
    ...plan.policies.flatMap((verdict) => renderVerdict(verdict, layout)),
  ];
}

/** "2 checked, 1 mandatory violation (sagemaker-guard 0.1.0)". */
export function policySummary({ policies, pack }: Checked): string {
  const of = (level: Verdict["level"]) => policies.filter((verdict) => verdict.level === level).length;
  const parts = [
    [of("mandatory"), "mandatory violation"],
    [of("advisory"), "advisory violation"],
    [of("remediate"), "remediation"],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, noun]) => count(amount, noun));
  const checked = pack.policies.filter(({ level }) => level !== "disabled").length;
  return `${checked} checked, ${shown.length === 0 ? "no violation" : shown.join(", ")} (${pack.name} ${pack.version})`;
}

function policyTable({ policies, pack }: Checked, layout: Layout, full: boolean): string[] {
  const { paint, width } = layout;
  const rows = pack.policies.map((policy) => ({ policy, verdict: verdictOn(policy, policies) }));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const levels = widest(rows.map(({ policy }) => policy.level));
  const names = widest(rows.map(({ policy }) => policy.name));
  const verdicts = widest(rows.map(({ verdict }) => verdict));
  const room = width - levels - names - verdicts - 6;
  return rows.flatMap(({ policy, verdict }) => {
    const color =
      verdict === "passed" ? paint.green : policy.level === "mandatory" ? paint.red : paint.magenta;
    const description = full ? policy.description : firstSentence(policy.description);
    // A name is never cut: it is what people search for.
    if (levels + names + verdicts + 4 > width) {
      return [
        `${policy.level}  ${color(verdict)}`,
        ...wrap(policy.name, width - 2).map((line) => `  ${paint.bold(line)}`),
      ];
    }
    const line = `${policy.level.padEnd(levels)}  ${paint.bold(policy.name.padEnd(names))}  ${color(verdict)}`;
    const pad = " ".repeat(Math.max(0, verdicts - verdict.length));
    const indent = levels + names + verdicts + 6;
    if (room < leastDescriptionWidth) {
      return [line, ...(full ? wrap(description, width - 4).map((text) => `    ${paint.dim(text)}`) : [])];
    }
    const [first = "", ...more] = wrap(description, room);
    return [
      `${line}${pad}  ${paint.dim(first)}`.trimEnd(),
      ...more.map((text) => " ".repeat(indent) + paint.dim(text)),
    ];
  });
}

/** "passed", "2 violations", "1 change", "not checked". */
function verdictOn({ name, level }: Policy, verdicts: readonly Verdict[]): string {
  if (level === "disabled") return "not checked";
  const own = verdicts.filter(({ policy }) => policy === name);
  const changes = own.filter((verdict) => verdict.level === "remediate").length;
  const violations = own.length - changes;
  return (
    [
      ...(violations === 0 ? [] : [count(violations, "violation")]),
      ...(changes === 0 ? [] : [count(changes, "change")]),
    ].join(", ") || "passed"
  );
}

function firstSentence(text: string): string {
  return /^.*?[.!](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function renderVerdict(verdict: Verdict, layout: Layout): string[] {
  const { paint, width } = layout;
  const severity = verdict.severity === "unspecified" ? "" : `, ${verdict.severity}`;
  const tag = `[${verdict.level}${severity}]`;
  const tagColor = verdict.level === "mandatory" ? paint.red : paint.magenta;
  const head = wrap(`${tag} ${verdict.policy} on ${typedNameOf(verdict.urn)}`, width, "  ");
  const lines = head.map((line, index) => (index === 0 ? line.replace(tag, () => tagColor(tag)) : line));
  for (const paragraph of verdict.message.split("\n")) {
    lines.push(...wrap(paragraph, width - 4).map((line) => `    ${line}`));
  }
  if (verdict.remediationSteps !== undefined) {
    lines.push(...wrap(`To do: ${verdict.remediationSteps}`, width - 4).map((line) => `    ${line}`));
  }
  if (verdict.url !== undefined) {
    lines.push(...wrap(verdict.url, width - 4).map((line) => `    ${paint.dim(line)}`));
  }
  return [...lines, ""];
}

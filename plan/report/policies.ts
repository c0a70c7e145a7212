import type { Plan } from "../plan";
import type { Verdict } from "../run-pack";
import { count, type Layout, typedNameOf, wrap } from "./layout";

/** Every verdict with where, what and what to do; one line when there is none. */
export function renderPolicies(plan: Pick<Plan, "policies">, layout: Layout): string[] {
  if (plan.policies.length === 0) return [layout.paint.green("No violation.")];
  return plan.policies.flatMap((verdict) => renderVerdict(verdict, layout));
}

/** "2 mandatory violations, 1 advisory violation". */
export function policySummary(plan: Pick<Plan, "policies">): string {
  const of = (level: Verdict["level"]) => plan.policies.filter((verdict) => verdict.level === level).length;
  const parts = [
    [of("mandatory"), "mandatory violation"],
    [of("advisory"), "advisory violation"],
    [of("remediate"), "remediation"],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, noun]) => count(amount, noun));
  return shown.length === 0 ? "no violation" : shown.join(", ");
}

function renderVerdict(verdict: Verdict, layout: Layout): string[] {
  const { paint, width } = layout;
  const severity = verdict.severity === "unspecified" ? "" : `, ${verdict.severity}`;
  const tag = `[${verdict.level}${severity}]`;
  const tagColor = verdict.level === "mandatory" ? paint.red : paint.yellow;
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

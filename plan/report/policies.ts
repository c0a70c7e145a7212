import type { CheckedPack, Plan } from "../plan";
import type { Verdict } from "../run-pack";
import { count, type Layout, nameOf, typedNameOf, wrap } from "./layout";

type Checked = Pick<Plan, "policies" | "pack">;
type Policy = CheckedPack["policies"][number];

/** Columns that a policy's description needs to stand beside its verdict. */
const leastDescriptionWidth = 30;

/** So many passed policies are still a table that one reads. */
const mostTabled = 12;

/**
 * The policies of the pack with their verdicts, then every violation with where, what and what to do. Of a large pack only what did
 * not pass is in the table, and the rest is counted; advisory violations that say the same of several resources are told once.
 */
export function renderPolicies(
  plan: Checked,
  layout: Layout,
  { full = false }: { full?: boolean } = {},
): string[] {
  const passed = plan.pack.policies.filter((policy) => verdictOn(policy, plan.policies) === "passed");
  const large = !full && passed.length > mostTabled;
  const counted = large ? passed : [];
  // What only advises is told below in more words than a table has.
  const tabled = large
    ? plan.pack.policies.filter((policy) => !counted.includes(policy) && policy.level !== "advisory")
    : plan.pack.policies;
  const findings = full ? plan.policies.map((verdict) => [verdict] as const) : together(plan.policies);
  return [
    ...policyTable(plan.policies, tabled, layout, full),
    ...countPassed(counted, layout),
    ...(plan.policies.length === 0 ? [] : [""]),
    ...findings.flatMap((verdicts) => renderVerdicts(verdicts, layout, full)),
  ];
}

/** "passed  74 policies: compute 2, cost 13, …", by the first word of their names. */
function countPassed(passed: readonly Policy[], { paint, width }: Layout): string[] {
  if (passed.length === 0) return [];
  const groups = new Map<string, number>();
  for (const { name } of passed) {
    const group = name.split("-")[0] ?? name;
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const shares = [...groups].map(([group, amount]) => `${group} ${amount}`).join(", ");
  const text = `passed ${count(passed.length, "policy", "policies")}: ${shares}. --full lists them.`;
  return wrap(text, width, "       ").map((line, index) =>
    index === 0 ? line.replace("passed", paint.green("passed")) : line,
  );
}

type Verdicts = readonly [Verdict, ...Verdict[]];

/** Advisory verdicts of one policy with one message, where the first of them stands. */
function together(verdicts: readonly Verdict[]): readonly Verdicts[] {
  const groups = new Map<string, [Verdict, ...Verdict[]]>();
  verdicts.forEach((verdict, index) => {
    const key = verdict.level === "advisory" ? `${verdict.policy} ${verdict.message}` : String(index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [verdict]);
    else group.push(verdict);
  });
  return [...groups.values()];
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

function policyTable(
  found: readonly Verdict[],
  policies: readonly Policy[],
  layout: Layout,
  full: boolean,
): string[] {
  const { paint, width } = layout;
  const rows = policies.map((policy) => ({ policy, verdict: verdictOn(policy, found) }));
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

function renderVerdicts(verdicts: Verdicts, layout: Layout, full: boolean): string[] {
  const { paint, width } = layout;
  const [verdict] = verdicts;
  const severity = verdict.severity === "unspecified" ? "" : `, ${verdict.severity}`;
  const tag = `[${verdict.level}${severity}]`;
  const tagColor = verdict.level === "mandatory" ? paint.red : paint.magenta;
  const places = placesOf(verdicts);
  const head = wrap(`${tag} ${verdict.policy} on ${places}`, width, "  ");
  const lines = head.map((line, index) => (index === 0 ? line.replace(tag, () => tagColor(tag)) : line));
  for (const paragraph of verdict.message.split("\n")) {
    lines.push(...wrap(paragraph, width - 4).map((line) => `    ${line}`));
  }
  // What blocks is told to its end; of what only advises, the message is enough.
  if (full || verdict.level !== "advisory") {
    const { remediationSteps, url } = verdict;
    if (remediationSteps !== undefined && !verdict.message.includes(remediationSteps))
      lines.push(...wrap(`To do: ${remediationSteps}`, width - 4).map((line) => `    ${line}`));
    if (url !== undefined) lines.push(...wrap(url, width - 4).map((line) => `    ${paint.dim(line)}`));
  }
  return [...lines, ""];
}

/** "sagemaker.Model multi-model, single-model": the type once, where it is the same. */
function placesOf(verdicts: Verdicts): string {
  const urns = [...new Set(verdicts.map(({ urn }) => urn))];
  return urns
    .map((urn, index) => {
      const before = urns[index - 1];
      const name = nameOf(urn);
      const typed = typedNameOf(urn);
      const alike = before !== undefined && typedNameOf(before).split(" ")[0] === typed.split(" ")[0];
      return alike ? name : typed;
    })
    .join(", ");
}

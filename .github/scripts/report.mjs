// Tells in Markdown what preview.sh found about one stack.
//   node report.mjs <stack> <folder>
import { join } from "node:path";
import { clip, code, details, fence, prose, table } from "./markdown.mjs";
import { publish, readIfThere, readJsonIfWhole, sectionBytes } from "./runner.mjs";

/** Bytes for the violations that block; what the others take, they take from what is left. */
const blockingBytes = 9000;

function report(stack, folder) {
  const status = readJsonIfWhole(join(folder, "status.json"));
  const plan = readJsonIfWhole(join(folder, "plan.json"));
  if (status === undefined) {
    return `### ${code(stack)}: no preview\n\nThe run ended before the preview did. Its log says why.`;
  }
  const sections = [`### ${code(stack)}: ${verdict(status, plan)}`];
  const left = () => sectionBytes - Buffer.byteLength(sections.join("\n\n"));
  if (plan === undefined) {
    sections.push("There is no plan, so policies and costs are not known; the log says why.");
  } else {
    sections.push(...blocking(plan.policies), cost(plan, readJsonIfWhole(join(folder, "before.json"))));
  }
  if (status.undecided !== null && status.undecided !== 0) {
    const text = readIfThere(join(folder, "undecided.txt")) ?? "";
    sections.push(`**Undecided.** A mandatory policy has not decided:\n\n${fence(clip(text, 2500))}`);
  }
  for (const optional of plan === undefined ? [] : [others(plan.policies), dearest(plan.cost.lines)]) {
    if (optional !== undefined && Buffer.byteLength(optional) < left() - 2000) sections.push(optional);
  }
  sections.push(changes(status.preview, readIfThere(join(folder, "preview.txt")) ?? "", left() - 200));
  return sections.join("\n\n");
}

function verdict(status, plan) {
  const violations = plan?.policies.filter(({ level }) => level === "mandatory").length ?? 0;
  if (violations > 0) return `blocked by ${counted(violations, "mandatory violation")}`;
  if (status.plan !== 0) return "failed: nothing can be planned";
  if (status.preview !== 0) return `failed: the preview ended with status ${status.preview}`;
  if (status.undecided === 1) return "blocked: a mandatory policy is undecided";
  if (status.undecided !== 0) return "failed: the verdicts of the preview could not be read";
  return "may go up";
}

function blocking(verdicts) {
  const mandatory = verdicts.filter(({ level }) => level === "mandatory");
  const counts = `**Policies.** ${mandatory.length} mandatory, ${verdicts.length - mandatory.length} other.`;
  if (mandatory.length === 0) return [counts];
  const rows = mandatory.map(({ policy, urn, message }) => [
    code(policy),
    code(shortened(nameOf(urn), 80)),
    prose(shortened(message, 500)),
  ]);
  const fitting = within(rows, blockingBytes);
  const rest = rows.length - fitting.length;
  return [
    counts,
    table(["mandatory policy", "resource", "what"], fitting),
    ...(rest === 0 ? [] : [`… and ${rest} more; \`sagemaker-ops plan\` lists all.`]),
  ];
}

/** The first of these rows that together take no more than this. */
function within(rows, bytes) {
  let left = bytes;
  return rows.filter((cells) => {
    left -= Buffer.byteLength(cells.join(" | ")) + 5;
    return left >= 0;
  });
}

/** One row for each policy that does not block, with the first thing that it says. */
function others(verdicts) {
  const groups = new Map();
  for (const verdict of verdicts.filter(({ level }) => level !== "mandatory")) {
    groups.set(verdict.policy, [...(groups.get(verdict.policy) ?? []), verdict]);
  }
  if (groups.size === 0) return undefined;
  const rows = [...groups].map(([policy, group]) => [
    code(policy),
    prose(group[0].level),
    String(group.length),
    `${code(shortened(nameOf(group[0].urn), 80))}: ${prose(shortened(group[0].message, 160))}`,
  ]);
  return details("Verdicts that do not block", table(["policy", "level", "times", "first"], rows));
}

function cost({ cost: now, resources }, before) {
  const waiting = resources.filter(({ due }) => !due).length;
  const sentences = [
    `**Cost.** ${usd(now.monthly)} a month expected${difference(now.monthly, before?.cost.monthly)},`,
    `${usd(now.worstMonthly)} at worst${difference(now.worstMonthly, before?.cost.worstMonthly)};`,
    ceiling(now),
    `Prices of ${prose(now.region)}, listed up to ${prose(now.pricesAsOf ?? "an unknown day")}.`,
    ...(waiting === 0 ? [] : [`With what waits for data or a model: ${counted(waiting, "resource")}.`]),
  ];
  return sentences.join(" ");
}

function dearest(lines) {
  const rows = byComponent(lines)
    .slice(0, 10)
    .map(({ component, monthly, worst }) => [code(shortened(component, 80)), usd(monthly), usd(worst)]);
  return rows.length === 0
    ? undefined
    : details("The dearest components", table(["component", "a month", "at worst"], rows));
}

function ceiling({ ceilings, worstMonthly }) {
  const most = ceilings.monthlyUsd;
  if (most === undefined) return "no monthly ceiling.";
  return worstMonthly > most ? `**above the ceiling of ${usd(most)}.**` : `the ceiling is ${usd(most)}.`;
}

function difference(now, before) {
  if (before === undefined) return "";
  const cents = Math.round(now * 100) - Math.round(before * 100);
  if (cents === 0) return " (unchanged)";
  return ` (${cents > 0 ? "+" : "−"}${(Math.abs(cents) / 100).toFixed(2)})`;
}

function byComponent(lines) {
  const sums = new Map();
  for (const { component, monthly, worstMonthly } of lines) {
    const sum = sums.get(component) ?? { component, monthly: 0, worst: 0 };
    sums.set(component, { component, monthly: sum.monthly + monthly, worst: sum.worst + worstMonthly });
  }
  return [...sums.values()].sort(
    (one, other) => other.worst - one.worst || (one.component < other.component ? -1 : 1),
  );
}

function changes(status, text, bytes) {
  return status === 0
    ? details("What Pulumi would change", fence(clip(text, bytes), "diff"))
    : `The end of what Pulumi said:\n\n${fence(clip(text, Math.min(bytes, 6000), "end"))}`;
}

/** The name, which is the last part of a URN; a policy over the whole stack has none. */
function nameOf(urn) {
  return urn === "" ? "the stack" : (urn.split("::").at(-1) ?? urn);
}

function shortened(text, characters) {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

function usd(amount) {
  return `${amount.toFixed(2)} USD`;
}

function counted(count, what) {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

const [stack, folder] = process.argv.slice(2);
publish(stack, report(stack, folder));

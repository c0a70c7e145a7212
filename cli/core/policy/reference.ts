import type { Group, Rule } from "../../../policy/rule";
import type { Fields } from "../../../policy/settings";

const titles: Readonly<Record<Group, string>> = {
  iam: "Permissions",
  cost: "Cost",
  notebook: "Notebooks",
  endpoint: "Endpoints and models",
  training: "Training and tuning jobs",
  compute: "EC2 instances",
  network: "Networks",
  storage: "Buckets",
  lambda: "Functions",
  logs: "Logs",
  secrets: "Secrets",
};

const levels: Readonly<Record<Rule["level"], string>> = {
  mandatory: "mandatory",
  production: "advisory; mandatory in production",
  advisory: "advisory",
};

const introduction = (rules: readonly Rule[]) => `# Rules of the policy pack

\`sagemaker-guard\` has ${rules.length} rules: ${rules.filter(({ kind }) => kind === "resource").length} judge one resource at a time, before it is created; ${rules.filter(({ kind }) => kind === "stack").length} judge the stack as a whole, after a preview or an update.

- **mandatory**: a violation fails the preview, and stops an update before the resource is created.
- **advisory; mandatory in production**: it only tells, unless the configuration has the levels of
  [\`policy/profiles/production.json\`](../policy/profiles/production.json), as this project's \`prod\` stack does.
- **advisory**: it only tells.

Every rule has the setting \`exempt\`, a list of \`{ "resource", "reason", "until" }\`: resources, by name or URN, that the rule lets pass until
a day. Afterwards they violate it. How settings and exemptions are written: [policy/README.md](../policy/README.md#configure-it); their
JSON Schema: [policy-config.schema.json](schemas/policy-config.schema.json).

This page is generated from the rules; \`npm run docs\` writes it anew.
`;

/** The rule reference as Markdown: every rule by group, in the pack's order. */
export function ruleReference(rules: readonly Rule[]): string {
  const groups = groupsOf(rules);
  const contents = groups.flatMap(({ title, rules: own }) => [
    `- [${title}](#${anchor(title)})`,
    ...own.map(({ id, title: about }) => `  - [\`${id}\`](#${id}): ${inline(about)}`),
  ]);
  const chapters = groups.flatMap(({ title, rules: own }) => ["", `## ${title}`, ...own.flatMap(entry)]);
  return `${[introduction(rules), ...contents, ...chapters].join("\n")}\n`;
}

/** The rules by group, groups and rules in the pack's order. */
export function groupsOf(
  rules: readonly Rule[],
): readonly { readonly title: string; readonly rules: readonly Rule[] }[] {
  return [...new Set(rules.map(({ group }) => group))].map((group) => ({
    title: titles[group],
    rules: rules.filter((rule) => rule.group === group),
  }));
}

function entry(rule: Rule): string[] {
  const standards = (rule.standards ?? []).join(", ");
  return [
    "",
    `### ${rule.id}`,
    "",
    inline(rule.sentence),
    "",
    `- Level: ${levels[rule.level]}. Severity: ${rule.severity}.`,
    `- Looks at ${rule.kind === "stack" ? "the stack's" : "each"} ${Object.keys(rule.reads).map(typeName).join(", ")}.`,
    ...(standards === "" ? [] : [`- AWS Security Hub: ${standards}.`]),
    `- What to do: ${inline(rule.remediation)}`,
    `- Why: <${rule.url}>`,
    ...settingLines(rule.fields),
  ];
}

function settingLines(fields: Fields): string[] {
  const own = Object.entries(fields).filter(([name]) => name !== "exempt");
  if (own.length === 0) return [];
  return [
    "",
    "| setting | default | |",
    "|---|---|---|",
    ...own.map(
      ([name, { default: value, description }]) =>
        `| \`${name}\` | \`${cell(JSON.stringify(value))}\` | ${cell(inline(description))} |`,
    ),
  ];
}

/** `sagemaker.Model` of `aws:sagemaker/model:Model`. */
function typeName(type: string): string {
  const match = /^aws:([\w-]+)\/[\w-]+:(\w+)$/.exec(type);
  return match === null ? `\`${type}\`` : `\`${match[1]}.${match[2]}\``;
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, "")
    .replaceAll(" ", "-");
}

/** Text that Markdown would take for something else. */
function inline(text: string): string {
  return text.replaceAll(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;")).replaceAll("*", "\\*");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
